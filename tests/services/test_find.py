"""What a search finds, in which order, and where it says the words stand."""

from typing import Any

import pytest

from crmcli.app import App
from crmcli.kernel.errors import UsageError
from crmcli.store.search import TEXT_CHILDREN, TEXTS


@pytest.fixture
def people(app: App) -> App:
    """A few customers, in several scripts."""
    app.contacts.add(
        "Jürgen Müller",
        {
            "email": ["juergen@mueller.example"],
            "phone": ["+49 30 901820"],
            "tag": ["vip"],
            "set": ["source=fair"],
            "external": ["hubspot:1234"],
            "job_title": "Einkäufer",
            "notes": "Loves red apples",
        },
    )
    app.contacts.add("Müller", {})
    app.contacts.add("Anna Mullerova", {})
    app.contacts.add("山田 太郎", {})
    app.contacts.add("Ada Lovelace", {"email": ["ada@engines.example"]})
    app.companies.add("Müller GmbH", {"domain": ["mueller-bau.example"]})
    app.notes.clear()
    return app


def ids(app: App, text: str, **options: Any) -> list[str]:
    return [item["id"] for item in app.find.page(text, **options).items]


def first(app: App, text: str) -> dict[str, Any]:
    return app.find.page(text).items[0]


def test_the_exact_name_comes_first_then_whole_words_then_begun_ones(people: App) -> None:
    assert ids(people, "muller") == ["c2", "co1", "c1", "c3"]


@pytest.mark.parametrize("text", ["Muller", "MÜLLER", "müller", "Mu\u0308ller"])
def test_accents_and_case_do_not_count(people: App, text: str) -> None:
    assert "c1" in ids(people, text)


@pytest.mark.parametrize("text", ["jur", "jü mü", "mull jurg", "Love", "j mull", "太", "太郎", "山田太郎", "山田 太郎"])
def test_words_may_be_begun(people: App, text: str) -> None:
    assert ids(people, text)[0] in ("c1", "c4", "c5")


@pytest.mark.parametrize(
    ("text", "where", "snippet"),
    [
        ("muller jurgen", "name", "Jürgen Müller"),
        ("juergen@mueller.example", "email", "juergen@mueller.example"),
        ("juergen@muel", "email", "juergen@mueller.example"),
        ("mueller.example", "email", "juergen@mueller.example"),
        ("+49 30 901820", "phone", "+49 30 901820, +4930901820"),
        ("030 9018", "phone", "+49 30 901820, +4930901820"),
        ("4930901820", "phone", "+49 30 901820, +4930901820"),
        ("vip", "tag", "vip"),
        ("fair", "custom.source", "fair"),
        ("hubspot:1234", "external_id", "hubspot:1234"),
        ("einkaufer", "job_title", "Einkäufer"),
        ('"red apples"', "notes", "Loves red apples"),
    ],
)
def test_the_place_is_told(people: App, text: str, where: str, snippet: str) -> None:
    item = first(people, text)
    assert (item["id"], item["place"], item["snippet"]) == ("c1", where, snippet)


def test_marks_are_places_in_the_snippet(people: App) -> None:
    item = first(people, "apple red")
    assert [item["snippet"][start:end] for start, end in item["marks"]] == ["red", "apples"]


def test_words_in_quotes_stand_together(people: App) -> None:
    assert ids(people, '"red apples"') == ["c1"]
    assert ids(people, '"apples red"') == []
    assert ids(people, '"red apple"') == []
    assert ids(people, "apples red") == ["c1"]


def test_a_script_without_spaces_is_looked_for_as_a_phrase(people: App) -> None:
    assert ids(people, "太郎") == ["c4"]
    assert ids(people, "郎太") == []


def test_an_id_names_its_record(people: App) -> None:
    assert first(people, "C5")["name"] == "Ada Lovelace"
    assert ids(people, "c99") == []


@pytest.mark.parametrize(
    ("typed", "meant", "found"),
    [("mulller", "muller", "c1"), ("lovelcae", "lovelace", "c5"), ("jurgn mulle", "jurgen muller", "c1")],
)
def test_mistyped_names_are_found_and_said_to_be_corrected(people: App, typed: str, meant: str, found: str) -> None:
    items = people.find.page(typed).items
    assert found in [item["id"] for item in items]
    assert {item["corrected"] for item in items} == {meant}
    assert people.notes == [f"no '{typed}'; showing '{meant}'"]


def test_the_likelier_correction_is_the_one_that_more_names_have(app: App) -> None:
    for name in ("Bob Smita", "Bob Smith", "Eve Smith"):
        app.contacts.add(name, {})
    assert ids(app, "smit bo") == ["c2", "c1"]
    assert app.find.page("smitx").items[0]["corrected"] == "smith"


