"""Reads of the search index: what they match, and that none of them reads more than it must."""

import pytest

from crmcli.app import App
from crmcli.store import find, names, suggestions
from crmcli.store.find import Term, entries, terms
from crmcli.store.schema import TABLES


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ada Müller", [Term(("ada",)), Term(("muller",))]),
        ('"Red Apples" x', [Term(("red", "apples"), quoted=True), Term(("x",))]),
        ("ada@engines.example", [Term(("ada", "engines", "example"))]),
        ("山田", [Term(("山", "田"))]),
        ('open "quote', [Term(("open",)), Term(("quote",), quoted=True)]),
        ("-- !!", []),
    ],
)
def test_terms(text: str, found: list[Term]) -> None:
    assert terms(text) == found


def test_a_text_has_at_most_so_many_terms() -> None:
    assert len(terms("x " * 1000)) == len(terms("x-" * 1000)[0].words) == names.MOST_WORDS


def test_the_newest_come_first_and_only_as_many_as_asked_for(app: App) -> None:
    for number in range(5):
        app.contacts.add(f"Ada {number}", {})
    found = entries(app.store, "search_name", terms("ada"), ["contact"], 3, begun=False)
    assert [entry.record_id for entry in found] == [5, 4, 3]


@pytest.mark.parametrize(("text", "begun", "whole"), [("deliv", 2, 0), ("del", 2, 0), ("delivery", 1, 1), ("de", 0, 0)])
def test_begun_words(app: App, text: str, begun: int, whole: int) -> None:
    app.contacts.add("Ada", {"notes": "delivery of wheels"})
    app.contacts.add("Eve", {"notes": "delivered at last"})
    for expected, flag in ((begun, True), (whole, False)):
        found = entries(app.store, "search_text", terms(text), ["contact"], 9, begun=flag)
        assert len(found) == (expected if app.store.dialect == "sqlite" or len(text) > 2 else 0)


def test_a_single_letter_beside_other_words_is_looked_up_in_them(app: App) -> None:
    app.contacts.add("Ada Lovelace", {})
    app.contacts.add("Ada Byron", {})
    found = entries(app.store, "search_name", terms("ada l"), ["contact"], 9, begun=True)
    assert [entry.record_id for entry in found] == [1]


def test_no_read_of_the_index_scans_a_table(app_sqlite: App) -> None:
    app_sqlite.contacts.add("Ada Lovelace", {})
    seen: list[tuple[str, list[object]]] = []
    rows = app_sqlite.store.rows

    def listen(sql: str, parameters: list[object] | None = None) -> list[dict[str, object]]:
        seen.append((sql, list(parameters or ())))
        return rows(sql, parameters or ())

    app_sqlite.store.rows = listen  # type: ignore[assignment, method-assign]
    for text in ("ada", "ad lov", "a", "adda", "ada@x", "x:1", "+44 20 7946", '"ada lovelace"', "zzz"):
        app_sqlite.find.page(text)
    for sql, parameters in seen:
        for step in rows(f"EXPLAIN QUERY PLAN {sql}", parameters):
            verb, name, *_ = str(step["detail"]).split()
            assert verb != "SCAN" or name not in TABLES, (sql, step["detail"])
    assert len(seen) > 50


def test_near_words_are_few_slips_away(app: App) -> None:
    app.contacts.add("Christopher Lovelace", {})
    for typed in ("christopher", "chrsitopher", "cristopher", "chrristopher", "chrisstoppher"):
        assert names.near_words(app.store, typed) == ["christopher"], typed
    assert names.near_words(app.store, "ch") == names.near_words(app.store, "x" * 40) == []
    assert names.near_words(app.store, "lvoelacs") == []


def test_corrections_begin_with_the_likeliest(app: App) -> None:
    for name in ("Jon Smith", "Joan Smith", "Joan Smyth"):
        app.contacts.add(name, {})
    assert names.corrections(app.store, ["joam", "smitt"])[0] == ["joan", "smith"]
    assert names.corrections(app.store, ["qqqq"]) == [["qqqq"]]


def test_suggestions_leave_out_what_is_not_printable_and_what_is_deleted(app_sqlite: App) -> None:
    app_sqlite.contacts.add("Ada\x07 Bell", {})
    app_sqlite.contacts.add("Ada Gone", {})
    app_sqlite.contacts.add("Ada Kept", {})
    app_sqlite.contacts.remove(["c2"])
    connection = suggestions.open_file(app_sqlite.place)
    assert suggestions.suggest(connection, "who", "ad") == [("Ada Kept", "c3")]
    assert suggestions.suggest(connection, "nothing", "ad") == []
    connection.close()


def test_suggestions_only_read(app_sqlite: App) -> None:
    connection = suggestions.open_file(app_sqlite.place)
    with pytest.raises(suggestions.Error):
        connection.execute("DELETE FROM contact")
    connection.close()


def test_the_bound_is_not_below_a_page() -> None:
    assert find.MOST_MATCHES >= 1000
