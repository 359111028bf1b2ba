"""Which records are taken for one, how surely, and what is remembered of it."""

from typing import Any

import pytest

from crmcli.app import App
from crmcli.kernel.errors import UsageError

ADA = {"email": ["ada@engines.example"], "company": ["Analytical Engines"]}


def people(app: App, *entries: tuple[str, dict[str, Any]]) -> None:
    for name, given in entries:
        app.contacts.add(name, given)


def found(app: App, *nouns: str, **options: Any) -> dict[str, dict[str, Any]]:
    return {item["id"]: item for item in app.duplicates.page(nouns or ("contact", "company"), **options).items}


def only(app: App, **options: Any) -> dict[str, Any]:
    (item,) = found(app, **options).values()
    return item


# --- contacts


@pytest.mark.parametrize(
    ("first", "second", "score", "certain", "reason"),
    [
        (("Bob Brown", {"email": ["b@x.example"]}), ("Robert Brown", {"email": ["B@X.example"]}), 93, True,
         "same e-mail b@x.example"),
        (("Ada Lovelace", {"email": ["b@x.example"]}), ("b@x.example", {"email": ["b@x.example"]}), 85, True,
         "same e-mail b@x.example"),
        (("Ada Lovelace", {"email": ["b@x.example"]}), ("A. Lovelace", {"email": ["b@x.example"]}), 90, False,
         "names alike: Ada Lovelace / A. Lovelace"),
        (("Jane Smith", {"email": ["b@x.example"]}), ("Jane Brown", {"email": ["b@x.example"]}), 60, False,
         "names differ: Jane Smith / Jane Brown"),
        (("Ada", {"email": ["info@x.example"]}), ("Ada", {"email": ["info@x.example"]}), 79, False,
         "same e-mail info@x.example, which several share"),
        (("Ada Lovelace", {"phone": ["+442079460958"]}), ("Lovelace, Ada", {"phone": ["+44 20 7946 0958"]}), 90, True,
         "same phone +442079460958"),
        (("Ada Lovelace", {"phone": ["+442079460958"]}), ("Ada Lovelace", {"phone": ["020 7946 0958"]}), 80, False,
         "phones end alike: +442079460958"),
        (("Ada Lovelace", {"phone": ["home=+442079460958"]}), ("Ada Lovelace", {"phone": ["+442079460958"]}), 90, False,
         "same phone +442079460958"),
        (("Bob Brown", {"phone": ["+442079460958"]}), ("Robert Brown", {"phone": ["+442079460958"]}), 87, False,
         "same phone +442079460958"),
        (("Bob Brown", {"company": ["Engines"]}), ("Robert Brown", {"company": ["Engines Ltd"]}), 81, False,
         "same company Engines"),
        (("R. Brown", {"email": ["r@x.example"]}), ("Robert Brown", {"email": ["b@x.example"]}), 70, False,
         "same domain x.example"),
        (("Grace Hopper", {"address": ["city=Bath; postcode=BA1 1AA"]}),
         ("Grace Hoper", {"address": ["city=Bath; postcode=ba11aa"]}), 70, False, "same place BA1 1AA, Bath"),
        (("Grace Hopper", {"address": ["city=Bath"]}), ("Hopper Grace", {"address": ["city=BATH"]}), 60, False,
         "same place Bath"),
        (("Ada Lovelace", {}), ("Ada Lovelace", ADA), 50, False, "nothing but the name is known of c1"),
        (("Ada Lovelace", {"birth_date": "1990-05-12"}), ("Ada Lovelace", {"birth_date": "1990-05-12"}), 85, False,
         "same birthday 1990-05-12"),
    ],
)  # fmt: skip
def test_a_pair(app_sqlite: App, first: Any, second: Any, score: int, certain: bool, reason: str) -> None:
    people(app_sqlite, first, second)
    (item,) = found(app_sqlite, "contact").values()
    assert (item["score"], item["certain"]) == (score, certain), item["reasons"]
    assert reason in item["reasons"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("John Smith", {"company": ["Smiths"]}), ("Joan Smith", {"company": ["Smiths"]})),
        (("John Smith", {"email": ["john@x.example"]}), ("Joan Smith", {"email": ["joan@x.example"]})),
        (("John Smith", {"email": ["john@gmail.com"]}), ("Jon Smith", {"email": ["jon@gmail.com"]})),
        (("Maria Rossi", {"address": ["city=Roma"]}), ("Mario Rossi", {"address": ["city=Roma"]})),
        (("Ada Lovelace", {"email": ["a@x.example"]}), ("Ada Lovelace", {"email": ["a@y.example"]})),
        (("Ada", {"company": ["Engines"]}), ("Ada Lovelace", {"company": ["Engines"]})),
        (("Jane Smith", {"phone": ["+442079460958"]}), ("John Smith", {"phone": ["+442079460958"]})),
    ],
)
def test_no_pair(app_sqlite: App, first: Any, second: Any) -> None:
    people(app_sqlite, first, second)
    assert found(app_sqlite, "contact") == {}


