"""Calendars: past events as meetings, what is to come as follow-ups."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.importers import calendar
from crmcli.importers.base import CERTAIN, LIKELY, NO, Draft, Item, Refused
from crmcli.kernel.errors import UsageError
from tests.importers.letters import FORMATS, NOW, mutations, samples, source

PEOPLE = (
    "ORGANIZER;CN=Me:mailto:me@shop.example",
    'ATTENDEE;CN="Lovelace, Ada";PARTSTAT=ACCEPTED:MAILTO:ada@engines.example',
)
HELD = ("DTSTART:20261118T140000Z", "DTEND:20261118T150000Z")
TO_COME = ("DTSTART:20261124T140000Z", "DTEND:20261124T150000Z")


def event(*lines: str, uid: str = "1@engines.example", kind: str = "VEVENT") -> str:
    named = [f"UID:{uid}"] if uid else []
    return "\r\n".join([f"BEGIN:{kind}", *named, "SUMMARY:Demonstration", *lines, f"END:{kind}"]) + "\r\n"


def book(*entries: str) -> str:
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{''.join(entries)}END:VCALENDAR\r\n"


def items(folder: Path, text: str | bytes, **options: Any) -> list[Item]:
    path = folder / "calendar.ics"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(calendar.read(source(path, **options)))


def drafts(folder: Path, *entries: str, **options: Any) -> list[Draft]:
    found = items(folder, book(*entries), **options)
    assert all(isinstance(item, Draft) for item in found), found
    return [item for item in found if isinstance(item, Draft)]


def values(folder: Path, *lines: str, **options: Any) -> dict[str, Any]:
    (draft,) = drafts(folder, event(*lines), **options)
    return draft.values


# --- recognising


@pytest.mark.parametrize(
    ("data", "mark"),
    [
        (book(event(*HELD)), CERTAIN),
        ("\ufeff\n" + book(), CERTAIN),
        ("x-comment\n" + book(event()), LIKELY),
        (event(*HELD), LIKELY),
        ("BEGIN:VCARD\nFN:Ada\nEND:VCARD\n", NO),
        ("Subject,Start Date\nDemonstration,2026-11-18\n", NO),
        ("", NO),
    ],
)
def test_calendars_are_known_by_what_they_hold(tmp_path: Path, data: str, mark: int) -> None:
    path = tmp_path / "file"
    path.write_text(data, "utf-8")
    assert calendar.match(source(path)) == mark


def test_what_is_no_calendar_is_refused_as_a_whole(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no calendar"):
        items(tmp_path, "Hello\n")
    assert items(tmp_path, book()) == []


def test_addresses_of_the_team_are_needed_where_somebody_is_invited(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no address of the team is known"):
        items(tmp_path, book(event(*HELD, *PEOPLE)), team=frozenset())
    assert len(items(tmp_path, book(event(*HELD)), team=frozenset())) == 1


# --- events


def test_a_past_event_is_a_meeting(tmp_path: Path) -> None:
    (draft,) = drafts(tmp_path, event(*HELD, *PEOPLE, "DESCRIPTION:Of the engine\\, no. 2\\nBring it", "LOCATION:Mill"))
    found = draft.values
    assert (draft.noun, found["channel"], found["direction"], found["outcome"]) == (
        "interaction",
        "meeting",
        "outbound",
        "held",
    )
    assert (found["occurred_at"], found["duration"]) == ("2026-11-18T14:00:00Z", 3600)
    assert found["subject"] == "Demonstration"
    assert found["body"] == "Of the engine, no. 2\nBring it\n\nLocation: Mill"
    assert found["people"] == [{"email": "ada@engines.example", "name": "Lovelace, Ada", "role": "attendee"}]
    assert (found["team"], found["message_id"]) == (["me@shop.example"], "1@engines.example")


def test_an_event_to_come_is_a_follow_up_of_the_same_uid(tmp_path: Path) -> None:
    held = values(tmp_path, *HELD, *PEOPLE)
    (draft,) = drafts(tmp_path, event(*TO_COME, *PEOPLE))
    found = draft.values
    assert (draft.noun, found["subject"], found["due_at"]) == ("followup", "Demonstration", "2026-11-24T14:00:00Z")
    assert (found["channel"], found["uid"]) == ("meeting", held["uid"])
    assert "all_day" not in found


def test_an_event_is_over_when_it_ends(tmp_path: Path) -> None:
    running = ("DTSTART:20261120T093000Z", "DURATION:PT1H")
    assert drafts(tmp_path, event(*running))[0].noun == "followup"
    assert drafts(tmp_path, event(running[0], "DURATION:PT30M"))[0].noun == "interaction"


@pytest.mark.parametrize(
    ("lines", "direction"),
    [
        (PEOPLE, "outbound"),
        (("ORGANIZER:mailto:ada@engines.example", "ATTENDEE:mailto:me@shop.example"), "inbound"),
        (("ATTENDEE:mailto:ada@engines.example",), "outbound"),
        (("ORGANIZER:mailto:me@shop.example", "ATTENDEE:mailto:you@works.example"), "internal"),
        ((), "internal"),
        (("ORGANIZER:invalid:nomail", "ATTENDEE;EMAIL=ada@engines.example:urn:uuid:1"), "outbound"),
    ],
)
def test_who_called_the_meeting(tmp_path: Path, lines: tuple[str, ...], direction: str) -> None:
    assert values(tmp_path, *HELD, *lines)["direction"] == direction


def test_rooms_and_those_who_declined_take_no_part(tmp_path: Path) -> None:
    found = values(
        tmp_path,
        *HELD,
        *PEOPLE,
        "ATTENDEE;CUTYPE=ROOM:mailto:room@works2.example",
        "ATTENDEE;PARTSTAT=DECLINED:mailto:bob@b.example",
    )
    assert [one["email"] for one in found["people"]] == ["ada@engines.example"]


@pytest.mark.parametrize(
    "lines",
    [
        ("STATUS:CANCELLED", *PEOPLE),
        ("ORGANIZER:mailto:ada@engines.example", "ATTENDEE;PARTSTAT=DECLINED:mailto:me@shop.example"),
    ],
)
def test_what_was_cancelled_or_declined_is_no_meeting(tmp_path: Path, lines: tuple[str, ...]) -> None:
    (draft,) = drafts(tmp_path, event(*HELD, *lines))
    assert (draft.noun, draft.values["status"]) == ("followup", "cancelled")


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("DTSTART:20261118T140000Z", "2026-11-18T14:00:00Z"),
        ("DTSTART;TZID=Europe/Berlin:20261118T140000", "2026-11-18T13:00:00Z"),
        ("DTSTART;TZID=Eastern Standard Time:20260718T140000", "2026-07-18T18:00:00Z"),
        ("DTSTART:20261118T140000", "2026-11-18T05:00:00Z"),  # in the person's own zone, Tokyo
        ("DTSTART;VALUE=DATE:20261118", "2026-11-17T15:00:00Z"),
        ("DTSTART: 2026-11-18T14:00:00Z", "2026-11-18T14:00:00Z"),
        ("DTSTART;TZID=Europe/Berlin:20260329T023000", "2026-03-29T01:30:00Z"),  # a time that was skipped
    ],
)
def test_times_and_zones(tmp_path: Path, start: str, expected: str) -> None:
    assert values(tmp_path, start, zone="Asia/Tokyo")["occurred_at"] == expected


def test_a_whole_day_is_over_at_its_end_and_has_no_length(tmp_path: Path) -> None:
    (today,) = drafts(tmp_path, event("DTSTART;VALUE=DATE:20261120"))
    assert (today.noun, today.values["all_day"], today.values["timezone"]) == ("followup", True, "UTC")
    assert "duration" not in values(tmp_path, "DTSTART;VALUE=DATE:20261118", "DTEND;VALUE=DATE:20261120")


def test_a_description_in_html_is_read_as_text(tmp_path: Path) -> None:
    assert values(tmp_path, *HELD, "DESCRIPTION:<p>Hello</p><br>there")["body"] == "Hello\n\nthere"


def test_alarms_are_not_the_event(tmp_path: Path) -> None:
    alarm = ("BEGIN:VALARM", "SUMMARY:Alarm", "DTSTART:20300101T000000Z", "END:VALARM")
    assert values(tmp_path, *alarm, *HELD)["occurred_at"] == "2026-11-18T14:00:00Z"


def test_what_we_published_ourselves_is_left_out(tmp_path: Path) -> None:
    uid = "019ab3c4-0000-7000-8000-00000000000"
    ours = [event("DTSTART:20261125T150000Z", uid=f"{uid}{n}-{kind}") for n, kind in enumerate(("event", "birthday"))]
    found = items(tmp_path, book(*ours, event("DTSTART:20261125T150000Z", uid=f"{uid}9")))
    assert [draft.values["uid"] for draft in found if isinstance(draft, Draft)] == [f"{uid}9"]
    assert len(found) == 1


def test_uids_of_our_own_stay_and_others_are_made_the_same_every_time(tmp_path: Path) -> None:
    ours = "01A1F866-0d00-79f3-8d1a-06aecdca92dd"
    assert drafts(tmp_path, event(*HELD, uid=ours))[0].values["uid"] == ours.lower()
    first, second = (drafts(tmp_path, event(*HELD, uid=uid))[0].values for uid in ("a", "b"))
    assert first["uid"] != second["uid"]
    assert drafts(tmp_path, event(*HELD, uid="a"))[0].values["uid"] == first["uid"]
    nameless = drafts(tmp_path, event(*HELD, uid=""))[0].values
    assert nameless["message_id"].endswith("@uid.invalid")
    assert drafts(tmp_path, event(*HELD, uid=""))[0].values == nameless


# --- events that repeat


def starts(found: list[Draft]) -> list[tuple[str, str]]:
    return [(one.noun, one.values.get("occurred_at") or one.values["due_at"]) for one in found]


def test_past_times_are_meetings_and_the_next_is_planned(tmp_path: Path) -> None:
    found = drafts(tmp_path, event("DTSTART;TZID=Europe/Berlin:20261020T100000", "RRULE:FREQ=WEEKLY;COUNT=8", *PEOPLE))
    assert starts(found) == [
        ("interaction", "2026-10-20T08:00:00Z"),
        ("interaction", "2026-10-27T09:00:00Z"),  # at the same time of the clock, in winter
        ("interaction", "2026-11-03T09:00:00Z"),
        ("interaction", "2026-11-10T09:00:00Z"),
        ("interaction", "2026-11-17T09:00:00Z"),
        ("followup", "2026-11-24T09:00:00Z"),
    ]
    assert len({one.values["uid"] for one in found}) == 6
    assert found[0].values["message_id"] == "1@engines.example/20261020T080000Z"


def test_a_time_has_the_same_names_before_and_after_it_was_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ("DTSTART:20261103T100000Z", "RRULE:FREQ=WEEKLY", *PEOPLE)
    planned = drafts(tmp_path, event(*lines))[-1].values
    monkeypatch.setattr("tests.importers.letters.NOW", NOW + timedelta(days=7))
    held = [one.values for one in drafts(tmp_path, event(*lines)) if one.noun == "interaction"][-1]
    assert (held["occurred_at"], held["uid"], held["message_id"]) == (
        planned["due_at"],
        planned["uid"],
        planned["message_id"],
    )


def test_times_that_were_left_out_moved_or_added(tmp_path: Path) -> None:
    series = event(
        "DTSTART:20261102T100000Z",
        "RRULE:FREQ=DAILY;UNTIL=20261106T100000Z",
        "EXDATE:20261103T100000Z",
        "EXDATE;VALUE=DATE:20261104",
        "RDATE:20261110T100000Z,20261111T100000Z",
    )
    moved = event("RECURRENCE-ID;TZID=Europe/Berlin:20261105T110000", "DTSTART:20261105T160000Z")
    found = starts(drafts(tmp_path, series, moved))
    assert sorted(start for _, start in found) == [
        "2026-11-02T10:00:00Z",
        "2026-11-05T16:00:00Z",
        "2026-11-06T10:00:00Z",
        "2026-11-10T10:00:00Z",
        "2026-11-11T10:00:00Z",
    ]


def test_a_long_series_is_read_from_its_end(tmp_path: Path) -> None:
    found = drafts(tmp_path, event("DTSTART:20200101T100000Z", "RRULE:FREQ=DAILY"))
    assert (len(found), found[-1].noun, found[-1].values["due_at"]) == (1001, "followup", "2026-11-21T10:00:00Z")
    over = drafts(tmp_path, event("DTSTART:19990101T100000Z", "RRULE:FREQ=DAILY;COUNT=5"))
    assert starts(over) == [("interaction", "1999-01-01T10:00:00Z")]


def test_a_cancelled_series_cancels_what_is_planned(tmp_path: Path) -> None:
    series = ("DTSTART:20261103T100000Z", "RRULE:FREQ=WEEKLY")
    planned = drafts(tmp_path, event(*series))[-1].values
    (cancelled,) = drafts(tmp_path, event(*series, "STATUS:CANCELLED"))
    assert (cancelled.values["uid"], cancelled.values["status"]) == (planned["uid"], "cancelled")


# --- tasks


def task(folder: Path, *lines: str, **options: Any) -> dict[str, Any]:
    (draft,) = drafts(folder, event(*lines, kind="VTODO"), **options)
    assert draft.noun == "followup"
    return draft.values


def test_a_task_is_a_follow_up(tmp_path: Path) -> None:
    found = task(tmp_path, "DUE;TZID=Europe/Berlin:20261124T100000", "PRIORITY:1", "DESCRIPTION:Call", *PEOPLE)
    assert (found["subject"], found["due_at"], found["note"]) == ("Demonstration", "2026-11-24T09:00:00Z", "Call")
    assert (found["priority"], found["timezone"]) == ("urgent", "Europe/Berlin")
    assert [one["email"] for one in found["people"]] == ["ada@engines.example"]


def test_whom_a_task_is_about(tmp_path: Path) -> None:
    found = task(tmp_path, "DUE:20261124T100000Z", "CONTACT:Ada Lovelace <ada@engines.example>")
    assert found["people"] == [{"email": "ada@engines.example", "name": "Ada Lovelace", "role": "attendee"}]


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (("COMPLETED:20261119T080000Z",), "done"),
        (("STATUS:COMPLETED",), "done"),
        (("PERCENT-COMPLETE:100",), "done"),
        (("STATUS:CANCELLED",), "cancelled"),
        (("STATUS:NEEDS-ACTION",), None),
    ],
)
def test_what_became_of_a_task(tmp_path: Path, lines: tuple[str, ...], status: str | None) -> None:
    assert task(tmp_path, "DUE;VALUE=DATE:20261124", *lines).get("status") == status


def test_when_a_task_is_due(tmp_path: Path) -> None:
    assert task(tmp_path, "DUE;VALUE=DATE:20261124", zone="Asia/Tokyo")["due_at"] == "2026-11-23T15:00:00Z"
    assert task(tmp_path, "DTSTART:20261124T100000Z", "DURATION:P1D")["due_at"] == "2026-11-25T10:00:00Z"


# --- what is refused, and what is left out


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (event(), "it has no beginning"),
        (event("DTSTART:yesterday"), "'yesterday' is no time"),
        (event("DTSTART:20261332T000000Z"), "is no time"),
        (event("DTSTART:20261118T140000Z", "DURATION:long"), "'long' is no duration"),
        (event("DTSTART:20261118T140000Z", "RRULE:FREQ=SECONDLY"), "a rule that is not understood: SECONDLY"),
        (event("DTSTART:20261118T140000Z", "RRULE:FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30"), "on no day"),
        (event("DTSTART;TZID=Asia/Tokyo:00010101T000000"), "beyond the calendar"),
        (event("DTSTART:99991231T235959Z", "DURATION:P9999D"), "beyond the calendar"),
        (event(kind="VTODO"), "it says of no day when it is due"),
        ("BEGIN:VEVENT\r\nDTSTART:20261118T140000Z\r\n", "it has no END:VEVENT"),
    ],
)
def test_a_broken_entry_costs_only_itself(tmp_path: Path, entry: str, why: str) -> None:
    first, broken, last = items(tmp_path, book(event(*HELD, uid="a"), entry, event(*HELD, uid="b")))
    assert isinstance(first, Draft)
    assert isinstance(last, Draft)
    assert isinstance(broken, Refused)
    assert why in broken.reason


def test_what_is_no_event_or_task_is_left_out_and_told(tmp_path: Path) -> None:
    path = tmp_path / "c.ics"
    path.write_text(
        book(event(kind="VJOURNAL"), event(kind="VFREEBUSY"), event(kind="VFREEBUSY"), event(*HELD)), "utf-8"
    )
    made = source(path)
    assert len(list(calendar.read(made))) == 1
    assert made.notes == ["1 journal entries of c.ics are left out", "2 free/busy times of c.ics are left out"]


def test_mended_entries_are_read(tmp_path: Path) -> None:
    zone = "BEGIN:VTIMEZONE\r\nTZID:x\r\nX-LIC-LOCATION:Europe/Berlin\r\nEND:VTIMEZONE\r\n"
    path = tmp_path / "c.ics"
    path.write_text(book(zone, event(*HELD), event("DTSTART;TZID=x:never", uid="2")), "utf-8")
    made = source(path)
    refused = [item for item in calendar.read(made) if isinstance(item, Refused)]
    rejected = b"".join(calendar.rejects(made, refused)).decode()
    assert "X-CRM-PLACE:13\r\nX-CRM-REASON:'never' is no time\r\n" in rejected
    (item,) = items(tmp_path, rejected.replace("never", "20261118T140000"))
    assert isinstance(item, Draft)
    assert (item.values["occurred_at"], item.values["message_id"]) == ("2026-11-18T13:00:00Z", "2")
    again = [Refused(1, item.raw, "x")]
    assert b"".join(calendar.rejects(source(tmp_path / "calendar.ics"), again)).count(b"X-CRM-REASON") == 1


def test_character_sets_and_line_ends(tmp_path: Path) -> None:
    text = book(event(*HELD, "LOCATION:Mühle"))
    for data in (text.encode("utf-16"), text.encode("cp1252"), text.replace("\r\n", "\n").encode()):
        (item,) = items(tmp_path, data)
        assert isinstance(item, Draft)
        assert item.values["body"] == "Location: Mühle"


# --- calendars of others


def test_calendars_of_other_programs_are_read(tmp_path: Path) -> None:
    for path in samples("ics-vobject"):
        made = source(path)
        entries = path.read_text("utf-8").count("BEGIN:VEVENT") + path.read_text("utf-8").count("BEGIN:VTODO")
        if not calendar.match(made):
            assert not entries
            continue
        found = list(calendar.read(made))
        assert len({item.place for item in found}) == entries
        b"".join(calendar.rejects(made, [item for item in found if isinstance(item, Refused)]))


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=40)


@settings(max_examples=60)
@given(
    summary=TEXT,
    description=TEXT.filter(lambda text: "<" not in text),
    start=st.datetimes(datetime(1990, 1, 1), datetime(2026, 11, 1)),
    minutes=st.integers(1, 3000),
    zone=st.sampled_from(("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata")),
)
def test_what_the_icalendar_library_writes_is_read(
    tmp_path: Path, summary: str, description: str, start: datetime, minutes: int, zone: str
) -> None:
    begin = start.replace(second=0, microsecond=0)
    made = icalendar.Event()
    made.add("uid", "1")
    made.add("summary", summary)
    made.add("description", description)
    named = icalendar.Event.from_ical(
        f"BEGIN:VEVENT\r\nDTSTART;TZID={zone}:{begin:%Y%m%dT%H%M%S}\r\nEND:VEVENT\r\n"
        if zone != "UTC"
        else f"BEGIN:VEVENT\r\nDTSTART:{begin:%Y%m%dT%H%M%S}Z\r\nEND:VEVENT\r\n"
    )
    made.add("dtstart", named["DTSTART"].dt)
    made.add("duration", timedelta(minutes=minutes))
    whole = icalendar.Calendar()
    whole.add_component(made)
    (item,) = items(tmp_path, whole.to_ical())
    assert isinstance(item, Draft)
    moment = named["DTSTART"].dt.astimezone(UTC)
    assert abs(datetime.fromisoformat(item.values["occurred_at"]) - moment) <= timedelta(hours=1)
    assert item.values.get("subject", "") == " ".join(summary.split())
    assert item.values.get("body", "") == description.strip()
    assert item.values["duration"] == minutes * 60


def test_damaged_calendars_are_read_or_refused(tmp_path: Path) -> None:
    zone = "BEGIN:VTIMEZONE\r\nTZID:x\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0100\r\n"
    zone += "TZOFFSETTO:+0200\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    originals = [
        book(zone, event("DTSTART;TZID=x:20261020T100000", "RRULE:FREQ=WEEKLY;COUNT=8;BYDAY=TU", *PEOPLE)).encode(),
        book(event(*HELD, *PEOPLE, "DESCRIPTION:<p>a</p>\\n"), event("DUE:20261124T100000Z", kind="VTODO")).encode(),
        book(event("DTSTART:20261102T100000Z", "RRULE:FREQ=DAILY;UNTIL=20261106T100000Z", "EXDATE:20261103")).encode(),
    ]
    read = 0
    for data in mutations(originals, 1000, seed=2):
        try:
            found = items(tmp_path, data)
        except UsageError:
            continue
        read += 1
        for item in found:
            if isinstance(item, Draft) and item.noun == "interaction":
                assert item.values["occurred_at"] <= f"{NOW:%Y-%m-%dT%H:%M:%SZ}"
        refused = [item for item in found if isinstance(item, Refused)]
        b"".join(FORMATS["calendar"].rejects(source(tmp_path / "calendar.ics"), refused))
    assert read > 500
