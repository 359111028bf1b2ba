"""Records of tables, and the table of what was refused."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.importers import table
from crmcli.importers.base import Columns, Draft, Item, Refused
from crmcli.importers.rowreader import Values
from tests.importers.tables import source

TARGETS = ("given_name", "family_name", "email")
HEADER = "First,Last,Mail\n"


def columns(targets: tuple[str, ...] = TARGETS) -> Columns:
    return Columns(("First", "Last", "Mail"), targets)


def read(text: str, **more: object) -> list[Item]:
    return list(table.drafts(source(HEADER + text), "contact", columns(), **more))  # type: ignore[arg-type]


def test_a_row_is_a_draft_with_its_line_and_its_cells() -> None:
    assert read("Ada,Lovelace,ada@engines.example\n") == [
        Draft(
            "contact",
            {"given_name": "Ada", "family_name": "Lovelace", "email": [{"value": "ada@engines.example"}]},
            2,
            ["Ada", "Lovelace", "ada@engines.example"],
        )
    ]


@pytest.mark.parametrize("text", ["", "\n\n", ",,\n", " , ,\n", "  \n"])
def test_empty_rows_are_no_records(text: str) -> None:
    assert read(text) == []


def test_rows_that_end_early_or_late_fit() -> None:
    found = read("Ada,Lovelace\nGrace,Hopper,grace@navy.example,,\n")
    assert [item.raw for item in found] == [["Ada", "Lovelace", ""], ["Grace", "Hopper", "grace@navy.example"]]


def test_rows_of_another_shape_are_refused() -> None:
    assert read("Ada,Lovelace,ada@engines.example,surplus\nalone\n") == [
        Refused(2, ["Ada", "Lovelace", "ada@engines.example", "surplus"], "the row has 4 cells, the header 3"),
        Refused(3, ["alone"], "the row has 1 cells, the header 3"),
    ]


def test_a_row_with_nothing_that_was_understood_is_refused() -> None:
    found = list(table.drafts(source(HEADER + "Ada,,\n"), "contact", columns(("", "family_name", "email"))))
    assert found == [Refused(2, ["Ada", "", ""], "no column that was understood holds anything")]


def test_a_finish_changes_the_noun_and_refuses() -> None:
    def finish(values: Values, cells: list[str]) -> str | None:
        if cells[0] == "Total":
            raise ValueError("the row is a total")
        values["tag"] = ["new"]
        return "company" if cells[0] == "Engines" else None

    found = read("Ada,,\nEngines,,\nTotal,,\n", finish=finish)
    assert [(item.noun, item.values["tag"]) for item in found if isinstance(item, Draft)] == [
        ("contact", ["new"]),
        ("company", ["new"]),
    ]
    assert found[2] == Refused(4, ["Total", "", ""], "the row is a total")


def test_a_birthday_is_read_as_the_column_writes_it() -> None:
    text = "First,Born\nAda,3/4/1815\nGrace,25/12/1906\n"
    found = table.drafts(source(text), "contact", Columns(("First", "Born"), ("given_name", "birth_date")))
    assert [item.values["birth_date"] for item in found if isinstance(item, Draft)] == ["1815-04-03", "1906-12-25"]


# --- rejects


def test_refused_rows_are_written_with_line_and_reason() -> None:
    file = source('First;Last;Mail\nGrace;Hopper;x;y\n"Ada;Lovelace;\n')
    refused = [item for item in table.drafts(file, "contact", columns()) if isinstance(item, Refused)]
    assert b"".join(table.rejects(file, refused)).decode() == (
        "First;Last;Mail;_line;_reason\r\n"
        "Grace;Hopper;x;2;the row has 4 cells, the header 3;y\r\n"
        '"""Ada;Lovelace;";;;3;a quote is opened and never closed\r\n'
    )


def test_rejects_of_rejects_have_the_two_columns_once() -> None:
    file = source("First,_line,_reason\nAda,7,wrong\n")
    text = b"".join(table.rejects(file, [Refused(2, ["Ada", "7", "wrong"], "still wrong")])).decode()
    assert text == "First,_line,_reason\r\nAda,2,still wrong\r\n"


@given(st.lists(st.lists(st.text(max_size=10), min_size=2, max_size=2), min_size=1, max_size=5))
def test_what_is_rejected_can_be_read_again_as_it_was(rows: list[list[str]]) -> None:
    file = source("a,b\n1,2\n")
    refused = [Refused(number, row, "why\nnot") for number, row in enumerate(rows, 2)]
    text = b"".join(table.rejects(file, refused)).decode()
    read = list(csv.reader(io.StringIO(text, newline="")))[1:]
    clean = [[cell.encode("utf-8", "replace").decode() for cell in row] for row in rows]
    assert read == [[*row, str(entry.place), "why\nnot"] for row, entry in zip(clean, refused, strict=True)]


# --- what is hopeless


def items(refused: int, accepted: int) -> list[Item]:
    return [Draft("contact", {"name": "x"}, 1, [])] * accepted + [Refused(5, "", "no")] * refused


def test_a_file_that_is_no_table_after_all_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MOST_REFUSED", 100)
    found = list(table.bounded(items(500, 3)))
    assert len(found) == 104
    assert found[-1] == Refused(6, "", "from here on nothing is read: 100 rows are refused, 3 are not")


def test_a_file_with_some_errors_is_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MOST_REFUSED", 100)
    assert len(list(table.bounded(items(500, 60)))) == 560


@pytest.mark.parametrize("line", ['x","y\n', "a,b,c,d\n", '"a\n'])
def test_a_table_of_nothing_but_errors_is_given_up(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MOST_REFUSED", 500)
    found = read(line * 60_000)
    assert all(isinstance(item, Refused) for item in found)
    assert len(found) < 50_000
    assert found[-1].raw == ""
