"""What is left of the targets of a case: what was allowed less what was taken, whatever pauses there were, and when."""

import pytest

from crmcli.app import App
from tests.services.test_cases import at, due, opened, told

# The usual hours, Monday to Friday, 9 to 17 UTC. Monday is 1 June 2026. An urgent case is to be answered within one
# hour of business and resolved within eight; of high priority within four and sixteen.
HOUR = 3600
ALLOWED = {"urgent": (HOUR, 8 * HOUR), "high": (4 * HOUR, 16 * HOUR)}
MISSED = ("2026-06-01T10:00:00Z", "2026-06-01T17:00:00Z")
# priority; steps of (day and time of June, step); when it is looked at; the targets; hours taken of each
PAUSES = {
    "pending after the miss": (
        "urgent",
        [("01T09:00", "reply"), ("02T10:00", "pending"), ("03T10:00", "reopen")],
        "03T10:00",
        MISSED,
        (0, 9),
    ),
    "and it runs on": (
        "urgent",
        [("01T09:00", "reply"), ("02T10:00", "pending"), ("03T10:00", "reopen")],
        "03T12:00",
        MISSED,
        (0, 11),
    ),
    "while it is pending after the miss": (
        "urgent",
        [("01T09:00", "reply"), ("02T10:00", "pending")],
        "05T16:00",
        MISSED,
        (0, 9),
    ),
    "resolved after the miss": (
        "urgent",
        [("01T09:00", "reply"), ("02T10:00", "resolve"), ("03T10:00", "reopen")],
        "03T10:00",
        MISSED,
        (0, 9),
    ),
    "while it is resolved after the miss": (
        "urgent",
        [("01T09:00", "reply"), ("02T10:00", "resolve")],
        "05T16:00",
        MISSED,
        (0, 9),
    ),
    "resolved, closed, reopened after the miss": (
        "urgent",
        [("01T09:00", "reply"), ("02T10:00", "resolve"), ("02T12:00", "close"), ("04T10:00", "reopen")],
        "04T11:00",
        MISSED,
        (0, 10),
    ),
    "closed out of pending after the miss": (
        "urgent",
        [("01T09:00", "reply"), ("02T10:00", "pending"), ("03T10:00", "close"), ("04T10:00", "reopen")],
        "04T10:00",
        MISSED,
        (0, 9),
    ),
    "two pauses after the miss, and the weekend": (
        "urgent",
        [
            ("01T09:00", "reply"),
            ("02T10:00", "pending"),
            ("02T12:00", "reopen"),
            ("05T16:00", "pending"),
            ("08T11:00", "reopen"),
        ],
        "08T12:00",
        MISSED,
        # Monday 8, Tuesday 1 + 5, Wednesday and Thursday 8 each, Friday 7, Monday 1
        (0, 38),
    ),
    "one pause before the miss and one after": (
        "urgent",
        [
            ("01T09:00", "reply"),
            ("01T12:00", "pending"),
            ("01T14:00", "reopen"),
            ("02T12:00", "pending"),
            ("03T09:00", "reopen"),
        ],
        "03T09:30",
        ("2026-06-01T10:00:00Z", "2026-06-02T11:00:00Z"),
        (0, 9.5),
    ),
    "pending before the miss": (
        "urgent",
        [("01T09:00", "reply"), ("01T12:00", "pending"), ("02T12:00", "reopen")],
        "02T13:00",
        ("2026-06-01T10:00:00Z", "2026-06-02T17:00:00Z"),
        (0, 4),
    ),
    "pending at the very instant is not missed": (
        "urgent",
        [("01T09:00", "reply"), ("01T17:00", "pending"), ("03T10:00", "reopen")],
        "03T11:00",
        ("2026-06-01T10:00:00Z", "2026-06-03T10:00:00Z"),
        (0, 9),
    ),
    "never answered, pending after the answer was missed": (
        "high",
        [("01T15:00", "pending"), ("02T15:00", "reopen")],
        "03T10:00",
        ("2026-06-01T13:00:00Z", "2026-06-03T17:00:00Z"),
        (9, 9),
    ),
    "answered while it is pending": (
        "high",
        [("01T11:00", "pending"), ("01T15:00", "log")],
        "03T10:00",
        ("2026-06-01T17:00:00Z", "2026-06-02T17:00:00Z"),
        (2, 2),
    ),
    "answered late while it is pending": (
        "high",
        [("01T15:00", "pending"), ("01T16:00", "log"), ("02T10:00", "reopen")],
        "02T12:00",
        ("2026-06-01T13:00:00Z", "2026-06-03T12:00:00Z"),
        (6, 8),
    ),
    "an answer from before a pause is logged after it": (
        "high",
        [("01T11:00", "pending"), ("01T13:00", "reopen"), ("01T14:00", "log 01T10:00")],
        "01T15:00",
        ("2026-06-01T13:00:00Z", "2026-06-03T11:00:00Z"),
        (1, 4),
    ),
    "an answer from within a pause is logged after another one": (
        "high",
        [
            ("01T10:00", "pending"),
            ("01T12:00", "reopen"),
            ("01T13:00", "pending"),
            ("01T14:00", "reopen"),
            ("01T15:00", "log 01T11:00"),
        ],
        "01T16:00",
        ("2026-06-01T14:00:00Z", "2026-06-03T12:00:00Z"),
        (1, 4),
    ),
    "another priority, which is missed at once": (
        "high",
        [("01T09:00", "reply"), ("01T15:00", "pending"), ("02T11:00", "reopen"), ("02T14:00", "urgent")],
        "02T15:00",
        ("2026-06-01T13:00:00Z", "2026-06-02T13:00:00Z"),
        (0, 10),
    ),
}


