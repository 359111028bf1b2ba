"""Google Contacts, old and new: fictional people in columns as Google writes them."""

from typing import Any

import pytest

from crmcli.importers.base import CERTAIN, LIKELY
from crmcli.importers.google import FORMATS
from tests.importers.tables import best, custom, source, values

NEW = {"First Name": "Ada", "Last Name": "Lovelace", "File As": "", "Organization Name": "", "Labels": "* myContacts"}
OLD = {"Name": "Ada Lovelace", "Given Name": "Ada", "Family Name": "Lovelace", "Group Membership": "* My Contacts"}


def new(**more: str) -> dict[str, Any]:
    return values(FORMATS, NEW | {title.replace("_", " "): text for title, text in more.items()}, "google")


def old(row: dict[str, str]) -> dict[str, Any]:
    return values(FORMATS, OLD | row, "google-old")


def test_a_person_of_the_new_export() -> None:
    found = values(
        FORMATS,
        {
            "First Name": "Ada",
            "Middle Name": "King",
            "Last Name": "Lovelace",
            "Phonetic First Name": "Eida",
            "Phonetic Last Name": "Lavleis",
            "Name Prefix": "Lady",
            "Nickname": "A. A. L.",
            "File As": "Lovelace, Ada",
            "Organization Name": "Analytical Engines",
            "Organization Title": "Programmer",
            "Organization Department": "Notes",
            "Birthday": "1815-12-10",
            "Notes": "Met at the fair",
            "Labels": "VIP ::: Press ::: * myContacts ::: * starred",
            "E-mail 1 - Label": "* Work",
            "E-mail 1 - Value": "ada@engines.example",
            "E-mail 2 - Label": "Home",
            "E-mail 2 - Value": "ada@home.example ::: ada@club.example",
            "Phone 1 - Label": "Mobile",
            "Phone 1 - Value": "+44 20 7946 0958 ::: +44 20 7946 0001",
            "Address 1 - Label": "Home",
            "Address 1 - Formatted": "12 St James's Square\nLondon",
            "Address 1 - Street": "12 St James's Square",
            "Address 1 - City": "London",
            "Address 1 - Postal Code": "SW1Y 4LB",
            "Address 1 - Country": "GB",
            "Website 1 - Label": "Blog",
            "Website 1 - Value": "https://ada.example",
            "Relation 1 - Label": "Spouse",
            "Relation 1 - Value": "William King",
            "Event 1 - Label": "Anniversary",
            "Event 1 - Value": "1835-07-08",
            "Custom Field 1 - Label": "Shoe size",
            "Custom Field 1 - Value": "38",
        },
    )
    assert found == {
        "given_name": "Ada",
        "additional_name": "King",
        "family_name": "Lovelace",
        "phonetic_given_name": "Eida",
        "phonetic_family_name": "Lavleis",
        "honorific_prefix": "Lady",
        "nickname": "A. A. L.",
        "company": [{"name": "Analytical Engines"}],
        "job_title": "Programmer",
        "department": "Notes",
        "birth_date": "1815-12-10",
        "notes": "Met at the fair",
        "tag": ["VIP", "Press"],
        "email": [
            {"value": "ada@engines.example", "label": "work", "is_primary": True},
            {"value": "ada@home.example", "label": "home"},
            {"value": "ada@club.example", "label": "home"},
        ],
        "phone": [
            {"raw": "+44 20 7946 0958", "label": "mobile"},
            {"raw": "+44 20 7946 0001", "label": "mobile"},
        ],
        "address": [
            {
                "label": "home",
                "street_address": "12 St James's Square",
                "locality": "London",
                "postal_code": "SW1Y 4LB",
                "country_code": "GB",
            }
        ],
        "url": [{"value": "https://ada.example", "label": "blog"}],
        "set": [{"spouse": "William King"}, {"anniversary": "1835-07-08"}, {"shoe_size": "38"}],
    }


