"""The stages that a contact went through, as the journal knows them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Crm


def at(day: int) -> dict[str, str]:
    return {"CRM_NOW": f"2026-11-{day:02}T10:00:00Z"}


def stays(crm: Crm, who: str, kind: str = "stages") -> list[tuple[str, str | None]]:
    found: Sequence[dict[str, Any]] = crm.json("lead", "show", who)["item"][kind]
    ends = [one["left_at"] for one in found]
    assert ends[:-1] == [max(one["entered_at"], end) for one, end in zip(found[:-1], ends[:-1], strict=True)]
    return [(one[kind.removesuffix("es") if kind == "statuses" else "stage"], one["entered_at"]) for one in found]


@pytest.fixture
def lead(crm: Crm) -> Crm:
    """A lead of 1 November, qualified on the 5th, and again on the 9th."""
    crm.ok("lead", "add", "Ada Lovelace", env=at(1))
    crm.ok("lead", "qualify", "c1", env=at(5))
    crm.ok("lead", "qualify", "c1", env=at(9))
    return crm


def test_every_change_has_its_date(lead: Crm) -> None:
    lead.ok("contact", "edit", "c1", "--lifecycle-stage", "lead", env=at(12))
    days = [(stage, moment and moment[8:10]) for stage, moment in stays(lead, "c1")]
    assert days == [("lead", "01"), ("marketing_qualified", "05"), ("sales_qualified", "09"), ("lead", "12")]
    assert [status for status, _ in stays(lead, "c1", "statuses")] == ["new", "qualified"]


def test_what_was_taken_back_does_not_count_and_what_was_brought_back_does(lead: Crm) -> None:
    lead.ok("undo", env=at(10))
    assert [stage for stage, _ in stays(lead, "c1")] == ["lead", "marketing_qualified"]
    lead.ok("redo", env=at(11))
    assert stays(lead, "c1")[-1] == ("sales_qualified", "2026-11-09T10:00:00Z")


def test_a_contact_that_was_made_as_something_else(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada", env=at(1))
    assert stays(crm, "c1") == []
    crm.ok("contact", "edit", "c1", "--lifecycle-stage", "lead", env=at(3))
    crm.ok("contact", "edit", "c1", "--lifecycle-stage", "", env=at(4))
    crm.ok("contact", "edit", "c1", "--lifecycle-stage", "lead", env=at(7))
    assert stays(crm, "c1") == [("lead", "2026-11-03T10:00:00Z"), ("lead", "2026-11-07T10:00:00Z")]


def test_imported_ones(crm: Crm, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("Name,E-mail,Lifecycle stage\nAda Lovelace,ada@x.example,lead\n")
    crm.ok("import", str(file), env=at(2))
    crm.ok("lead", "qualify", "c1", env=at(5))
    assert [(stage, str(moment)[8:10]) for stage, moment in stays(crm, "c1")] == [
        ("lead", "02"),
        ("marketing_qualified", "05"),
    ]


def test_a_stage_that_came_by_a_merge_is_as_old_as_it_is(lead: Crm) -> None:
    lead.ok("contact", "add", "A. Lovelace", env=at(2))
    lead.ok("contact", "merge", "c2", "c1", "--yes", env=at(14))
    found = stays(lead, "c2")
    assert [(stage, str(moment)[8:10]) for stage, moment in found] == [
        ("lead", "01"),
        ("marketing_qualified", "05"),
        ("sales_qualified", "09"),
    ]
    lead.ok("undo", env=at(15))
    assert stays(lead, "c2") == []
    assert len(stays(lead, "c1")) == 3


def test_a_merge_keeps_the_history_of_the_one_that_had_a_stage(lead: Crm) -> None:
    lead.ok("lead", "add", "A. Lovelace", env=at(3))
    lead.ok("contact", "merge", "c1", "c2", "--yes", env=at(14))
    assert [stage for stage, _ in stays(lead, "c1")] == ["lead", "marketing_qualified", "sales_qualified"]


def test_what_the_journal_lost_is_passed_over(lead: Crm) -> None:
    if lead.dialect != "sqlite":
        pytest.skip("one database is enough: the rows are read alike")
    import sqlite3

    connection = sqlite3.connect(lead.place)
    erased = "UPDATE change SET before = NULL, after = NULL, salt = NULL, digest = 'x'"
    connection.execute(f"{erased} WHERE noun = 'contact' AND operation_id = 2")
    connection.commit()
    connection.close()
    assert [stage for stage, _ in stays(lead, "c1")] == ["lead", "sales_qualified"]
