"""Records as documents: what a person changed in one, and nothing else, becomes a change."""

import tomllib
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from crmcli.app import App
from crmcli.kernel.errors import UsageError

EMPTY: dict[str, Any] = {"preferences": {}, "custom": {}}


class Editing:
    """One record that is changed through its document."""

    def __init__(self, app: App, noun: str, ref: str) -> None:
        self.app = app
        self.noun = noun
        self.parties = app.contacts if noun == "contact" else app.companies
        self.ref = ref

    @property
    def record(self) -> dict[str, Any]:
        return self.parties.find(self.ref)

    def values(self) -> dict[str, Any]:
        """The document as data."""
        return tomllib.loads(self.app.documents.write(self.noun, self.record))

    def changes(self, values: dict[str, Any]) -> dict[str, Any]:
        return self.app.documents.read(self.noun, self.record, tomli_w.dumps(values))

    def save(self, values: dict[str, Any]) -> dict[str, Any]:
        return self.parties.edit(self.ref, self.changes(values))[0]


@pytest.fixture
def ada(app: App) -> Editing:
    given: dict[str, Any] = {
        "email": ["work=Ada@x.example", "second@x.example"],
        "phone": ["mobile=+44 20 7946 0958", "7946 0000"],
        "address": ["street=Fore Street 1; city=Berlin; country=DE"],
        "url": ["website=https://ada.example"],
        "tag": ["VIP"],
        "company": [{"name": "Engines", "role": "Engineer"}],
        "prefer": ["channel=email"],
        "set": ["shoe=red"],
        "job_title": "Chief",
    }
    return Editing(app, "contact", app.contacts.add("Ada", given)["id"])


def emails(record: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(row["value"], row["label"], row["is_primary"]) for row in record["emails"]]


def test_an_untouched_document_changes_nothing(ada: Editing) -> None:
    assert ada.changes(ada.values()) == {}


@pytest.mark.parametrize("noun", ["contact", "company"])
def test_an_empty_record_has_an_empty_document(app: App, noun: str) -> None:
    parties = app.contacts if noun == "contact" else app.companies
    bare = Editing(app, noun, parties.add("X", {})["id"])
    name = "display_name" if noun == "contact" else "name"
    assert bare.values() == {name: "X", "do_not_contact": False, **EMPTY}


def test_every_comment_is_a_line_that_can_be_uncommented(app: App) -> None:
    bare = Editing(app, "contact", app.contacts.add("X", {})["id"])
    text = app.documents.write("contact", bare.record)
    comments = [line.removeprefix("# ") for line in text.splitlines() if line.startswith("# ") and " = " in line]
    assert len(comments) > 15
    for line in comments:
        assert len(tomllib.loads(line)) == 1


@given(text=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40))
def test_no_text_is_taken_for_a_change(app_sqlite: App, text: str) -> None:
    record = {**app_sqlite.contacts.add("X", {"email": ["a@x.example"], "address": ["Street"]}), "notes": text}
    record["addresses"][0]["locality"] = text
    record["tags"] = [text]
    record["custom"] = {"shoe": text}
    document = app_sqlite.documents.write("contact", record)
    assert app_sqlite.documents.read("contact", record, document) == {}


def test_the_spelling_of_an_email_can_be_changed(ada: Editing) -> None:
    values = ada.values()
    values["emails"][0]["value"] = "ADA@x.example"
    assert emails(ada.save(values)) == [("ADA@x.example", "work", True), ("second@x.example", None, False)]


def test_an_email_can_be_replaced_and_stays_the_primary_one(ada: Editing) -> None:
    values = ada.values()
    values["emails"][0]["value"] = "ada@y.example"
    assert emails(ada.save(values)) == [("ada@y.example", "work", True), ("second@x.example", None, False)]


def test_the_first_email_is_the_primary_one(ada: Editing) -> None:
    values = ada.values()
    values["emails"].reverse()
    assert emails(ada.save(values)) == [("second@x.example", None, True), ("Ada@x.example", "work", False)]


def test_emails_can_be_removed(ada: Editing) -> None:
    values = ada.values()
    del values["emails"][0]
    assert emails(ada.save(values)) == [("second@x.example", None, True)]
    values = ada.values()
    del values["emails"]
    assert ada.save(values)["emails"] == []


