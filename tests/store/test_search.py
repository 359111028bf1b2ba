"""The search index follows what was written."""

import pytest

from crmcli.app import App
from crmcli.store import names, search
from crmcli.store.schema import TABLES


def text_of(app: App, table: str, noun: str, key: int) -> str:
    rows = app.store.rows(f"SELECT text FROM {table} WHERE noun = ? AND record_id = ? ORDER BY id", [noun, key])
    return " ".join(row["text"] for row in rows)


def add(app: App, table: str, **values: object) -> int:
    with app.writing() as gate:
        return gate.insert(table, values)


def matches(app: App, table: str, *words: str) -> int:
    sql, parameters = names.matching(app.store.dialect, table, words)
    return int(app.store.value(f"SELECT count(*) AS n FROM {table} WHERE {sql}", parameters))


def test_names_and_texts_are_kept_apart(app: App) -> None:
    add(app, "contact", display_name="Ada Müller", job_title="Engineer", notes="Likes **wheels**")
    assert set(text_of(app, "search_name", "contact", 1).split()) == {"ada", "muller"}
    assert set(text_of(app, "search_text", "contact", 1).split()) == {"engineer", "likes", "wheels"}


@pytest.mark.parametrize(
    ("table", "values", "word", "index"),
    [
        ("email", {"value": "countess@engines.example"}, "countess", "search_name"),
        ("phone", {"raw": "020 7946 0958", "e164": "+442079460958"}, "442079460958", "search_name"),
        ("address", {"locality": "Zürich"}, "zurich", "search_text"),
        ("address", {"post_office_box": "Postfach 1234"}, "1234", "search_text"),
        ("url", {"value": "https://lovelace.example"}, "lovelace", "search_text"),
        ("preference", {"key": "drink", "value": "tea"}, "tea", "search_text"),
        ("external_id", {"source": "hubspot", "key": "1234"}, "1234", "search_text"),
    ],
)
def test_child_rows_are_words_of_their_contact(
    app: App, table: str, values: dict[str, str], word: str, index: str
) -> None:
    contact = add(app, "contact", display_name="Ada")
    key = add(app, table, contact_id=contact, **values)
    assert word in text_of(app, index, "contact", contact).split()
    with app.writing() as gate:
        gate.delete(table, key)
    assert word not in text_of(app, index, "contact", contact).split()


def test_what_was_said_is_found(app: App) -> None:
    add(app, "interaction", direction="inbound", channel="call", occurred_at="2026-01-01T10:00:00Z", body="Wheel stuck")
    assert text_of(app, "search_text", "interaction", 1) == "wheel stuck"
    assert matches(app, "search_text", "whe") == 1


def test_the_index_keeps_up_with_changes_and_removals(app: App) -> None:
    key = add(app, "contact", display_name="Ada Lovelace")
    assert matches(app, "search_name", "lovel") == 1
    with app.writing() as gate:
        gate.update("contact", key, {"display_name": "Ada King"})
    assert (matches(app, "search_name", "lovel"), matches(app, "search_name", "king")) == (0, 1)
    with app.writing() as gate:
        gate.update("contact", key, {"deleted_at": gate.now})
    assert matches(app, "search_name", "king") == 0
    with app.writing() as gate:
        gate.update("contact", key, {"deleted_at": None})
    assert matches(app, "search_name", "king") == 1


def test_a_long_text_is_indexed_to_its_end(app: App) -> None:
    notes = " ".join(f"word{number}" for number in range(60_000))
    key = add(app, "contact", display_name="Ada", notes=notes)
    assert app.store.value("SELECT count(*) AS n FROM search_text") == 1 + len(notes) // search.PART
    assert matches(app, "search_text", "word0", "word7") == 1
    assert matches(app, "search_text", "word59999") == 1
    with app.writing() as gate:
        gate.update("contact", key, {"notes": "short"})
    assert app.store.value("SELECT count(*) AS n FROM search_text") == 1
    assert matches(app, "search_text", "word59999") == 0


def test_misspelling_keys_are_made_once_for_each_word(app: App) -> None:
    add(app, "contact", display_name="Ada Lovelace")
    before = app.store.rows("SELECT key, word FROM search_word")
    add(app, "contact", display_name="Grace Lovelace")
    words = {row["word"] for row in app.store.rows("SELECT word FROM search_word")}
    assert {"lovelace", "grace"} <= words
    assert len([row for row in before if row["word"] == "lovelace"]) == app.store.value(
        "SELECT count(*) AS n FROM search_word WHERE word = 'lovelace'"
    )


def test_what_is_searched_are_columns(app: App) -> None:
    described = {**search.NAME_CHILDREN, **search.TEXT_CHILDREN}
    described |= {noun: (*search.NAMES.get(noun, ()), *texts) for noun, texts in search.TEXTS.items()}
    assert all(set(names) <= TABLES[table].columns.keys() for table, names in described.items())
    address = {name for name, column in TABLES["address"].columns.items() if column.kind == "text"}
    assert address == {*search.TEXT_CHILDREN["address"], "label"}
