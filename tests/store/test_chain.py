"""The chain of the journal: whole after any command and any erasure, broken by a change past the gate."""

from hashlib import sha256

import pytest

from crmcli.app import App
from crmcli.store import chain
from crmcli.store.chain import Break
from tests.conftest import Crm
from tests.everything import fill


def broken(app: App) -> list[Break]:
    return list(chain.breaks(app.store.connection))


def test_it_is_whole_after_commands_of_every_kind(app: App) -> None:
    fill(app)
    app.history.undo()
    assert broken(app) == []
    assert app.store.value("SELECT count(*) AS n FROM operation WHERE seal IS NULL OR digest IS NULL") == 0
    assert app.store.value("SELECT count(*) AS n FROM change WHERE salt IS NULL") == 0


def test_an_import_is_sealed(crm: Crm, app: App) -> None:
    table = "name,email\n" + "".join(f"Person {n},p{n}@engines.example\n" for n in range(3_000))
    crm.ok("import", "-", "--as", "csv", stdin=table)
    crm.ok("undo")
    assert broken(app) == []
    assert chain.head(app.store.connection) == (2, app.store.value("SELECT seal FROM operation WHERE id = 2"))


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("UPDATE change SET after = replace(after, 'Ada', 'Eve') WHERE id = (SELECT max(id) FROM change"
         " WHERE operation_id = 1)", [Break(1, "changes")]),
        ("UPDATE change SET salt = NULL WHERE id = (SELECT max(id) FROM change WHERE operation_id = 2)",
         [Break(2, "changes")]),
        ("UPDATE change SET row_id = row_id + 1 WHERE operation_id = 2", [Break(2, "changes")]),
        ("DELETE FROM change WHERE id = (SELECT max(id) FROM change WHERE operation_id = 1)", [Break(1, "changes")]),
        ("INSERT INTO change (operation_id, table_name, row_id, salt) VALUES (2, 'tag', 9, '00')",
         [Break(2, "changes")]),
        ("UPDATE change SET operation_id = 2 WHERE id = (SELECT max(id) FROM change WHERE operation_id = 1)",
         [Break(1, "changes"), Break(2, "changes")]),
        ("UPDATE change SET before = '' WHERE before IS NULL AND operation_id = 1", [Break(1, "changes")]),
        ("UPDATE operation SET actor = 'eve' WHERE id = 2", [Break(2, "seal")]),
        ("UPDATE operation SET seal = NULL WHERE id = 2", [Break(2, "seal"), Break(3, "seal")]),
        ("UPDATE operation SET id = 9 WHERE id = 4", [Break(9, "seal")]),
    ],
)  # fmt: skip
def test_tampering_is_found(crm: Crm, app: App, tampering: str, found: list[Break]) -> None:
    crm.ok("contact", "add", "Ada Lovelace")
    for title in ("Engineer", "Analyst"):
        crm.ok("contact", "edit", "c1", "--job-title", title)
    with app.writing() as gate:  # an operation without a change
        gate.operation()
    with app.store.recording() as connection:
        connection.execute(tampering)
    assert broken(app) == found


def test_an_operation_that_is_missing_is_found(crm: Crm, app: App) -> None:
    crm.ok("contact", "add", "Ada Lovelace")
    for title in ("Engineer", "Analyst"):
        crm.ok("contact", "edit", "c1", "--job-title", title)
    with app.store.recording() as connection:
        connection.execute("DELETE FROM change WHERE operation_id = 2")
        connection.execute("DELETE FROM operation WHERE id = 2")
    assert broken(app) == [Break(3, "seal")]


def test_what_is_erased_with_its_digest_left_leaves_the_chain_whole(crm: Crm, app: App) -> None:
    crm.ok("contact", "add", "Ada Lovelace", "--email", "ada@engines.example")
    changes = app.store.rows("SELECT id FROM change WHERE operation_id = 1 ORDER BY id")
    left = list(chain.digests(app.store.connection, 1))
    with app.store.recording() as connection:
        for row, one in zip(changes, left, strict=True):
            erase = "UPDATE change SET before = NULL, after = NULL, salt = NULL, digest = ? WHERE id = ?"
            connection.execute(erase, [one, row["id"]])
    assert broken(app) == []


def test_long_images_are_digested_alike(crm: Crm, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    crm.ok("contact", "add", "Ada Lovelace", "--notes", "é" * 50)
    monkeypatch.setattr(chain, "LONG", 10)
    monkeypatch.setattr(chain, "WINDOW", 2)
    assert broken(app) == []


def test_the_forms_that_databases_hold() -> None:
    """As the module says; not made by it."""
    row = {"id": 7, "uid": "0190", "at": "2026-11-20T10:00:00Z", "user_id": None, "actor": "Ada ✓",
           "command": "tag add", "digest": "d1"}  # fmt: skip
    text = r'["",7,"0190","2026-11-20T10:00:00Z",null,"Ada \u2713","tag add","d1"]'
    assert chain.sealed(None, row) == sha256(text.encode()).hexdigest()
    assert chain.sealed("5ea1", row) == sha256(text.replace('[""', '["5ea1"').encode()).hexdigest()


def test_the_digest_of_a_change(app: App) -> None:
    with app.writing() as gate:
        gate.insert("tag", {"name": "é"})
    row = app.store.row("SELECT * FROM change WHERE table_name = 'tag'")
    assert row is not None
    text = f"{row['salt']}\ntag\n1\n\n\n\n{row['after']}"
    *_, last = chain.digests(app.store.connection, 1)
    assert last == sha256(text.encode()).hexdigest()
