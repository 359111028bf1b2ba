"""From cells to values: one function for all rows of a table."""

from typing import Any

import pytest

from crmcli.importers.rowreader import reader
from crmcli.kernel.errors import UsageError


def read(columns: dict[str, str], noun: str = "contact", **more: Any) -> dict[str, Any]:
    """The values of one row, whose cells are given by their targets."""
    return reader(list(columns), noun, **more)(list(columns.values()))


def many(*columns: tuple[str, str]) -> dict[str, Any]:
    """The same where several columns have one target."""
    return reader([target for target, _ in columns], "contact")([cell for _, cell in columns])


def test_empty_cells_give_nothing() -> None:
    targets = (
        "name",
        "email",
        "phone.work",
        "address.city",
        "company",
        "tag",
        "set.size",
        "notes",
        "birth_date",
        "uid",
    )
    assert reader(targets, "contact")(["", " ", "\t", "", "", "", "", " \n ", "", ""]) == {}


def test_texts_lose_the_white_space_around_them() -> None:
    assert read({"given_name": " Ada ", "skip": "x", "": "y"}) == {"given_name": "Ada"}


def test_of_several_columns_for_a_field_the_first_with_a_text_counts() -> None:
    assert many(("job_title", ""), ("job_title", "Countess"), ("job_title", "Poet")) == {"job_title": "Countess"}


def test_notes_stand_below_each_other_and_keep_their_indents() -> None:
    assert many(("notes", "  one\n"), ("notes", ""), ("notes", "two")) == {"notes": "  one\ntwo"}


def test_entries_have_labels_and_details() -> None:
    assert read(
        {"email": "a@x.example", "email.work": "b@x.example", "email#3": "c@x.example", "email#3.label": "Club"}
    )["email"] == [
        {"value": "a@x.example"},
        {"value": "b@x.example", "label": "work"},
        {"value": "c@x.example", "label": "Club"},
    ]


def test_an_entry_without_its_text_is_none() -> None:
    assert read({"email#1.label": "Work", "email#1": "", "phone": "+44 20 7946 0958"}) == {
        "phone": [{"raw": "+44 20 7946 0958"}]
    }


def test_two_columns_of_one_target_are_two_entries() -> None:
    assert many(("phone.work", "111111"), ("phone.work", "222222"))["phone"] == [
        {"raw": "111111", "label": "work"},
        {"raw": "222222", "label": "work"},
    ]


@pytest.mark.parametrize(
    ("cell", "addresses"),
    [
        ("a@x.example; b@x.example", ["a@x.example", "b@x.example"]),
        ("a@x.example,b@x.example", ["a@x.example", "b@x.example"]),
        ("a@x.example b@x.example\na@x.example", ["a@x.example", "b@x.example"]),
        ("a@x.example ::: b@x.example", ["a@x.example", "b@x.example"]),
        ("Ada Lovelace <ada@engines.example>", ["ada@engines.example"]),
        ("mailto:ada@engines.example", ["ada@engines.example"]),
        ("not an address", ["not an address"]),
        ("o'brien@x.example", ["o'brien@x.example"]),
    ],
)
def test_a_cell_may_hold_several_addresses(cell: str, addresses: list[str]) -> None:
    assert [entry["value"] for entry in read({"email": cell})["email"]] == addresses
    assert [entry["value"] for entry in read({"email.work": cell, "name": "Ada"})["email"]] == addresses


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("+44 20 7946 0958; +44 20 7946 0001", ["+44 20 7946 0958", "+44 20 7946 0001"]),
        ("+44 20 7946 0958 / +44 20 7946 0001", ["+44 20 7946 0958", "+44 20 7946 0001"]),
        ("020 7946 0958 ::: 020 7946 0001", ["020 7946 0958", "020 7946 0001"]),
        ("030 / 1234567", ["030 / 1234567"]),
        ("030/1234567", ["030/1234567"]),
        ("+44 20 7946 0958;ext=12", ["+44 20 7946 0958;ext=12"]),
    ],
)
def test_a_cell_may_hold_several_numbers(cell: str, numbers: list[str]) -> None:
    assert [entry["raw"] for entry in read({"phone": cell})["phone"]] == numbers


def test_parts_make_one_address_and_streets_are_joined() -> None:
    found = many(
        ("address.home.street", "1 Mill Lane"),
        ("address.home.street", "Floor 2"),
        ("address.home.street", ""),
        ("address.home.city", "London"),
        ("address.work.city", ""),
        ("address#7.label", "Club"),
        ("address#7.country", "GB"),
    )
    assert found["address"] == [
        {"street_address": "1 Mill Lane, Floor 2", "locality": "London", "label": "home"},
        {"country_code": "GB", "label": "Club"},
    ]


def test_a_further_line_alone_is_the_street() -> None:
    found = many(("address.street", ""), ("address.street", "Floor 2"))
    assert found["address"] == [{"street_address": "Floor 2"}]


def test_a_company_has_ways_to_be_known_again() -> None:
    assert read({"company": "Engines", "company.external.hubspot": "9", "company#2.role": "Patron"}) == {
        "company": [{"name": "Engines", "external": "hubspot:9"}]
    }


def test_words_are_taken_apart() -> None:
    assert read({"tag": "vip, press; fair ::: Zoë,"}) == {"tag": ["vip", "press", "fair", "Zoë"]}
    assert many(("tag", "vip"), ("tag", "press")) == {"tag": ["vip", "press"]}


def test_custom_fields_may_be_named_by_another_column() -> None:
    found = reader(("set.size", "set#1.key", "set#1.event", "set#2.key", "set#2.event", "set#3.event"), "contact")(
        ["38", "First met", "1833", "first met", "1834", "1835"]
    )
    assert found == {"set": [{"size": "38"}, {"first_met": "1833"}, {"first_met_2": "1834"}, {"event": "1835"}]}


def test_keys_of_other_kinds() -> None:
    assert read({"external.hubspot": "7", "prefer.channel": "email", "consent.marketing": "granted"}) == {
        "external": ["hubspot:7"],
        "prefer": [{"channel": "email"}],
        "consent": ["marketing=granted"],
    }


def test_a_birthday_may_stand_in_three_columns() -> None:
    parts = {"birth_date.year": "1815", "birth_date.month": "12", "birth_date.day": "9"}
    assert read(parts) == {"birth_date": "1815-12-09"}
    assert read({**parts, "birth_date.year": ""}) == {"birth_date": "--12-09"}
    assert read({**parts, "birth_date.day": ""}) == {}


def test_lists_in_one_cell_add_to_other_columns() -> None:
    found = read({"emails": "work=a@x.example; b@x.example [invalid]", "email": "c@x.example", "tags": "a b; c"})
    assert [entry["value"] for entry in found["email"]] == ["c@x.example", "a@x.example", "b@x.example"]
    assert found["tag"] == ["a b", "c"]


def test_cells_can_be_tidied() -> None:
    assert read({"name": "'Ada", "phone": "'+44 20"}, tidy=lambda text: text.removeprefix("'")) == {
        "name": "Ada",
        "phone": [{"raw": "+44 20"}],
    }


def test_a_target_that_there_is_not_is_said_at_once() -> None:
    with pytest.raises(UsageError):
        reader(("nonsense",), "contact")
