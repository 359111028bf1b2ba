"""Entries of a calendar, their properties and times."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.importers.calendar_parts import MOST_OPEN, Entry, Moment, duration, entries, instants, properties
from crmcli.kernel.contentlines import Property
from tests.importers.letters import source


def cut(tmp_path: Path, text: str) -> list[Entry]:
    path = tmp_path / "c.ics"
    path.write_text(text, "utf-8")
    return list(entries(source(path)))


def test_entries_know_where_they_stand(tmp_path: Path) -> None:
    found = cut(tmp_path, "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nEND:VEVENT\nbegin:vtodo\nend:vtodo\nEND:VCALENDAR\n")
    assert [(one.kind, one.place, one.problem) for one in found] == [("VEVENT", 2, ""), ("VTODO", 5, "")]
    assert found[0].text == "BEGIN:VEVENT\nUID:1\nEND:VEVENT\n"


@pytest.mark.parametrize("end", ["BEGIN:VEVENT\nEND:VEVENT\n", "END:VCALENDAR\n", ""])
def test_an_entry_without_an_end_ends_where_the_next_thing_begins(tmp_path: Path, end: str) -> None:
    found = cut(tmp_path, f"BEGIN:VEVENT\nUID:1\n{end}")
    assert found[0].problem == "it has no END:VEVENT"
    assert "UID:1" in found[0].text


def test_of_very_many_without_an_end_the_last_is_told_with_all_that_begin_in_it(tmp_path: Path) -> None:
    found = cut(tmp_path, "BEGIN:VEVENT\n" * 3 * MOST_OPEN + "END:VEVENT\nBEGIN:VEVENT\nUID:1\nEND:VEVENT\n")
    assert len(found) == MOST_OPEN + 2
    assert found[-2].place == MOST_OPEN + 1
    assert "nor those within it" in found[-2].problem
    assert found[-2].text.count("BEGIN:") == 2 * MOST_OPEN
    assert found[-1].problem == ""


def test_properties_are_unfolded(tmp_path: Path) -> None:
    (entry,) = cut(
        tmp_path, "BEGIN:VEVENT\r\nSUMMARY;LANGUAGE=en:one\r\n  two\r\n\tthree\r\nno property\r\nEND:VEVENT\r\n"
    )
    (found,) = properties(entry)
    assert (found.key, found.text(), found.param("LANGUAGE")) == ("SUMMARY", "one twothree", "en")


def test_more_properties_than_any_honest_entry_has(tmp_path: Path) -> None:
    (entry,) = cut(tmp_path, "BEGIN:VEVENT\n" + "X:1\n" * 5000 + "END:VEVENT\n")
    with pytest.raises(ValueError, match="more than 3,000 properties"):
        properties(entry)


NOON = datetime(2026, 11, 20, 12)


@pytest.mark.parametrize(
    ("raw", "value", "expected"),
    [
        ("", "20261120T120000Z", [Moment(NOON, "", True, False)]),
        (";TZID=Europe/Berlin", "20261120T120000", [Moment(NOON, "Europe/Berlin", False, False)]),
        (';TZID="a, b"', "20261120T120000", [Moment(NOON, "a, b", False, False)]),
        (";VALUE=DATE", "20261120", [Moment(datetime(2026, 11, 20), "", False, True)]),
        ("", "20261120T120000/PT1H", [Moment(NOON, "", False, False)]),
        ("", "20261120T120060Z", [Moment(NOON.replace(second=59), "", True, False)]),
        ("", "20261120T120000Z,20261120T120000", [Moment(NOON, "", True, False), Moment(NOON, "", False, False)]),
        ("", "", []),
    ],
)
def test_times(raw: str, value: str, expected: list[Moment]) -> None:
    assert instants(Property("", "DTSTART", raw, value)) == expected


@given(st.text(max_size=30))
def test_any_text_is_a_time_or_refused(text: str) -> None:
    try:
        instants(Property("", "DTSTART", "", text))
    except ValueError as error:
        assert "is no time" in str(error)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT1H30M", timedelta(hours=1, minutes=30)),
        ("P1W", timedelta(weeks=1)),
        ("P1DT12H", timedelta(hours=36)),
        ("-PT15M", timedelta(minutes=-15)),
        ("pt45s", timedelta(seconds=45)),
    ],
)
def test_durations(text: str, expected: timedelta) -> None:
    assert duration(text) == expected


@pytest.mark.parametrize("text", ["", "P", "PT", "1H", "P1X", "PT99999999999H"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="is no duration"):
        duration(text)
