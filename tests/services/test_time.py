"""The table of times: what is due when, in every zone, over every change of clocks, for everybody of a team.

`CRM_NOW` is the moment and `CRM_TIMEZONE` the zone of the person who asks. Expected instants are UTC.
"""

import pytest

from tests.conftest import Crm


@pytest.fixture
def office(crm_sqlite: Crm) -> Crm:
    """A contact."""
    crm_sqlite.ok("contact", "add", "Ada Lovelace", env={"CRM_NOW": "2026-01-01T00:00:00Z"})
    return crm_sqlite


def asked(crm: Crm, now: str, zone: str, *words: str) -> list[dict[str, str]]:
    """What a command says at a moment in a zone: its one record or its list of them."""
    document = crm.json(*words, env={"CRM_NOW": now, "CRM_TIMEZONE": zone})
    found: list[dict[str, str]] = document.get("items") or [document["item"]]
    return found


# --- what words mean

WORDS = [
    # zone, now, what was written, when it is due
    ("UTC", "2026-11-20T10:00:00Z", "tomorrow", "2026-11-21T00:00:00Z"),
    ("Pacific/Auckland", "2026-11-20T10:00:00Z", "today 22:30", "2026-11-20T09:30:00Z"),
    ("Pacific/Auckland", "2026-11-20T11:30:00Z", "today", "2026-11-20T11:00:00Z"),  # it is Saturday there
    ("America/Los_Angeles", "2026-11-20T07:30:00Z", "today", "2026-11-19T08:00:00Z"),  # still Thursday
    ("Asia/Kathmandu", "2026-11-20T10:00:00Z", "tomorrow 9:00", "2026-11-21T03:15:00Z"),
    # A day keeps the wall time over a change of clocks, an hour does not.
    ("Europe/Berlin", "2026-10-24T07:00:00Z", "+1d", "2026-10-24T22:00:00Z"),
    ("Europe/Berlin", "2026-10-24T07:00:00Z", "tomorrow 9:00", "2026-10-25T08:00:00Z"),
    ("Europe/Berlin", "2026-10-24T07:00:00Z", "+24h", "2026-10-25T07:00:00Z"),
    # 02:30 does not exist when clocks go forward, and comes twice when they go back.
    ("Europe/Berlin", "2026-03-28T10:00:00Z", "2026-03-29 02:30", "2026-03-29T01:30:00Z"),
    ("Europe/Berlin", "2026-10-24T10:00:00Z", "2026-10-25 02:30", "2026-10-25T00:30:00Z"),
    ("America/Los_Angeles", "2026-03-07T10:00:00Z", "2026-03-08 02:30", "2026-03-08T10:30:00Z"),
    ("Australia/Lord_Howe", "2026-10-03T00:00:00Z", "2026-10-04 02:15", "2026-10-03T15:45:00Z"),  # half an hour
    # A day that begins in the gap begins after it.
    ("America/Santiago", "2026-09-05T12:00:00Z", "2026-09-06", "2026-09-06T04:00:00Z"),
    # Ends of months, leap years, weeks.
    ("UTC", "2026-01-31T10:00:00Z", "+1m", "2026-02-28T00:00:00Z"),
    ("UTC", "2028-01-31T10:00:00Z", "+1m", "2028-02-29T00:00:00Z"),
    ("UTC", "2028-02-29T10:00:00Z", "+1y", "2029-02-28T00:00:00Z"),
    ("UTC", "2028-02-29T10:00:00Z", "+4y", "2032-02-29T00:00:00Z"),
    ("UTC", "2026-12-31T10:00:00Z", "eom", "2026-12-31T00:00:00Z"),
    ("UTC", "2026-11-22T10:00:00Z", "next week", "2026-11-23T00:00:00Z"),  # a Sunday ends the week
    ("UTC", "2026-11-23T10:00:00Z", "next week", "2026-11-30T00:00:00Z"),  # a Monday begins it
    ("UTC", "2026-11-23T10:00:00Z", "mon", "2026-11-30T00:00:00Z"),
    ("UTC", "2026-11-22T10:00:00Z", "eow", "2026-11-22T00:00:00Z"),
]


