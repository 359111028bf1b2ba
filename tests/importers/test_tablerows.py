"""The rows of a table: those that are well written whole, and of the others no more lost than must be."""

import csv
import io
import random

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from crmcli.importers import tablerows
from crmcli.importers.base import Refused
from crmcli.importers.source import by_zeros
from crmcli.importers.tablelayout import Layout
from crmcli.importers.tablerows import Row, rows
from tests.importers.tables import source

FORM = Layout(",", ("a", "b", "c"), 0)
HEADER = "a,b,c\n"


def read(text: str, form: Layout = FORM) -> list[Row | Refused]:
    return list(rows(source(text), form))


def cells(text: str, form: Layout = FORM) -> list[list[str]]:
    """The cells of a table without a fault."""
    found = read(text, form)
    assert all(isinstance(row, Row) for row in found), found
    return [row.cells for row in found if isinstance(row, Row)]


def test_rows_are_told_with_their_lines() -> None:
    text = 'a,b,c\n1,2,3\n\n4,"5\n5",6\r\n7,8,9\r10,11,12'
    assert read(text) == [
        Row(2, ["1", "2", "3"]),
        Row(4, ["4", "5\n5", "6"]),
        Row(6, ["7", "8", "9"]),
        Row(7, ["10", "11", "12"]),
    ]


def test_what_stands_before_the_header_is_passed_over() -> None:
    form = Layout(";", ("a", "b\nb"), 2)
    assert read('Notes:\n\na;"b\nb"\n1;2\n', form) == [Row(5, ["1", "2"])]


def test_a_quote_that_is_never_closed_costs_its_line() -> None:
    found = read(HEADER + '1,2,3\n"4,5,6\n7,8,9\n')
    assert found == [
        Row(2, ["1", "2", "3"]),
        Refused(3, '"4,5,6', "a quote is opened and never closed"),
        Row(4, ["7", "8", "9"]),
    ]


def test_two_stray_quotes_do_not_swallow_the_rows_between() -> None:
    found = read(HEADER + '1,2,"3\n4,5,6\n7,"8,9\n10,11,12\n')
    assert [row.line for row in found if isinstance(row, Row)] == [3, 5]
    assert [row.place for row in found if isinstance(row, Refused)] == [2, 4]


def test_a_quote_within_a_quoted_cell_is_said() -> None:
    (row,) = read(HEADER + '1,"say "hi" now",3\n')
    assert row == Refused(2, '1,"say "hi" now",3', "a quote stands within a cell that is quoted; write it twice")


def test_lines_of_a_broken_row_are_no_rows_of_their_own() -> None:
    found = read(HEADER + '1,2,"Dear Ada,\nsee you, perhaps\nGrace\n4,5,6\n')
    assert [row.reason for row in found if isinstance(row, Refused)] == [
        "a quote is opened and never closed",
        "the line belongs to a row whose quote is never closed",
        "the line belongs to a row whose quote is never closed",
    ]
    assert found[-1] == Row(5, ["4", "5", "6"])


def test_a_nul_is_refused_with_its_row_alone() -> None:
    assert read(HEADER + "1,2,3\n4,\0,6\n7,8,9\n") == [
        Row(2, ["1", "2", "3"]),
        Refused(3, ["4", "\0", "6"], "a cell holds a NUL character"),
        Row(4, ["7", "8", "9"]),
    ]


def test_a_cell_may_be_as_long_as_a_book() -> None:
    long = 'the "book",\n' * 15_000
    assert cells(HEADER + '1,"' + long.replace('"', '""') + '",3\n4,5,6\n') == [["1", long, "3"], ["4", "5", "6"]]


def test_a_cell_without_end_is_given_up_and_the_rest_read() -> None:
    found = read(HEADER + '1,"' + "x,y,z\n" * (tablerows.MOST_LINES + 10))
    assert found[0] == Refused(2, '1,"x,y,z', "a quote is opened and never closed")
    assert len(found) == tablerows.MOST_LINES + 10
    assert all(isinstance(row, Row) for row in found[1:])


def test_a_row_of_far_too_many_cells_is_not_taken_apart() -> None:
    (row,) = read(HEADER + "," * 300_000 + "\n")
    assert isinstance(row, Refused)
    assert row.reason == "the row has more than 200,000 cells"


@pytest.mark.parametrize(
    "line", ['x","y\n', '"abc,d\n', 'a"b,"c\n', '"\n', 'a,b,"c\n', '"""x\n', '"a\n' + "b\n" * 50, "\0\n", "\n", ",\n"]
)
def test_files_full_of_stray_quotes_are_read_to_their_end(line: str) -> None:
    found = read(HEADER + line * 3000 + "\n1,2,3\n")
    last = found[-1]
    assert isinstance(last, Row | Refused)
    assert last.line if isinstance(last, Row) else last.place
    places = [row.line if isinstance(row, Row) else row.place for row in found]
    assert places == sorted(set(places))


def test_a_million_empty_lines_are_counted() -> None:
    assert read(HEADER + "\r\n" * 300_000 + "\n" * 400_000 + "\r" * 300_000 + "1,2,3\n") == [
        Row(1_000_002, ["1", "2", "3"])
    ]


def test_pieces_of_a_long_file_fit_together() -> None:
    rng = random.Random(1)
    words = ["", "x", "Ada", 'say "hi"', "two\nlines", "a,b", "ü" * 30, "y" * 900]
    table = [[rng.choice(words) for _ in range(3)] for _ in range(5000)]
    text = io.StringIO()
    csv.writer(text).writerows([["a", "b", "c"], *table])
    assert cells(text.getvalue()) == table


CELL = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)


@given(
    st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=8),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_careful_program_wrote_is_read_as_it_was(table: list[list[str]], delimiter: str, end: str) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(
        [["a", "b", "c"], *table]
    )
    assert cells(text.getvalue(), Layout(delimiter, ("a", "b", "c"), 0)) == table


@given(st.text(alphabet='ab,"\n\r\0 ', max_size=60))
@example("\0a\0a\0a\0")
def test_every_line_belongs_to_a_row(text: str) -> None:
    """All that was in the file is in its rows, or in what is refused."""
    assume(by_zeros((HEADER + text).encode()) is None)  # every second byte a zero is UTF-16, and another text
    found = read(HEADER + text)
    seen = "".join(
        "".join(row.cells) if isinstance(row, Row) else row.raw if isinstance(row.raw, str) else "".join(row.raw)
        for row in found
    )
    assert [seen.count(letter) for letter in "ab"] == [text.count(letter) for letter in "ab"]
