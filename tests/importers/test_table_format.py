"""Making a format of a table."""

import re

import pytest

from crmcli.importers.base import CERTAIN, LIKELY, NO, Draft
from crmcli.importers.table_format import custom_field, marked_by, meanings, table_format
from crmcli.kernel.errors import UsageError
from tests.importers.tables import source

KNOWN = {"full name": "name", "mail": "email.work", "rolodex no": "external.rolodex", "photo": ""}
ROLODEX = table_format(
    "rolodex", "Rolodex contacts", "contact", marked_by("rolodex no"), lambda header: meanings(header, KNOWN)
)
TEXT = "Full Name,Mail,Rolodex_No,Photo,Shoe size,_line,_reason\nAda Lovelace,ada@engines.example,7,x.png,38,2,wrong\n"


def test_a_few_lines_make_an_importer() -> None:
    file = source(TEXT)
    assert ROLODEX.match(file) == CERTAIN
    (draft,) = ROLODEX.read(file)
    assert isinstance(draft, Draft)
    assert draft.values == {
        "name": "Ada Lovelace",
        "email": [{"value": "ada@engines.example", "label": "work"}],
        "external": ["rolodex:7"],
        "set": [{"shoe_size": "38"}],
    }


def test_columns_may_be_given_other_meanings() -> None:
    file = source(TEXT)
    assert ROLODEX.columns is not None
    assert ROLODEX.with_columns is not None
    columns = ROLODEX.columns(file)
    assert columns.targets == ("name", "email.work", "external.rolodex", "", "set.shoe_size", "", "")
    other = ROLODEX.with_columns(columns._replace(targets=("nickname", "", "", "", "", "", "")))
    (draft,) = other.read(file)
    assert isinstance(draft, Draft)
    assert draft.values == {"nickname": "Ada Lovelace"}
    assert other.columns is not None
    assert other.columns(file).targets[0] == "nickname"


def test_other_files_are_not_of_it() -> None:
    assert ROLODEX.match(source("Name,Mail\nAda,x\n")) == NO
    assert ROLODEX.match(source("")) == NO


def test_what_is_no_table_is_said_when_it_is_read() -> None:
    with pytest.raises(UsageError, match=r"people.txt holds no table"):
        next(ROLODEX.read(source("", "people.txt")))


def test_a_header_is_known_by_its_marks() -> None:
    match = marked_by("a", "b", without=("c",), score=LIKELY)
    assert [match(header) for header in (("a", "b"), ("a", "b", "x"), ("a",), ("a", "b", "c"))] == [
        LIKELY,
        LIKELY,
        NO,
        NO,
    ]


def test_titles_have_meanings_by_name_then_by_pattern_then_as_fields() -> None:
    patterns = ((re.compile(r"mail (\d+)"), r"email#\1"),)
    header = ("mail 1", "mail 2", "photo", "size", "size", "", "!")
    assert meanings(header, KNOWN, patterns) == ("email#1", "email#2", "", "set.size", "set.size_2", "", "set.field")
    assert meanings(header, KNOWN, custom=False) == ("",) * 7


def test_custom_fields_do_not_share_a_name() -> None:
    taken = ["set.size", "set.size_2"]
    assert custom_field("Size", taken) == "set.size_3"
    assert len(custom_field("x" * 80, ["set." + "x" * 60])) <= len("set.") + 60