@pytest.mark.parametrize("key", ["emails", "phones", "urls"])
def test_a_label_that_is_left_out_is_emptied(ada: Editing, key: str) -> None:
    values = ada.values()
    del values[key][0]["label"]
    before = len(ada.record[key])
    record = ada.save(values)
    assert (record[key][0]["label"], len(record[key])) == (None, before)


def test_a_flag_that_is_left_out_is_taken_back(ada: Editing) -> None:
    values = ada.values()
    values["emails"][0]["opted_out"] = True
    assert ada.save(values)["emails"][0]["opted_out"] is True
    values = ada.values()
    del values["emails"][0]["opted_out"]
    assert ada.save(values)["emails"][0]["opted_out"] is False


@pytest.mark.parametrize(
    ("position", "text", "e164"),
    [(0, "+44 (20) 79460958", "+442079460958"), (1, "79-46-00-00", None), (1, "+49 30 79460000", "+493079460000")],
)
def test_the_spelling_of_a_phone_can_be_changed(ada: Editing, position: int, text: str, e164: str | None) -> None:
    ada.app.contacts.edit(ada.ref, {"remove_address": ["Berlin"]})
    values = ada.values()
    values["phones"][position]["raw"] = text
    phones = ada.save(values)["phones"]
    assert len(phones) == 2
    assert (phones[position]["raw"], phones[position]["e164"]) == (text, e164)
    assert [phone["is_primary"] for phone in phones] == [True, False]


def test_a_phone_whose_country_is_not_known_any_more_keeps_its_number(app: App) -> None:
    app.environ = {**app.environ, "CRM_COUNTRY": "GB"}
    bob = Editing(app, "contact", app.contacts.add("Bob", {"phone": ["020 7946 0958"]})["id"])
    app.environ = {**app.environ, "CRM_COUNTRY": ""}
    app.phones.country = None
    values = bob.values()
    values["phones"][0]["label"] = "home"
    phones = bob.save(values)["phones"]
    assert [(phone["raw"], phone["e164"], phone["label"]) for phone in phones] == [
        ("020 7946 0958", "+442079460958", "home")
    ]


def test_a_part_of_an_address_can_be_changed(ada: Editing) -> None:
    values = ada.values()
    values["addresses"][0]["locality"] = "Potsdam"
    addresses = ada.save(values)["addresses"]
    assert [(row["street_address"], row["locality"], row["is_primary"]) for row in addresses] == [
        ("Fore Street 1", "Potsdam", True)
    ]


def test_a_part_of_an_address_can_be_emptied_and_a_label_given(ada: Editing) -> None:
    values = ada.values()
    del values["addresses"][0]["street_address"]
    values["addresses"][0]["label"] = "home"
    addresses = ada.save(values)["addresses"]
    assert [(row["street_address"], row["locality"], row["label"]) for row in addresses] == [(None, "Berlin", "home")]
    values = ada.values()
    del values["addresses"][0]["label"]
    assert [row["label"] for row in ada.save(values)["addresses"]] == [None]


def test_addresses_of_one_street_are_told_apart(ada: Editing) -> None:
    ada.app.contacts.edit(ada.ref, {"address": ["street=Fore Street 1; city=Hamburg; country=DE"]})
    values = ada.values()
    del values["addresses"][0]
    assert [row["locality"] for row in ada.save(values)["addresses"]] == ["Hamburg"]


def test_tags_are_compared_as_tags_are(ada: Editing) -> None:
    assert ada.save({**ada.values(), "tags": ["vip", "b"]})["tags"] == ["b", "VIP"]
    assert ada.save({**ada.values(), "tags": ["b"]})["tags"] == ["b"]


def test_domains_are_compared_as_domains_are(app: App) -> None:
    engines = Editing(app, "company", app.companies.add("Engines", {"domain": ["engines.example"]})["id"])
    assert engines.save({**engines.values(), "domains": ["https://Engines.example/"]})["domains"] == ["engines.example"]
    assert engines.save({**engines.values(), "domains": ["b.example"]})["domains"] == ["b.example"]