@pytest.fixture
def office(app: App) -> App:
    """One customer."""
    app.contacts.add("Ada Lovelace", {})
    return app


def lived(office: App, priority: str, steps: list[tuple[str, str]]) -> None:
    opened(at(office, "2026-06-01T09:00:00Z"), priority=priority)
    for moment, step in steps:
        at(office, f"2026-06-{moment}:00Z")
        what, _, when = step.partition(" ")
        if what == "reply":
            office.casesteps.reply("cs1", "Try oil", {})
        elif what == "log":
            given = {"case": "cs1", "no_aftercare": True, "at": f"2026-06-{when}:00Z" if when else None}
            office.interactions.write("out", ["c1"], "Try oil", given)
        elif what == "urgent":
            office.cases.edit("cs1", {"priority": what})
        elif what in ("resolve", "close"):
            getattr(office.casesteps, what)(["cs1"], {"no_aftercare": True})
        else:
            getattr(office.casesteps, what)(["cs1"])


@pytest.mark.parametrize("name", PAUSES)
def test_what_is_left_is_what_was_allowed_less_what_was_taken(office: App, name: str) -> None:
    priority, steps, moment, targets, hours = PAUSES[name]
    lived(office, priority, steps)
    found = at(office, f"2026-06-{moment}:00Z").cases.detail("cs1")
    taken = tuple(int(one * HOUR) for one in hours)
    clock = [found["clock"][target] for target in ("response", "resolution")]
    assert due(found) == targets
    assert tuple(one["taken"] for one in clock) == taken
    answer, solution = ALLOWED["urgent" if steps[-1][1] == "urgent" else priority]
    if steps[-1][1] == "urgent":
        answer = ALLOWED["high"][0]  # it was given before
    assert [one["left"] for one in clock] == [answer - taken[0], solution - taken[1]]
    for one in clock:
        assert not one["breached"] if one["left"] > 0 else one["breached"] or one["left"] == 0


@pytest.mark.parametrize("name", [name for name in PAUSES if "resolved after" not in name])
def test_queue_and_reminders_read_the_same_clock(office: App, name: str) -> None:
    priority, steps, moment, _, _ = PAUSES[name]
    lived(office, priority, steps)
    clock = at(office, f"2026-06-{moment}:00Z").cases.detail("cs1")["clock"]
    for one in office.casewatch.due().items:
        assert one["left"] == clock[one["target"]]["left"]
    names = [f"cs1@{target}@{one['due_at']}" for target, one in clock.items()]
    still = office.casewatch.still(1, names)
    assert {one["target"]: one["left"] for one in still.values()} == {
        target: one["left"] for target, one in clock.items() if one["breached"] and not one["done_at"]
    }


def test_what_was_told_is_not_told_again_after_a_pause(office: App) -> None:
    lived(office, "urgent", [("01T09:00", "reply")])
    assert told(at(office, "2026-06-02T09:30:00Z")) == [("cs1", "resolution")]
    at(office, "2026-06-02T10:00:00Z").casesteps.pending(["cs1"])
    at(office, "2026-06-03T10:00:00Z").casesteps.reopen(["cs1"])
    assert told(office) == []
