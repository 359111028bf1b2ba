"""Which operations are in force, after undos, undos of undos, and imports in parts."""

import pytest

from crmcli.app import App
from crmcli.store import history
from crmcli.store.history import newest, not_in_force, run, standing, taken_back, undone


def journal(app: App, *commands: str, parts: dict[int, str] | None = None) -> None:
    """Write operations of these commands, each with a change; `parts` are the runs of imports by operation."""
    for number, command in enumerate(commands, 1):
        app.command = command
        with app.writing() as gate:
            gate.insert("tag", {"name": f"tag {number}"})
            if parts and number in parts:
                row = (parts[number], gate.operation(), "csv", "people.csv", gate.now)
                columns = ("run", "operation_id", "format", "name", "started_at")
                gate.connection.insert_rows("import_run", columns, [row])


@pytest.mark.parametrize(
    ("command", "key"),
    [
        ("undo op12", 12),
        ("undo op7 for op5", 7),
        ("undo", None),
        ("undo c1", None),
        ("contact undo op1", None),
        ("undo op0", None),
        ("", None),
    ],
)
def test_the_command_says_what_was_taken_back(command: str, key: int | None) -> None:
    assert undone(command) == key
    assert undone(history.undo_command(7)) == 7


def test_a_chain_of_undos(app: App) -> None:
    journal(app, "contact add", "contact edit", "undo op2", "undo op3", "undo op4")
    assert taken_back(app.store, "undo op4") == [4, 3, 2]
    assert taken_back(app.store, "contact edit") == []


@pytest.mark.parametrize(
    ("commands", "key"),
    [
        ((), None),
        (("a",), 1),
        (("a", "b"), 2),
        (("a", "undo op1"), None),
        (("a", "b", "undo op2"), 1),
        (("a", "b", "undo op1"), 2),
        (("a", "b", "undo op2", "undo op3"), 4),
        (("a", "b", "undo op2", "undo op3", "undo op4"), 1),
        (("a", "b", "undo op1", "undo op2"), None),
        (("a", "undo op1", "undo op2", "b", "undo op4"), 3),
    ],
)
def test_the_newest_in_force(app: App, commands: tuple[str, ...], key: int | None) -> None:
    journal(app, *commands)
    found = newest(app.store)
    assert (None if found is None else found["id"]) == key


@pytest.mark.parametrize(
    ("commands", "key", "stands"),
    [
        (("a", "b"), 1, (1, None)),
        (("a", "undo op1"), 1, (1, 2)),
        (("a", "undo op1"), 2, (2, None)),
        (("a", "undo op1", "undo op2"), 1, (3, None)),
        (("a", "undo op1", "undo op2"), 2, (2, 3)),
        (("a", "undo op1", "undo op2", "undo op3"), 1, (1, 4)),
        (("a", "undo op1", "undo op2", "undo op3"), 2, (4, None)),
        (("a", "undo op1", "undo op2", "undo op3", "undo op4"), 1, (5, None)),
    ],
)
def test_how_an_operation_stands(app: App, commands: tuple[str, ...], key: int, stands: tuple[int, int | None]) -> None:
    journal(app, *commands)
    assert standing(app.store, key) == stands


def test_the_parts_of_an_import_stand_together(app: App) -> None:
    journal(app, "import", "a", "import", "undo op3", "b", parts={1: "r", 3: "r"})
    assert run(app.store, 1) == run(app.store, 3) == [3, 1]
    assert run(app.store, 2) == [2]
    assert standing(app.store, 1) == (1, 4)
    operations = app.store.rows("SELECT * FROM operation")
    assert not_in_force(app.store, operations) == {1, 3, 4}


def test_what_was_brought_back_counts_as_what_it_was(app: App) -> None:
    journal(app, "a", "undo op1", "undo op2", "b", "undo op4")
    assert not_in_force(app.store, app.store.rows("SELECT * FROM operation")) == {2, 3, 4, 5}


def test_the_operation_that_changed_a_row_later(app: App) -> None:
    app.contacts.add("Ada", {"tag": ["vip"]})
    app.contacts.edit("c1", {"nickname": "a"})
    app.contacts.edit("c1", {"nickname": "b"})
    app.history.undo()
    contact = {("contact", 1)}
    assert [row["id"] for row in history.later(app.store, contact, [1])] == [2]
    assert history.later(app.store, contact, [2]) == []
    assert history.later(app.store, {("tag", 1)}, [1]) == []
    app.contacts.edit("c1", {"nickname": "c"})
    assert [row["id"] for row in history.later(app.store, contact, [1])] == [5]
    assert [row["id"] for row in history.later(app.store, contact, [1], whole=contact)] == [5, 2]
    assert [row["id"] for row in history.later(app.store, contact, [1], aside=[5])] == [2]
