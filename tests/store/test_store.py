"""Reads of one moment, transactions that write, and savepoints."""

from collections.abc import Callable

import pytest

from crmcli.app import App
from crmcli.kernel.errors import NotPermitted, UsageError
from crmcli.store.gate import Gate
from tests.conftest import Crm

MakeApp = Callable[[], App]


@pytest.fixture
def another(crm: Crm) -> MakeApp:
    """More programs over the database of `crm`."""
    return lambda: App(environ=crm.environ())


def count(app: App, table: str) -> int:
    return int(app.store.value(f"SELECT count(*) AS n FROM {table}"))


def test_rows_are_dicts(app: App) -> None:
    assert app.store.rows("SELECT ? AS a, ? AS b", ["x", "y"]) == [{"a": "x", "b": "y"}]
    assert app.store.row("SELECT 1 AS a WHERE 1 = 0") is None
    assert app.store.value("SELECT 1 AS a WHERE 1 = 0") is None


def test_a_percent_sign_is_a_percent_sign(app: App) -> None:
    assert app.store.value("SELECT '100%' AS a") == "100%"
    assert app.store.value("SELECT ? AS a WHERE 'a%b' LIKE 'a%'", ["50%s"]) == "50%s"


def test_what_a_block_writes_is_there_afterwards(app: App, another: MakeApp) -> None:
    with app.writing() as gate:
        gate.insert("tag", {"name": "vip"})
    other = another()
    assert count(other, "tag") == 1
    other.close()


def test_a_block_that_fails_writes_nothing(app: App) -> None:
    with pytest.raises(UsageError), app.writing() as gate:  # noqa: PT012
        gate.insert("tag", {"name": "vip"})
        gate.insert("tag", {"name": "\0"})
    for table in ("tag", "operation", "change", "user_account"):
        assert count(app, table) == 0


def test_after_a_failure_the_next_block_works(app: App) -> None:
    with pytest.raises(KeyError), app.writing() as gate:
        gate.fetch("tag", 99)
    with app.writing() as gate:
        gate.insert("tag", {"name": "vip"})
    assert count(app, "tag") == 1


def test_a_block_within_a_block_is_the_same_operation(app: App) -> None:
    with app.writing() as outer:
        outer.insert("tag", {"name": "a"})
        with app.writing() as inner:
            inner.insert("tag", {"name": "b"})
            assert inner is outer
    assert count(app, "operation") == 1


def test_a_block_that_fails_takes_the_inner_one_along(app: App) -> None:
    with pytest.raises(RuntimeError), app.writing():  # noqa: PT012
        with app.writing() as inner:
            inner.insert("tag", {"name": "b"})
        raise RuntimeError
    assert count(app, "tag") == 0


def test_a_savepoint_that_fails_is_undone_alone(app: App) -> None:
    with app.writing() as gate:
        gate.insert("tag", {"name": "a"})
        with pytest.raises(RuntimeError), app.store.savepoint():  # noqa: PT012
            gate.insert("tag", {"name": "b"})
            raise RuntimeError
        with app.store.savepoint():
            gate.insert("tag", {"name": "c"})
    assert [row["name"] for row in app.store.rows("SELECT name FROM tag ORDER BY id")] == ["a", "c"]
    journal = app.store.rows("SELECT after FROM change WHERE table_name = 'tag' ORDER BY id")
    assert [row["after"].count('"b"') for row in journal] == [0, 0]


def test_a_savepoint_that_fails_first_leaves_the_operation_to_the_next(app: App) -> None:
    """The operation row of a part that was undone is gone, and must be written again."""
    with app.writing() as gate:
        app.users.acting(gate)
        with pytest.raises(RuntimeError), app.store.savepoint():  # noqa: PT012
            gate.insert("tag", {"name": "b"})
            raise RuntimeError
        with app.store.savepoint():
            gate.insert("tag", {"name": "c"})
    orphans = "SELECT count(*) AS n FROM change WHERE operation_id NOT IN (SELECT id FROM operation)"
    assert app.store.value(orphans) == 0
    assert count(app, "tag") == 1


def test_a_savepoint_refused_by_the_database_is_undone_alone(app: App) -> None:
    with app.writing() as gate:
        gate.insert("tag", {"name": "a"})
        with pytest.raises(Exception, match="refused"), app.store.savepoint():
            gate.insert("tag", {"name": "A"})
        gate.insert("tag", {"name": "c"})
    assert count(app, "tag") == 2


def test_reads_of_a_command_see_one_moment(app: App, another: MakeApp) -> None:
    assert count(app, "tag") == 0
    other = another()
    with other.writing() as gate:
        gate.insert("tag", {"name": "vip"})
    other.close()
    assert count(app, "tag") == 0
    app.close()
    assert count(app, "tag") == 1


def test_writing_after_reading_sees_what_others_wrote(app: App, another: MakeApp) -> None:
    """A reading transaction that turned into a writing one would fail or lose the other's change."""
    assert count(app, "tag") == 0
    other = another()
    with other.writing() as gate:
        gate.insert("tag", {"name": "theirs"})
    other.close()
    with app.writing() as gate:
        gate.insert("tag", {"name": "ours"})
        assert count(app, "tag") == 2


def test_a_reader_may_not_write(crm: Crm, app: App) -> None:
    crm.ok("user", "add", "bob", "--role", "readonly")
    app.environ = {**app.environ, "CRM_USER": "bob"}
    with pytest.raises(NotPermitted, match="bob may read and not change"), app.writing():
        pass
    assert crm("contact", "add", "Ada", env={"CRM_USER": "bob"}).code == 6
    assert crm.json("contact", "list")["items"] == []


def test_an_interrupted_block_writes_nothing(app: App) -> None:
    def interrupted(gate: Gate) -> None:
        gate.insert("tag", {"name": "vip"})
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), app.writing() as gate:
        interrupted(gate)
    assert count(app, "tag") == 0