def test_keys_are_compared_as_keys_are(ada: Editing) -> None:
    record = ada.save({**ada.values(), "preferences": {"Channel": "call", "best time": "noon"}, "custom": {"Shoe": 9}})
    assert (record["preferences"], record["custom"]) == ({"best_time": "noon", "channel": "call"}, {"shoe": "9"})
    record = ada.save({**ada.values(), "preferences": {}, "custom": {}})
    assert (record["preferences"], record["custom"]) == ({}, {})


def test_a_column_can_be_set_and_emptied(ada: Editing) -> None:
    values = ada.values()
    del values["job_title"]
    assert ada.changes({**values, "birth_date": "1815-12-10"}) == {"job_title": "", "birth_date": "1815-12-10"}
    record = ada.save({**values, "do_not_contact": True})
    assert (record["job_title"], record["do_not_contact"]) == (None, True)


def test_what_nobody_touched_is_not_sent(ada: Editing) -> None:
    ada.app.companies.remove(["co1"])
    assert ada.save({**ada.values(), "nickname": "Countess"})["nickname"] == "Countess"


def test_companies_of_one_name_are_told_apart(app: App, ada: Editing) -> None:
    app.companies.edit("co1", {"industry": "Steam"})
    other = app.companies.add("Engines", {})["id"]
    app.contacts.edit(ada.ref, {"company": [other]})
    values = ada.values()
    assert [row["id"] for row in values["companies"]] == ["co1", other]
    values["companies"][1]["role"] = "Adviser"
    record = ada.save(values)
    assert [(row["id"], row["role"]) for row in record["companies"]] == [("co1", "Engineer"), (other, "Adviser")]
    values = ada.values()
    del values["companies"][0]
    assert [row["id"] for row in ada.save(values)["companies"]] == [other]


def test_a_role_can_be_taken_away(ada: Editing) -> None:
    values = ada.values()
    del values["companies"][0]["role"]
    assert [(row["id"], row["role"]) for row in ada.save(values)["companies"]] == [("co1", None)]


def test_a_company_without_its_id_is_known_by_its_name(ada: Editing) -> None:
    record = ada.save({**ada.values(), "companies": [{"name": "engines", "role": "Boss"}]})
    assert [(row["id"], row["name"], row["role"]) for row in record["companies"]] == [("co1", "Engines", "Boss")]


def test_a_company_can_be_replaced(ada: Editing) -> None:
    record = ada.save({**ada.values(), "companies": [{"name": "Looms"}]})
    assert [(row["name"], row["is_primary"]) for row in record["companies"]] == [("Looms", True)]


def test_a_parent_is_only_sent_when_it_is_another(app: App) -> None:
    group = app.companies.add("Group", {})["id"]
    engines = Editing(app, "company", app.companies.add("Engines", {"parent": group})["id"])
    values = engines.values()
    assert values["parent"] == group
    assert engines.changes({**values, "industry": "Steam"}) == {"industry": "Steam"}
    app.companies.remove([group])
    assert engines.save({**engines.values(), "industry": "Steam"})["industry"] == "Steam"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"nicknam": "x"}, "a contact has no field 'nicknam'"),
        ({"emails": [{"value": "a@x.example", "lable": "work"}]}, "an entry of email has no field 'lable'"),
        ({"emails": [{"label": "work"}]}, "the email is empty"),
        ({"emails": ["a@x.example"]}, "emails is not a list of tables"),
        ({"addresses": [{"label": "home"}]}, "the address is empty"),
        ({"companies": [{"id": "co1", "name": "Looms"}]}, "co1 is Engines, not 'Looms'"),
        ({"companies": [{"id": "co1", "boss": "x"}]}, "an entry of companies has no field 'boss'"),
        ({"tags": "vip"}, "tags is not a list"),
        ({"custom": []}, "custom is not a table"),
        ({"custom": {"shoe": ["red"]}}, "shoe is a list or table"),
        ({"job_title": ["Chief"]}, "job_title is a list or table"),
    ],
)
def test_what_is_refused(ada: Editing, values: dict[str, Any], said: str) -> None:
    before = ada.record
    with pytest.raises(UsageError) as caught:
        ada.save({**ada.values(), **values})
    assert said in caught.value.message
    assert ada.record == before
