"""Who moved a follow-up from when to when, and gave it from whom to whom."""

from typing import Any

import pytest

from crmcli.app import App
from crmcli.kernel.errors import NotFound, UsageError


@pytest.fixture
def planned(app: App) -> App:
    """A follow-up of ada, and bob."""
    app.users.add("bob", {})
    app.contacts.add("Ada Lovelace", {})
    app.followups.add("c1", "Call", {"due": "2026-11-24 15:00"})
    return app


def ends(found: list[dict[str, Any]]) -> list[tuple[str | None, str | None]]:
    return [(entry["from"], entry["to"]) for entry in found]


def test_moves_are_told_with_who_made_them(planned: App) -> None:
    planned.followups.snooze(["f1"], "+1w")
    planned.followups.edit("f1", {"due": "2026-11-30", "note": "x"})
    planned.followups.edit("f1", {"note": "y"})
    moves = planned.followups.detail("f1")["moves"]
    assert ends(moves) == [
        ("2026-11-24T15:00:00Z", "2026-11-27T00:00:00Z"),
        ("2026-11-27T00:00:00Z", "2026-11-30T00:00:00Z"),
    ]
    assert {(entry["at"], entry["by"]) for entry in moves} == {("2026-11-20T10:00:00Z", "ada")}


def test_what_was_taken_back_is_left_out_and_what_was_brought_back_is_not(planned: App) -> None:
    planned.followups.snooze(["f1"], "+1w")
    once = planned.followups.detail("f1")["moves"]
    undone = planned.history.undo()["id"]
    assert planned.followups.detail("f1")["moves"] == []
    planned.history.undo(undone)
    assert planned.followups.detail("f1")["moves"] == once


def test_a_whole_day_gets_a_time_and_loses_it(planned: App) -> None:
    planned.followups.add("c1", "Write", {"due": "2026-11-24"})
    timed = planned.followups.snooze(["f2"], "2026-11-25 9:00")[0]
    assert (timed["due_at"], timed["all_day"]) == ("2026-11-25T09:00:00Z", False)
    whole = planned.followups.snooze(["f2"], "2026-11-26")[0]
    assert (whole["due_at"], whole["all_day"], whole["snooze_count"]) == ("2026-11-26T00:00:00Z", True, 2)
    assert whole["first_due_at"] == "2026-11-24T00:00:00Z"


def test_assigning_gives_and_takes(planned: App) -> None:
    assert planned.followups.assign(["f1"], "Bob")[0]["owner"] == "bob"
    assert [item["id"] for item in planned.queue.page(buckets=("week", "later")).items] == []
    assert planned.followups.assign(["f1"], None)[0]["owner"] is None
    assert planned.followups.assign(["f1"], "me")[0]["owner"] == "ada"
    record = planned.followups.detail("f1")
    assert ends(record["assignments"]) == [("ada", "bob"), ("bob", None), (None, "ada")]
    assert record["moves"] == []


def test_assigning_to_nobody_that_exists_changes_nothing(planned: App) -> None:
    with pytest.raises(NotFound, match="bbo"):
        planned.followups.assign(["f1"], "bbo")
    planned.followups.add("c1", "Write", {"due": "+1d"})
    planned.followups.done(["f2"], {})
    with pytest.raises(UsageError, match="f2 is done already"):
        planned.followups.assign(["f1", "f2"], "bob")
    assert planned.followups.get(1)["owner"] == "ada"
