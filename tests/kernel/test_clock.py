"""One fixed moment, seen from one zone."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.kernel.clock import Clock, check_zone, clock_from_environment, instant, stamp, system_zone
from crmcli.kernel.errors import UsageError

NOON = datetime(2026, 11, 21, 12, 0, 0, 987654, tzinfo=UTC)


def test_a_clock_stands_still_in_whole_seconds() -> None:
    clock = Clock(NOON)
    assert clock.now() == NOON.replace(microsecond=0)
    assert Clock().now().microsecond == 0
    assert Clock().now().tzinfo is UTC


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        Clock(datetime(2026, 11, 21))


def test_today_is_the_date_in_the_zone() -> None:
    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    assert Clock(late).today() == date(2026, 11, 21)
    assert Clock(late, "Asia/Tokyo").today() == date(2026, 11, 22)


def test_utc_is_the_plain_zone() -> None:
    assert Clock(NOON, "UTC").zone is UTC


def test_an_unknown_zone_is_named_when_it_is_needed() -> None:
    clock = Clock(NOON, "Europe/Berln")
    with pytest.raises(UsageError, match="Europe/Berln") as error:
        clock.today()
    assert "Europe/Berlin" in error.value.hint


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("Europe/Berlin", date(2026, 7, 1), "2026-06-30T22:00:00Z"),
        ("Europe/Berlin", date(2026, 12, 1), "2026-11-30T23:00:00Z"),
        ("America/Sao_Paulo", date(2018, 11, 4), "2018-11-04T03:00:00Z"),  # midnight is skipped: the day starts at 1:00
        ("America/Havana", date(2026, 11, 1), "2026-11-01T04:00:00Z"),  # midnight comes twice: the first
        ("UTC", date(2026, 3, 1), "2026-03-01T00:00:00Z"),
    ],
)
def test_midnight_follows_the_zone(zone: str, day: date, expected: str) -> None:
    assert stamp(Clock(NOON, zone).midnight(day)) == expected


@pytest.mark.parametrize(
    ("zone", "day", "wall", "expected", "note"),
    [
        ("Europe/Berlin", date(2026, 3, 28), time(2, 30), "2026-03-28T01:30:00Z", ""),
        (
            "Europe/Berlin",
            date(2026, 3, 29),
            time(2, 30),
            "2026-03-29T01:30:00Z",
            "02:30 does not exist on 2026-03-29 in Europe/Berlin; 03:30 is meant",
        ),
        (
            "Europe/Berlin",
            date(2026, 10, 25),
            time(2, 30),
            "2026-10-25T00:30:00Z",
            "02:30 comes twice on 2026-10-25 in Europe/Berlin; the first is meant",
        ),
        (
            "Pacific/Apia",
            date(2011, 12, 30),
            time(9),
            "2011-12-30T19:00:00Z",
            "09:00 does not exist on 2011-12-30 in Pacific/Apia; 2011-12-31 09:00 is meant",
        ),
    ],
)
def test_combine_says_what_a_change_of_clocks_did(zone: str, day: date, wall: time, expected: str, note: str) -> None:
    moment, said = Clock(NOON, zone).combine(day, wall)
    assert (stamp(moment), said) == (expected, note)


def test_the_ends_of_the_calendar() -> None:
    tokyo = Clock(NOON, "Asia/Tokyo")
    with pytest.raises(UsageError, match="beyond the calendar"):
        tokyo.midnight(date.min)
    latest = datetime.max.replace(tzinfo=UTC)
    assert tokyo.local(latest) == latest
    assert stamp(tokyo.end_of(date.max)) == "9999-12-31T23:59:59Z"
    assert stamp(tokyo.end_of(date(9999, 12, 30))) == "9999-12-30T15:00:00Z"


def test_crm_now_sets_the_moment() -> None:
    def now(text: str) -> str:
        return stamp(clock_from_environment({"CRM_NOW": text}, "Europe/Berlin").now())

    assert now("2026-11-21T14:00:00Z") == "2026-11-21T14:00:00Z"
    assert now("2026-11-21T14:00:00+02:00") == "2026-11-21T12:00:00Z"
    assert now("2026-11-21 14:00") == "2026-11-21T13:00:00Z"
    assert now(" 2026-11-21 ") == "2026-11-20T23:00:00Z"
    assert abs((clock_from_environment({}, "UTC").now() - datetime.now(UTC)).total_seconds()) < 3600


@pytest.mark.parametrize("text", ["yesterday", "2026-02-30", "0001-01-01T00:00:00+14:00", "\x1b[31m"])
def test_a_bad_crm_now_is_named(text: str) -> None:
    with pytest.raises(UsageError, match="CRM_NOW"):
        clock_from_environment({"CRM_NOW": text}, "UTC")


@pytest.mark.parametrize(
    ("tz", "expected"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (":Europe/Berlin", "Europe/Berlin"),
        ("/usr/share/zoneinfo/Asia/Tokyo", "Asia/Tokyo"),
        ("", "UTC"),
        ("Etc/UTC", "UTC"),
        ("CET-1CEST", "UTC"),
        ("../../etc/passwd", "UTC"),
        ("Nowhere At/All", "UTC"),
        ("Ünknown/Zone", "UTC"),
    ],
)
def test_the_zone_of_the_environment(tz: str, expected: str) -> None:
    assert system_zone({"TZ": tz}) == expected


def test_the_zone_of_the_machine(tmp_path: Path) -> None:
    assert system_zone({}, str(tmp_path)) == "UTC"
    (tmp_path / "localtime").symlink_to("/usr/share/zoneinfo/America/Lima")
    assert system_zone({}, str(tmp_path)) == "America/Lima"
    (tmp_path / "timezone").write_text("Asia/Kolkata\n")
    assert system_zone({}, str(tmp_path)) == "Asia/Kolkata"
    (tmp_path / "timezone").write_bytes(b"\xff\xfe")
    assert system_zone({}, str(tmp_path)) == "America/Lima"


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_stamp_comes_back(moment: datetime) -> None:
    text = stamp(moment)
    assert len(text) == 20
    assert instant(text) == moment.replace(microsecond=0)


@given(st.lists(st.datetimes(timezones=st.just(UTC))))
def test_stamps_sort_as_their_moments(moments: list[datetime]) -> None:
    assert sorted(map(stamp, moments)) == [stamp(moment) for moment in sorted(moments)]


def test_a_stamp_is_in_utc() -> None:
    assert stamp(Clock(NOON, "Asia/Tokyo").local(NOON)) == "2026-11-21T12:00:00Z"
    with pytest.raises(ValueError, match="aware"):
        stamp(datetime(2026, 11, 21))


@pytest.mark.parametrize("text", ["", "2026-11-21", "2026-11-21T14:00:00", "2026-13-21T14:00:00Z", "x" * 20])
def test_only_stamps_are_instants(text: str) -> None:
    with pytest.raises(ValueError):
        instant(text)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("AMERICA/NEW_YORK", "America/New_York"),
        ("utc", "UTC"),
        ("Etc/UTC", "UTC"),
    ],
)
def test_a_zone_is_spelt_canonically(name: str, expected: str) -> None:
    assert check_zone(name) == expected


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("Berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("Europe/Berln", "Europe/Berlin"),
        ("Lndon", "Europe/London"),
        ("", "IANA"),
        ("../../etc/passwd", "IANA"),
        ("Europe", ""),
        ("Europe/Berlin\0", ""),
        ("right/Europe/Berlin", ""),
        ("x" * 1_000_000, "IANA"),
    ],
)
def test_an_unknown_zone_is_refused_with_the_nearest(name: str, near: str) -> None:
    with pytest.raises(UsageError, match="no time zone") as error:
        check_zone(name)
    assert near in error.value.hint
    assert len(error.value.message) < 200