def test_a_family_phone_is_a_weak_pair_that_can_be_asked_for(app_sqlite: App) -> None:
    people(app_sqlite, ("Jane Smith", {"phone": ["+442079460958"]}), ("John Smith", {"phone": ["+442079460958"]}))
    assert (only(app_sqlite, least=0)["score"], only(app_sqlite, least=0)["certain"]) == (35, False)


def test_what_somebody_else_has_too_is_never_certain(app_sqlite: App) -> None:
    shared = {"email": ["smith@x.example"], "phone": ["+442079460958"]}
    people(app_sqlite, ("John Smith", shared), ("John Smith", shared), ("Jane Smith", shared))
    assert [pair for pair, item in found(app_sqlite).items() if item["certain"]] == []
    assert found(app_sqlite)["c1:c2"]["score"] == 100


def test_the_number_of_a_company_is_nobodys_own(app_sqlite: App) -> None:
    shared = {"phone": ["+442079460958"]}
    people(app_sqlite, ("John Smith", shared), ("John Smith", shared))
    assert only(app_sqlite)["certain"]
    app_sqlite.companies.add("Smiths", shared)
    assert not only(app_sqlite)["certain"]


@pytest.mark.parametrize(
    ("first", "second", "doubt"),
    [
        ({"birth_date": "1990-05-12"}, {"birth_date": "1961-05-12"}, "birthdays differ: 1990-05-12 / 1961-05-12"),
        ({"birth_date": "--05-12"}, {"birth_date": "1961-05-13"}, "birthdays differ: --05-12 / 1961-05-13"),
        ({"honorific_suffix": "Jr."}, {"honorific_suffix": "Sr"}, "one is jr, the other sr"),
        ({"external": ["hubspot:1"]}, {"external": ["hubspot:2"]}, "hubspot knows them as 1 and 2"),
    ],
)
def test_what_speaks_against(app_sqlite: App, first: Any, second: Any, doubt: str) -> None:
    email = {"email": ["john@x.example"]}
    people(app_sqlite, ("John Smith", {**email, **first}), ("John Smith", {**email, **second}))
    item = only(app_sqlite)
    assert item["reasons"][-1] == f"but {doubt}"
    assert not item["certain"]
    assert item["score"] < 95


def test_a_birthday_without_its_year_is_no_doubt(app_sqlite: App) -> None:
    email = {"email": ["john@x.example"]}
    people(app_sqlite, ("John Smith", {**email, "birth_date": "--05-12"}),
           ("John Smith", {**email, "birth_date": "1990-05-12"}))  # fmt: skip
    assert only(app_sqlite)["certain"]


def test_a_switchboard_is_not_compared_each_with_each_and_said_so(app_sqlite: App) -> None:
    with app_sqlite.writing():
        for number in range(60):
            name = f"{chr(ord('a') + number % 26)}{number}x {number * 7919}"
            people(app_sqlite, (name, {"phone": ["+442079460000"]}))
        people(
            app_sqlite, ("Ada Lovelace", {"phone": ["+442079460000"]}), ("Lovelace Ada", {"phone": ["+442079460000"]})
        )
    app_sqlite.notes.clear()
    item = only(app_sqlite)
    assert (item["id"], item["certain"]) == ("c61:c62", False)
    assert "same phone +442079460000, which several share" in item["reasons"]
    assert any("62 contact records share the phone number 442079460000" in note for note in app_sqlite.notes)


# --- companies


@pytest.mark.parametrize(
    ("first", "second", "score", "certain"),
    [
        (("Acme GmbH", {}), ("ACME", {}), 70, False),
        (("Acme Ltd", {"domain": ["acme.example"]}), ("Acme Limited", {"domain": ["acme.example"]}), 100, True),
        (("Acme", {"phone": ["+442079460958"]}), ("Acme Inc.", {"phone": ["+442079460958"]}), 95, True),
        (("Acme", {"domain": ["acme.example"]}), ("Other", {"domain": ["acme.example"]}), 60, False),
        (("Acme", {"domain": ["acme.example"]}), ("Acme Europe", {"domain": ["acme.example"]}), 81, False),
        (("Acme Ltd", {"domain": ["a.example"]}), ("Acme GmbH", {"domain": ["a.example"]}), 90, False),
        (
            ("Analytical Engines", {"address": ["city=Bath"]}),
            ("Analitical Engines", {"address": ["city=Bath"]}),
            65,
            False,
        ),
        (("Acme", {"address": ["city=Bath; country=GB"]}), ("Acme", {"address": ["city=Bath; country=US"]}), 55, False),
        (("Acme", {"domain": ["a.example"]}), ("Acme", {"domain": ["b.example"]}), 60, False),
    ],
)
def test_a_pair_of_companies(app_sqlite: App, first: Any, second: Any, score: int, certain: bool) -> None:
    for name, given in (first, second):
        app_sqlite.companies.add(name, {"industry": "Tools", **given})
    item = only(app_sqlite)
    assert (item["noun"], item["score"], item["certain"]) == ("company", score, certain), item["reasons"]


