"""The one way in: checks, computed columns, and what is remembered of a change."""

import json
from typing import Any

import pytest

from crmcli.app import App
from crmcli.kernel.errors import UsageError
from crmcli.store.schema import TABLES

ADA = {"display_name": "Ada Lovelace", "family_name": "Lovelace", "given_name": "Ada"}


def add(app: App, table: str = "contact", **values: Any) -> int:
    with app.writing() as gate:
        return gate.insert(table, values)


def one(app: App, table: str, key: int) -> dict[str, Any]:
    row = app.store.row(f"SELECT * FROM {table} WHERE id = ?", [key])
    assert row is not None
    return row


def changes(app: App, table: str) -> list[tuple[Any, Any]]:
    rows = app.store.rows("SELECT before, after FROM change WHERE table_name = ? ORDER BY id", [table])
    return [tuple(None if text is None else json.loads(text) for text in row.values()) for row in rows]


def test_a_new_row_gets_its_uid_times_and_keys(app: App) -> None:
    row = one(app, "contact", add(app, **ADA))
    assert row["created_at"] == row["updated_at"] == "2026-11-20T10:00:00Z"
    assert row["uid"][14] == "7"
    assert (row["name_key"], row["sort_key"]) == ("ada lovelace", "lovelace ada")


def test_keys_are_never_used_again(app: App) -> None:
    first = add(app, "tag", name="a")
    with app.writing() as gate:
        gate.delete("tag", first)
    assert add(app, "tag", name="b") > first


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"display_name": None}, "display_name is missing"),
        ({"display_name": "a\0b"}, "display_name holds a NUL"),
        ({"display_name": "a\ud800"}, "not UTF-8"),
        ({"display_name": "x" * 501}, "display_name has 501 characters"),
        ({"display_name": "x", "notes": "n" * 10_000_001}, "notes has 10,000,001 characters"),
        ({"display_name": "x", "lifecycle_stage": "Lead"}, "'Lead' is not a lifecycle_stage"),
        ({"display_name": "x", "owner_id": 2**63}, "owner_id is too large a number"),
    ],
)
def test_what_a_column_cannot_hold_is_refused(app: App, values: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        add(app, **values)
    assert message in caught.value.message
    assert caught.value.hint
    assert app.store.rows("SELECT id FROM contact") == []


def test_every_text_that_fits_is_kept_whole(app: App) -> None:
    strange = "[/x] :smile: =1+1 \x1b[31m \t\n %s ? ' \" \\ 山田 🚀"
    assert one(app, "contact", add(app, display_name=strange))["display_name"] == strange


def test_an_unknown_column_is_a_mistake_of_ours(app: App) -> None:
    with pytest.raises(KeyError, match="no column shoe_size"):
        add(app, display_name="x", shoe_size=1)


def test_the_database_itself_refuses_what_the_gate_would(app: App) -> None:
    """CHECKs hold against every other program too."""
    with pytest.raises(Exception, match="refused"), app.writing() as gate:
        gate.connection.execute("INSERT INTO tag (name, name_key) VALUES (?, ?)", ["x" * 501, "y"])


def test_an_update_writes_and_journals_what_differs(app: App) -> None:
    key = add(app, **ADA)
    with app.writing() as gate:
        assert gate.update("contact", key, {"given_name": "Ada", "nickname": "Countess"})
    assert one(app, "contact", key)["nickname"] == "Countess"
    before, after = changes(app, "contact")[-1]
    assert after == {"nickname": "Countess", "updated_at": "2026-11-20T10:00:00Z"}
    assert before == {"nickname": None, "updated_at": "2026-11-20T10:00:00Z"}


def test_an_update_that_changes_nothing_leaves_no_trace(app: App) -> None:
    key = add(app, **ADA)
    with app.writing() as gate:
        assert not gate.update("contact", key, {"given_name": "Ada"})
    assert len(changes(app, "contact")) == 1
    assert app.store.value("SELECT count(*) AS n FROM operation") == 1


def test_an_update_computes_its_keys_anew(app: App) -> None:
    key = add(app, **ADA)
    with app.writing() as gate:
        gate.update("contact", key, {"family_name": "Müller"})
    assert one(app, "contact", key)["sort_key"] == "muller ada"


def test_a_removed_row_is_journalled_whole(app: App) -> None:
    contact = add(app, **ADA)
    email = add(app, "email", contact_id=contact, value="ada@engines.example")
    with app.writing() as gate:
        gate.delete("email", email)
    before, after = changes(app, "email")[-1]
    assert after is None
    assert before["value"] == "ada@engines.example"
    assert not {name for name, column in TABLES["email"].columns.items() if column.derived} & before.keys()


def test_touching_moves_updated_at_and_says_so(app: App) -> None:
    key = add(app, **ADA)
    app.close()
    app.environ = {**app.environ, "CRM_NOW": "2026-11-21T10:00:00Z"}
    app.live = True
    with app.writing() as gate:
        gate.touch("contact", key)
        gate.touch("contact", key)
    assert one(app, "contact", key)["updated_at"] == "2026-11-21T10:00:00Z"
    assert changes(app, "contact")[-1] == (
        {"updated_at": "2026-11-20T10:00:00Z"},
        {"updated_at": "2026-11-21T10:00:00Z"},
    )


def test_search_words_follow_every_change(app: App) -> None:
    def words() -> list[str]:
        return [row["text"] for row in app.store.rows("SELECT text FROM search_name ORDER BY id")]

    key = add(app, **ADA)
    assert set(words()[0].split()) == {"ada", "lovelace"}
    add(app, "email", contact_id=key, value="countess@engines.example")
    assert "countess" in words()[0]
    with app.writing() as gate:
        gate.update("contact", key, {"deleted_at": gate.now})
    assert words() == []
