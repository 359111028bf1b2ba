"""Time zones of calendars."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from crmcli.importers.calendar_parts import Entry, Moment, entries
from crmcli.importers.calendar_windows import ZONES
from crmcli.importers.calendar_zones import Named, Ruled, Zones
from crmcli.kernel import zones as iana
from tests.importers.letters import samples, source

BERLIN = """BEGIN:VTIMEZONE
TZID:Somewhere
BEGIN:DAYLIGHT
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""


def zones(tmp_path: Path, *texts: str, zone: str = "UTC") -> Zones:
    path = tmp_path / "c.ics"
    path.write_text("".join(texts), "utf-8")
    made = source(path, zone=zone)
    return Zones(
        made, {text.split("TZID:")[1].split("\n")[0]: entry for text, entry in zip(texts, entries(made), strict=True)}
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("/freeassociation.sourceforge.net/Tzfile/Europe/Berlin", "Europe/Berlin"),
        ("/mozilla.org/20070129_1/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("", "Asia/Tokyo"),
        ("Nowhere/Land", "Asia/Tokyo"),
        ("../../etc/passwd", "Asia/Tokyo"),
    ],
)
def test_zones_by_name(tmp_path: Path, name: str, expected: str) -> None:
    known = zones(tmp_path, zone="Asia/Tokyo")
    assert known.find(name).name == expected
    assert bool(known.source.notes) == (bool(name) and expected == "Asia/Tokyo")


def test_what_the_file_itself_says_of_a_zone(tmp_path: Path) -> None:
    by_location = BERLIN.replace("TZID:Somewhere", "TZID:Elsewhere\nX-LIC-LOCATION:Europe/Vienna")
    known = zones(tmp_path, BERLIN, by_location)
    assert known.find("Elsewhere").name == "Europe/Vienna"
    assert isinstance(known.find("Somewhere"), Ruled)


@settings(max_examples=200)
@given(wall=st.datetimes(datetime(1997, 1, 1), datetime(2037, 12, 31)))
def test_rules_give_the_times_that_the_zone_has(tmp_path_factory: pytest.TempPathFactory, wall: datetime) -> None:
    wall = wall.replace(second=0, microsecond=0)
    ruled = zones(tmp_path_factory.mktemp("z"), BERLIN).find("Somewhere")
    expected = Named("Europe/Berlin").utc(wall)
    if wall.month in (3, 10) and wall.weekday() == 6:  # in the hour that comes twice or never programs differ
        assert abs(ruled.utc(wall) - expected) <= timedelta(hours=1)
    else:
        assert ruled.utc(wall) == expected


def test_times_before_the_first_rule_and_at_the_end_of_the_calendar(tmp_path: Path) -> None:
    ruled = zones(tmp_path, BERLIN).find("Somewhere")
    assert ruled.utc(datetime(1900, 1, 1, 12)) == datetime(1900, 1, 1, 11, tzinfo=UTC)
    for wall in (datetime.min, datetime.max):
        for zone in (ruled, Named("Asia/Tokyo"), Named("America/New_York")):
            try:
                assert zone.utc(wall).tzinfo is UTC
            except ValueError as error:
                assert "beyond the calendar" in str(error)


def test_a_broken_description_is_none(tmp_path: Path) -> None:
    known = zones(tmp_path, BERLIN.replace("+0", "?0"), zone="Asia/Tokyo")
    assert known.find("Somewhere").name == "Asia/Tokyo"
    assert "'Somewhere' is not known" in known.source.notes[0]


def test_many_zones_are_not_looked_up(tmp_path: Path) -> None:
    known = zones(tmp_path)
    for number in range(1000):
        known.find(f"Zone/{number}")
    assert len(known.source.notes) < 400


def test_moments(tmp_path: Path) -> None:
    known = zones(tmp_path, zone="Asia/Tokyo")
    noon = datetime(2026, 11, 20, 12)
    assert known.utc(Moment(noon, "", True, False)) == noon.replace(tzinfo=UTC)
    assert known.utc(Moment(noon, "", False, False)) == datetime(2026, 11, 20, 3, tzinfo=UTC)
    assert known.utc(Moment(noon, "Europe/Berlin", False, False)) == datetime(2026, 11, 20, 11, tzinfo=UTC)


def test_the_names_of_windows_are_those_of_cldr() -> None:
    assert ZONES == WINDOWS_TO_OLSON
    assert all(iana.find(name) for name in ZONES.values())


def test_zones_of_other_programs(tmp_path: Path) -> None:
    for path in samples("ics-vobject"):
        for entry in entries(source(path)):
            if entry.kind == "VTIMEZONE":
                assert isinstance(entry, Entry)
                assert entry.parts()