def test_a_person_of_the_old_export() -> None:
    found = old(
        {
            "Yomi Name": "",
            "Given Name Yomi": "Eida",
            "Occupation": "Mathematician",
            "Language": "en-GB",
            "E-mail 1 - Type": "* ",
            "E-mail 1 - Value": "ada@engines.example",
            "Organization 1 - Type": "",
            "Organization 1 - Name": "Analytical Engines",
            "Organization 1 - Title": "Programmer",
            "Organization 2 - Name": "Royal Society",
            "Organization 2 - Title": "Guest",
            "Event 1 - Type": "Birthday",
            "Event 1 - Value": " --12-10",
            "IM 1 - Type": "Other",
            "IM 1 - Service": "Jabber",
            "IM 1 - Value": "ada@chat.example",
        }
    )
    assert found == {
        "name": "Ada Lovelace",
        "given_name": "Ada",
        "family_name": "Lovelace",
        "phonetic_given_name": "Eida",
        "preferred_language": "en-GB",
        "email": [{"value": "ada@engines.example", "is_primary": True}],
        "company": [{"name": "Analytical Engines"}, {"name": "Royal Society", "role": "Guest"}],
        "job_title": "Programmer",
        "birth_date": "--12-10",
        "set": [{"occupation": "Mathematician"}, {"jabber": "ada@chat.example"}],
    }


@pytest.mark.parametrize("groups", ["* myContacts", "* My Contacts", "* starred ::: * myContacts", "*"])
def test_groups_of_googles_own_are_no_tags(groups: str) -> None:
    assert "tag" not in new(Labels=groups)


@pytest.mark.parametrize(("label", "kept"), [("* Mobile", "mobile"), ("*", None), ("", None), ("Obsolete", None)])
def test_a_star_marks_the_primary_entry(label: str, kept: str | None) -> None:
    (entry,) = values(FORMATS, NEW | {"Phone 1 - Label": label, "Phone 1 - Value": "12345"})["phone"]
    assert entry.get("label") == kept
    assert entry.get("is_primary", False) == label.startswith("*")


def test_columns_are_numbered_as_far_as_needed() -> None:
    row = NEW | {f"E-mail {n} - Value": f"ada{n}@engines.example" for n in range(1, 31)}
    assert len(values(FORMATS, row)["email"]) == 30


def test_a_birthday_that_differs_from_the_event_is_kept() -> None:
    found = values(
        FORMATS, NEW | {"Birthday": "1815-12-10", "Event 1 - Label": "Birthday", "Event 1 - Value": "1815-12-11"}
    )
    assert found["birth_date"] == "1815-12-10"
    assert custom(found) == {"birthday": "1815-12-11"}


def test_fields_of_one_name_are_all_kept() -> None:
    found = values(
        FORMATS,
        NEW
        | {"Relation 1 - Label": "Child", "Relation 1 - Value": "Byron ::: Annabella"}
        | {"Relation 2 - Label": "Child", "Relation 2 - Value": "Ralph"}
        | {"Custom Field 1 - Label": "", "Custom Field 1 - Value": "blue"},
    )
    assert custom(found) == {"child": "Byron", "child_2": "Annabella", "child_3": "Ralph", "custom_field": "blue"}


@pytest.mark.parametrize(
    ("header", "mark"),
    [
        (("google", CERTAIN), "First Name,Last Name,File As,Labels,E-mail 1 - Value"),
        (("google", LIKELY), "First Name,Last Name,Labels,E-mail 1 - Value"),
        (("google-old", CERTAIN), "Name,Given Name,Family Name,Group Membership"),
        (("google-old", LIKELY), "Name,Given Name,Family Name,Phone 1 - Type,Phone 1 - Value"),
        (("", 0), "First Name,Last Name,Email"),
        (("", 0), "Given Name,Family Name,Email"),
    ],
)
def test_each_export_is_recognised(header: tuple[str, int], mark: str) -> None:
    assert best(FORMATS, source(mark + "\n")) == header