def test_a_company_and_its_parent_are_two(app_sqlite: App) -> None:
    app_sqlite.companies.add("Acme Inc.", {"domain": ["acme.example"]})
    app_sqlite.companies.add("Acme GmbH", {"domain": ["acme.example"], "parent": "co1"})
    assert found(app_sqlite, least=0) == {}


# --- what is told, and what is remembered


def test_the_contract(app: App) -> None:
    people(app, ("Ada Lovelace", ADA), ("Ada King Lovelace", {**ADA, "phone": ["+442079460958"]}))
    item = only(app)
    assert list(item) == ["id", "noun", "score", "certain", "reasons", "first", "second", "proposal"]
    assert list(item["first"]) == [
        "id", "name", "emails", "phones", "companies", "addresses", "external_ids", "last_inbound_at",
        "last_outbound_at", "created_at", "updated_at",
    ]  # fmt: skip
    assert (item["id"], item["first"]["name"]) == ("c1:c2", "Ada Lovelace")
    assert item["proposal"] == {"keep": "c2", "reason": "more is known of it"}


def test_the_older_one_is_kept_when_both_say_as_much(app: App) -> None:
    people(app, ("Ada Lovelace", ADA), ("Ada Lovelace", ADA))
    assert only(app)["proposal"] == {"keep": "c1", "reason": "it was there first"}


def test_filter_limit_and_score(app: App) -> None:
    people(app, ("Ada Lovelace", ADA), ("A. Lovelace", ADA), ("Bob Brown", {"company": ["Mills"], "tag": ["vip"]}),
           ("Robert Brown", {"company": ["Mills"]}))  # fmt: skip
    assert list(found(app)) == ["c1:c2", "c3:c4"]
    assert list(found(app, "contact", text="tag:vip")) == ["c3:c4"]
    assert list(found(app, least=90)) == ["c1:c2"]
    page = app.duplicates.page(limit=1)
    assert (len(page.items), page.more) == (1, True)
    assert list(found(app, "company")) == []


def test_deleted_records_are_no_duplicates(app: App) -> None:
    people(app, ("Ada Lovelace", ADA), ("Ada Lovelace", ADA))
    app.contacts.remove(["c2"])
    assert found(app) == {}


def test_a_refused_pair_is_never_proposed_again_though_one_is_merged(app: App) -> None:
    people(app, ("Ada Lovelace", ADA), ("Ada Lovelace", ADA), ("Ada Lovelace", ADA))
    assert app.duplicates.refuse(["c2", "c1"]) == ["c1:c2"]
    assert app.duplicates.refuse(["c1", "c2"]) == ["c1:c2"]
    assert list(found(app)) == ["c1:c3", "c2:c3"]
    app.merging.merge("contact", ["c3", "c1"])
    assert found(app) == {}
    assert not app.duplicates.is_open("contact", 2, 3)
    app.history.undo(None)
    assert list(found(app)) == ["c1:c3", "c2:c3"]


def test_who_merges_a_refused_pair_has_changed_their_mind(app: App) -> None:
    people(app, ("Ada Lovelace", ADA), ("Ada Lovelace", ADA))
    app.duplicates.refuse(["c1", "c2"])
    app.merging.merge("contact", ["c1", "c2"])
    assert app.store.value("SELECT count(*) AS n FROM distinct_pair") == 0


def test_what_cannot_be_refused(app: App) -> None:
    people(app, ("Ada Lovelace", ADA))
    with pytest.raises(UsageError, match="two records are needed"):
        app.duplicates.refuse(["c1"])
    with pytest.raises(UsageError, match="a contact and a company"):
        app.duplicates.refuse(["c1", "co1"])


def test_the_certain_ones_are_merged_in_one_operation(app: App) -> None:
    people(app, ("Ada Lovelace", ADA), ("Ada Lovelace", {**ADA, "job_title": "Countess"}), ("Ada Lovelace", ADA),
           ("A. Lovelace", ADA), ("Bob Brown", {"email": ["b@x.example"]}),
           ("Robert Brown", {"email": ["b@x.example"]}))  # fmt: skip
    app.companies.add("Mills Ltd", {"domain": ["mills.example"]})
    app.companies.add("Mills", {"domain": ["mills.example"]})
    certain = app.duplicates.page(certain=True).items
    assert sorted(item["id"] for item in certain) == ["c1:c2", "c1:c3", "c2:c3", "c5:c6", "co2:co3"]
    app.duplicates.merge_certain(certain, dry_run=True)
    assert sorted(item["id"] for item in app.duplicates.page(certain=True).items) == sorted(
        item["id"] for item in certain
    )
    done = app.duplicates.merge_certain(certain)
    assert [(group.kept.ref, [match.ref for match in group.gone]) for group in done] == [
        ("c2", ["c1", "c3"]),
        ("c5", ["c6"]),
        ("co2", ["co3"]),
    ]
    assert app.duplicates.page(certain=True).items == []
    app.history.undo(None)
    assert sorted(item["id"] for item in app.duplicates.page(certain=True).items) == sorted(
        item["id"] for item in certain
    )