@pytest.mark.parametrize(("zone", "now", "text", "due"), WORDS)
def test_what_words_mean(office: Crm, zone: str, now: str, text: str, due: str) -> None:
    (added,) = asked(office, now, zone, "followup", "add", "c1", "Call", f"--due={text}")
    assert added["due_at"] == due
    assert added["timezone"] == zone


# --- what repeats

REPEATED = [
    # zone, rule, the first, the ones after it; each is closed in the minute at which it is due
    ("Europe/Berlin", "weekly", "2026-03-22 09:00", ["2026-03-22T08:00", "2026-03-29T07:00", "2026-04-05T07:00"]),
    ("Europe/Berlin", "weekly", "2026-10-18 09:00", ["2026-10-18T07:00", "2026-10-25T08:00", "2026-11-01T08:00"]),
    ("Europe/Berlin", "daily", "2026-03-28 02:30", ["2026-03-28T01:30", "2026-03-29T01:30", "2026-03-30T00:30"]),
    (
        "Europe/Berlin",
        "daily after done",
        "2026-03-28 02:30",
        ["2026-03-28T01:30", "2026-03-29T01:30", "2026-03-30T00:30"],
    ),
    ("Europe/Berlin", "daily", "2026-10-24 02:30", ["2026-10-24T00:30", "2026-10-25T00:30", "2026-10-26T01:30"]),
    ("Pacific/Auckland", "daily", "2026-09-26", ["2026-09-25T12:00", "2026-09-26T12:00", "2026-09-27T11:00"]),
    ("America/Los_Angeles", "monthly", "2026-01-31", ["2026-01-31T08:00", "2026-02-28T08:00", "2026-03-31T07:00"]),
    ("UTC", "monthly on the 31st", "2026-01-31 12:00", ["2026-01-31T12:00", "2026-02-28T12:00", "2026-03-31T12:00"]),
    ("UTC", "monthly on the 30th", "2026-01-30", ["2026-01-30T00:00", "2026-02-28T00:00", "2026-03-30T00:00"]),
    ("UTC", "yearly on 29 feb", "2028-02-29", ["2028-02-29T00:00", "2029-02-28T00:00", "2030-02-28T00:00"]),
    ("UTC", "yearly", "2031-02-28", ["2031-02-28T00:00", "2032-02-28T00:00", "2033-02-28T00:00"]),
    ("UTC", "every 3 months after done", "2026-11-30", ["2026-11-30T00:00", "2027-02-28T00:00", "2027-05-28T00:00"]),
    ("Asia/Tokyo", "every 2 weeks on friday", "2026-12-18 8:00", ["2026-12-17T23:00", "2026-12-31T23:00"]),
    ("UTC", "FREQ=MONTHLY;BYMONTHDAY=31", "2026-01-31", ["2026-01-31T00:00", "2026-03-31T00:00"]),
]


@pytest.mark.parametrize(("zone", "rule", "first", "dues"), REPEATED)
def test_what_repeats_keeps_its_wall_time(office: Crm, zone: str, rule: str, first: str, dues: list[str]) -> None:
    now = "2026-01-01T00:00:00Z"
    words = ("followup", "add", "c1", "Call", "--due", first, "--every", rule)
    found = asked(office, now, zone, *words)
    for number in range(1, len(dues)):
        found += asked(office, found[-1]["due_at"], zone, "followup", "done", f"f{number}")[1:]
    assert [item["due_at"] for item in found] == [f"{due}:00Z" for due in dues]


def test_a_gap_is_told_when_the_next_one_meets_it(office: Crm) -> None:
    at = {"CRM_NOW": "2026-03-28T01:30:00Z", "CRM_TIMEZONE": "Europe/Berlin"}
    office.ok("followup", "add", "c1", "Call", "--due", "2026-03-28 02:30", "--every", "daily", env=at)
    told = office("followup", "done", "f1", env=at).err
    assert "02:30 does not exist on 2026-03-29 in Europe/Berlin; 03:30 is meant" in told


# --- a clock that was set back


