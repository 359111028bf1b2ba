"""Finding out how a table is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.importers.tablelayout import layout
from tests.importers.tables import source

ROWS = "Ada,Lovelace,ada@engines.example\nGrace,Hopper,grace@navy.example\n"


def found(text: str | bytes) -> tuple[str, tuple[str, ...], int] | None:
    form = layout(source(text))
    return tuple(form) if form else None


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_counted(delimiter: str) -> None:
    text = ("First,Last,Mail\n" + ROWS).replace(",", delimiter)
    assert found(text) == (delimiter, ("First", "Last", "Mail"), 0)


@pytest.mark.parametrize(
    ("text", "delimiter", "before"),
    [
        ("a;b;c\n1,5;2,5;3,5\n4,5;5,5;6,5\n", ";", 0),  # decimal commas
        ("a,b\nx;y;z,1\nx;y;z,2\n", ",", 0),
        ('a,b,c\n"one, two",2,3\n', ",", 0),
        ('a,"b\nb",c\n1,2,3\n', ",", 0),  # a line end in the header
        ("\n\na,b\n1,2\n", ",", 2),
        ('Notes:\n"A sentence, with a comma."\n\na,b,c\n1,2,3\n', ",", 3),
        ("Exported by Ada, 12 Mar\n\na,b,c,d\n1,2,3,4\n", ",", 2),
        ("sep=;\na;b\n1;2\n", ";", 1),
        ("sep=#\na#b\n1#2\n", "#", 1),
        ("a,b,c\n1\n", ",", 0),
        ("a,b,c,d\n1,2\n1,2,3\n", ",", 0),  # rows that end early
        ("a,b,c\n", ",", 0),
        ('Notes:\n"A sentence, with a comma."\n\na,b,c\n', ",", 3),
        ("mail\nada@engines.example\n", ",", 0),
        ("a,b,c\r1,2,3\r4,5,6\r", ",", 0),
        ("\ufeffa,b\n1,2\n", ",", 0),
        ("a,b\n1\u20282\x0b3,4\n", ",", 0),
    ],
)
def test_the_header_is_found(text: str, delimiter: str, before: int) -> None:
    form = found(text)
    assert form is not None
    assert (form[0], form[2]) == (delimiter, before)


def test_a_quote_that_is_never_closed_below_the_header_does_not_hide_it() -> None:
    form = found('First,Last,Mail\n"' + ROWS * 20)
    assert form == (",", ("First", "Last", "Mail"), 0)


def test_a_last_line_that_was_cut_off_does_not_count() -> None:
    form = found("a,b,c\n" + "1,2,3\n" + "x" * 70_000)
    assert form == (",", ("a", "b", "c"), 0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\n",
        '{"name": "Ada"}',
        '[{"name": "Ada"}]',
        "BEGIN:VCARD\nVERSION:3.0\n",
        "From ada@engines.example Fri Nov 20 10:00:00 2026\nSubject: a,b\n",
        "Received: from engines.example, by navy.example\n",
        b"PK\x03\x04\x14\x00\x00\x00",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        "\0" * 1000,
        "a," * 3000,
    ],
)
def test_what_is_no_table_is_none(text: str | bytes) -> None:
    assert found(text) is None


def test_a_header_may_begin_with_from() -> None:
    assert found("From,To\nAda,Grace\n") == (",", ("From", "To"), 0)


@given(st.text(max_size=400) | st.text(alphabet='a,;\t|"\n\r', max_size=200))
def test_any_text_is_looked_at_without_harm(text: str) -> None:
    form = layout(source(text.encode("utf-8", "surrogatepass")))
    assert form is None or any(cell.strip() for cell in form.header)