def test_nothing_says_which_word_nothing_has(people: App) -> None:
    page = people.find.page("muller qqqq")
    assert page.items == [] and not page.more
    assert people.notes == ["nothing found for 'muller qqqq': nothing has 'qqqq'"]


def test_texts_come_newest_first_with_their_customer(people: App) -> None:
    people.interactions.log("in", ["c5"], "Asked about the delivery", {"channel": "call", "at": "2026-11-01 10:00"})
    people.interactions.log("out", ["c1"], "Delivery is late", {"channel": "email", "at": "2026-11-10 10:00"})
    people.followups.add("c5", "Confirm delivery", {"due": "+3d"})
    items = people.find.page("deliv").items
    assert [item["id"] for item in items] == ["f1", "i2", "i1"]
    assert [item["who"]["name"] for item in items] == ["Ada Lovelace", "Jürgen Müller", "Ada Lovelace"]
    assert items[1]["place"] == "body" and items[1]["at"] == "2026-11-10T10:00:00Z"


def test_names_come_before_texts(people: App) -> None:
    people.interactions.log("in", ["c5"], "Müller called for us", {"channel": "call"})
    assert ids(people, "muller") == ["c2", "co1", "c1", "c3", "i1"]


def test_kinds_can_be_chosen(people: App) -> None:
    assert ids(people, "muller", nouns=["company"]) == ["co1"]
    assert ids(people, "muller", nouns=["interaction", "followup"]) == []
    with pytest.raises(UsageError, match="contac") as caught:
        people.find.page("muller", nouns=["contac"])
    assert "contact" in caught.value.hint


def test_the_limit_is_told(people: App) -> None:
    page = people.find.page("muller", limit=2)
    assert len(page.items) == 2 and page.more
    assert not people.find.page("muller", limit=4).more


def test_a_high_limit_is_reached(app_sqlite: App) -> None:
    with app_sqlite.writing():
        for number in range(250):
            app_sqlite.contacts.add(f"Smith {number}", {})
    assert len(ids(app_sqlite, "smith", limit=1000)) == 250
    page = app_sqlite.find.page("smith", limit=220)
    assert len(page.items) == 220 and page.more


def test_deleted_records_and_what_belongs_to_them_do_not_show(people: App) -> None:
    people.interactions.log("in", ["c5"], "Asked about the delivery", {"channel": "call"})
    people.contacts.remove(["c5", "c2"])
    assert ids(people, "lovelace") == [] and ids(people, "c5") == []
    assert ids(people, "delivery") == []
    assert "c2" not in ids(people, "muller")


def test_a_change_is_found_at_once(people: App) -> None:
    people.contacts.edit("c5", {"name": "Ada King", "notes": "countess"})
    assert ids(people, "king") == ["c5"] and ids(people, "lovelace") == []
    assert first(people, "countess")["place"] == "notes"


@pytest.mark.parametrize("text", ["", "  ", "!!!", '""'])
def test_a_text_without_words_is_refused(people: App, text: str) -> None:
    with pytest.raises(UsageError, match="no letter"):
        people.find.page(text)


@pytest.mark.parametrize(
    "text",
    ["a OR b", 'NEAR("x")', "text:*", "^a", "a'b", "x;--", "100%", "_", "a" * 3000, "\x1b[31mred", '"', "é" * 99],
)
def test_odd_texts_are_only_words(people: App, text: str) -> None:
    try:
        people.find.page(text)
    except UsageError as error:
        assert "no letter" in error.message


def test_every_place_that_is_told_is_searched(app: App) -> None:
    """Each text of a record is found by a word that nothing else holds, and its place is told."""
    words = {name: f"qx{number:03d}z" for number, name in enumerate((*TEXTS["contact"], *TEXT_CHILDREN["address"]))}
    with app.writing() as gate:
        row = {name: words[name] for name in TEXTS["contact"]}
        key = gate.insert("contact", {"display_name": "Ada", **row})
        gate.insert("address", {"contact_id": key, **{name: words[name] for name in TEXT_CHILDREN["address"]}})
    places = {name: first(app, word)["place"] for name, word in words.items()}
    assert places == {
        **{name: name for name in TEXTS["contact"]},
        **dict.fromkeys(TEXT_CHILDREN["address"], "address"),
    }


def test_the_state_of_a_follow_up_is_told(people: App) -> None:
    people.followups.add("c5", "Confirm delivery", {"due": "+30min"})
    people.followups.add("c5", "Cancel delivery", {"due": "+3d"})
    people.followups.done(["f1"], {})
    people.followups.cancel(["f2"])
    people.followups.add("c5", "Repeat delivery", {"due": "+3d"})
    people.contacts.edit("c5", {"notes": "no delivery on Sundays"})
    found = {item["id"]: item["status"] for item in people.find.page("delivery").items}
    assert found == {"f1": "done", "f2": "cancelled", "f3": "open", "c5": None}