def test_a_clock_that_was_set_back_stops_nobody(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada")
    crm.ok("followup", "add", "c1", "Call", "--due", "mon 9:00", "--every", "monday")
    crm.ok("followup", "snooze", "f1", "tue")
    earlier: dict[str, str | None] = {"CRM_NOW": "2026-11-01T00:00:00Z"}
    crm.ok("followup", "snooze", "f1", "2026-11-25", env=earlier)
    moves = crm.json("followup", "show", "f1", env=earlier)["item"]["moves"]
    assert [entry["at"] for entry in moves] == ["2026-11-20T10:00:00Z", "2026-11-01T00:00:00Z"]
    crm.ok("followup", "done", "f1", env=earlier)
    (following,) = crm.json("followup", "list", env=earlier)["items"]
    assert (following["id"], following["due_at"]) == ("f2", "2026-11-30T09:00:00Z")
    crm.ok("undo", env=earlier)
    assert crm.json("followup", "show", "f1", env=earlier)["item"]["status"] == "open"
    assert crm.json("followup", "history", "f1")["items"][-1]["id"] == "f1"


# --- a team in three zones

TEAM = ("Pacific/Auckland", "Europe/Berlin", "America/Los_Angeles")
# What they look at: a moment, and whole days that are meant in one of their zones.
SHARED = [
    ("call", "2026-11-20 12:00 UTC", "UTC"),
    ("auckland", "2026-11-20", "Pacific/Auckland"),  # from 19 Nov 11:00 to 20 Nov 11:00 UTC
    ("berlin", "2026-11-20", "Europe/Berlin"),  # from 19 Nov 23:00 to 20 Nov 23:00 UTC
    ("angeles", "2026-11-20", "America/Los_Angeles"),  # from 20 Nov 08:00 to 21 Nov 08:00 UTC
    ("sunday", "2026-11-22 12:00 UTC", "UTC"),
    ("monday", "2026-11-23", "Europe/Berlin"),  # from 22 Nov 23:00 UTC
]
BUCKETS = [
    # moment; for Auckland, Berlin and Los Angeles: call, auckland, berlin, angeles, sunday, monday
    (
        "2026-11-20T07:00:00Z",  # Friday 20:00, Friday 8:00, Thursday 23:00
        [
            "week today today today later later",
            "today today today today week later",
            "week today today week week week",
        ],
    ),
    (
        "2026-11-20T10:30:00Z",  # Friday 23:30, Friday 11:30, Friday 2:30
        [
            "week today today today later later",
            # A day that is meant elsewhere counts as over when the shortest day there is would be.
            "today overdue today today week later",
            "today overdue today today week week",
        ],
    ),
    (
        "2026-11-20T12:00:00Z",  # Saturday 1:00, Friday 13:00, Friday 4:00
        [
            "today overdue today today later later",
            "today overdue today today week later",
            "today overdue today today week week",
        ],
    ),
    (
        "2026-11-20T23:30:00Z",  # Saturday 12:30, Saturday 0:30, Friday 15:30
        [
            "overdue overdue overdue today later later",
            "overdue overdue overdue today week later",
            "overdue overdue overdue today week week",
        ],
    ),
    (
        "2026-11-22T12:00:00Z",  # Monday 1:00, Sunday 13:00, Sunday 4:00
        [
            "overdue overdue overdue overdue today today",
            "overdue overdue overdue overdue today later",
            "overdue overdue overdue overdue today today",
        ],
    ),
]


@pytest.mark.parametrize(("now", "expected"), BUCKETS, ids=[now for now, _ in BUCKETS])
def test_a_team_in_three_zones_looks_at_the_same_follow_ups(office: Crm, now: str, expected: list[str]) -> None:
    for subject, due, zone in SHARED:
        asked(office, "2026-11-18T00:00:00Z", zone, "followup", "add", "c1", subject, "--due", due)
    seen = []
    for zone in TEAM:
        by_subject = {item["subject"]: item["bucket"] for item in asked(office, now, zone, "queue", "--later", "--all")}
        seen.append(" ".join(by_subject[subject] for subject, _, _ in SHARED))
    assert seen == expected
