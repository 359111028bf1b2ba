"""`crm field`."""

import pytest

from tests.conftest import Crm


def test_a_field_is_declared_listed_and_taken_back(crm: Crm) -> None:
    assert crm.ok("field", "add", "trees", "--type", "number", "--description", "How many trees") == "trees\n"
    choices = ["--choice", "small", "--choice", "large"]
    assert crm.ok("field", "add", "Size", "--type", "choice", *choices, tty=True) == "Added field size (choice)\n"
    document = crm.json("field", "list")
    assert document["schema"] == "crm.field.list/1"
    assert document["items"] == [
        {"id": "size", "name": "size", "type": "choice", "choices": ["small", "large"], "description": None},
        {"id": "trees", "name": "trees", "type": "number", "choices": [], "description": "How many trees"},
    ]
    assert crm.ok("field", "rm", "trees") == "trees\n"
    assert [item["name"] for item in crm.json("field", "list")["items"]] == ["size"]


def test_a_declared_field_checks_its_values(crm: Crm) -> None:
    crm.ok("field", "add", "trees", "--type", "number")
    result = crm("contact", "add", "Ada", "--set", "trees=many")
    assert (result.code, result.out) == (2, "")
    assert "'many' is not a number" in result.err
    added = crm.ok("contact", "add", "Ada", "--set", "trees=12").strip()
    assert crm.json("contact", "show", added)["item"]["custom"] == {"trees": "12"}


def test_a_field_with_values_stays(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada", "--set", "source=fair")
    result = crm("field", "rm", "source")
    assert (result.code, result.out) == (2, "")
    assert "has 1 values" in result.err
    assert crm.ok("contact", "list", "--fields", "id") == "id\nc1\n"


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["add", "1st"], 2, "'1st' cannot name a field"),
        (["add", "job title"], 2, "is a field that every record has"),
        (["add", "x", "--type", "numbre"], 2, "did you mean number"),
        (["add", "x", "--type", "choice"], 2, "has 0 choices"),
        (["add", "x", "--choice", "a"], 2, "has 1 choices"),
        (["rm", "treez"], 3, "did you mean trees?"),
    ],
)
def test_what_is_refused(crm: Crm, args: list[str], code: int, words: str) -> None:
    crm.ok("field", "add", "trees")
    result = crm("field", *args)
    assert (result.code, result.out) == (code, "")
    assert words in result.err
    assert [item["name"] for item in crm.json("field", "list")["items"]] == ["trees"]


def test_no_fields_yet(crm: Crm) -> None:
    assert "crm field add NAME" in crm("field", "list", tty=True).err
    assert crm.json("field", "list")["items"] == []


def test_a_name_means_the_same_however_it_is_spelt(crm: Crm) -> None:
    assert crm.ok("field", "add", "Best-Time") == "best_time\n"
    crm.ok("contact", "add", "Ada", "--set", "best time=noon", "--prefer", "Call-Time=before eight")
    item = crm.json("contact", "show", "c1")["item"]
    assert (item["custom"], item["preferences"]) == ({"best_time": "noon"}, {"call_time": "before eight"})
    for query in ("best-time:noon", "custom.Best_Time:noon", "pref.call-time~eight", "pref.call_time~eight"):
        assert crm.ok("contact", "list", query, "-o", "ids") == "c1\n", query
    crm.ok("contact", "edit", "c1", "--unset", "BEST-TIME", "--prefer", "call time=")
    item = crm.json("contact", "show", "c1")["item"]
    assert (item["custom"], item["preferences"]) == ({}, {})
    assert crm.ok("field", "rm", "best-time") == "best_time\n"
