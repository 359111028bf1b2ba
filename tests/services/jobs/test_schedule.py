"""When jobs run, as cron and systemd write it."""

import shutil
import subprocess
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.kernel.clock import Clock
from crmcli.kernel.errors import UsageError
from crmcli.kernel.zones import load
from crmcli.services.jobs.schedule import DAY, Schedule, drifts, parse, patience, read_calendar, read_cron

FRIDAY = datetime(2026, 11, 20, 10, tzinfo=UTC)
CLOCK = Clock(FRIDAY)


@pytest.mark.parametrize(
    ("at", "every", "digest", "words", "cron", "calendar"),
    [
        ("", "", "", "every 15 minutes", "*/15 * * * *", "*:0/15"),
        ("", "1m", "", "every minute", "* * * * *", "*:0/1"),
        ("", "5", "", "every 5 minutes", "*/5 * * * *", "*:0/5"),
        ("", "hourly", "", "every hour", "0 * * * *", "*:00"),
        ("", "60m", "", "every hour", "0 * * * *", "*:00"),
        ("", "2h", "", "every 2 hours", "0 */2 * * *", "0/2:00"),
        ("08:00", "", "", "daily at 08:00", "0 8 * * *", "*-*-* 08:00:00"),
        ("7:30pm", "", "", "daily at 19:30", "30 19 * * *", "*-*-* 19:30:00"),
        ("", "", "daily", "daily at 08:00", "0 8 * * *", "*-*-* 08:00:00"),
        ("9am", "", "weekly", "Mondays at 09:00", "0 9 * * 1", "Mon *-*-* 09:00:00"),
    ],
)
def test_flags_become_both(at: str, every: str, digest: str, words: str, cron: str, calendar: str) -> None:
    found = parse(at, every, digest)
    assert (found.words, found.cron(CLOCK, UTC), found.calendar) == (words, cron, calendar)
    assert read_cron(cron) == (words, found.minutes)
    zone = " Europe/Berlin" if found.at else ""
    assert read_calendar(calendar + zone, "Europe/Berlin") == (words, found.minutes)


@pytest.mark.parametrize(
    ("at", "every", "digest", "part"),
    [
        ("25:00", "", "", "'25:00' is not a time of day"),
        ("8", "", "", "is not a time of day"),
        ("08:00:30", "", "", "is not a time of day"),
        ("", "7m", "", "does not divide an hour"),
        ("", "90m", "", "does not divide an hour"),
        ("", "5h", "", "or a day evenly"),
        ("", "1d", "", "is not a duration"),
        ("", "daily", "", "does not divide"),
        ("", "0m", "", "does not divide"),
        ("", "30s", "", "does not divide"),
        ("08:00", "15m", "", "give one of them"),
        ("", "15m", "daily", "does not come every 15m"),
        ("", "", "monthly", "there is no digest 'monthly'"),
    ],
)
def test_what_is_refused(at: str, every: str, digest: str, part: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse(at, every, digest)
    assert part in f"{refused.value.message} {refused.value.hint}"


@pytest.mark.parametrize(
    ("mine", "crons", "at", "minutes", "fields"),
    [
        ("Europe/Berlin", "UTC", time(8), DAY, "0 7 * * *"),
        ("UTC", "Asia/Kolkata", time(8), DAY, "30 13 * * *"),
        ("Asia/Tokyo", "UTC", time(0, 30), 7 * DAY, "30 15 * * 0"),  # Monday there is Sunday here
        ("America/New_York", "Asia/Tokyo", time(20), 7 * DAY, "0 10 * * 2"),
        ("Europe/Berlin", "Europe/Vienna", time(8), 7 * DAY, "0 8 * * 1"),
    ],
)
def test_a_time_of_my_zone_in_that_of_cron(mine: str, crons: str, at: time, minutes: int, fields: str) -> None:
    assert Schedule(minutes, at).cron(Clock(FRIDAY, mine), load(crons)) == fields


def test_zones_that_change_their_clocks_drift() -> None:
    assert drifts(load("Europe/Berlin"), UTC, 2026)
    assert not drifts(load("Europe/Berlin"), load("Europe/Vienna"), 2026)
    assert not drifts(load("Asia/Tokyo"), UTC, 2026)


@given(st.times(), st.sampled_from([DAY, 7 * DAY]), st.sampled_from(["Asia/Kathmandu", "America/St_Johns", "UTC"]))
def test_the_fields_mean_the_moment(at: time, minutes: int, zone: str) -> None:
    """The minute, hour and weekday of cron are those of the next run, seen from its zone."""
    there = load(zone) if zone != "UTC" else UTC
    schedule = Schedule(minutes, at.replace(second=0, microsecond=0))
    minute, hour, _, _, weekday = schedule.cron(CLOCK, there).split()
    moment = schedule.next_run(CLOCK).astimezone(there)
    assert (moment.minute, moment.hour) == (int(minute), int(hour))
    assert weekday == ("*" if minutes == DAY else str(moment.isoweekday() % 7))


@pytest.mark.parametrize("fields", ["*/15 8-18 * * 1-5", "0 8 1 * *", "@reboot", "0 8 * * mon", "*/0 * * * *"])
def test_what_a_person_wrote_is_told_as_it_is(fields: str) -> None:
    assert read_cron(fields) == (fields, None)
    assert patience(None) > timedelta(days=3)


@pytest.mark.parametrize(
    ("minutes", "hours"), [(1, 1), (15, 1), (60, 2), (6 * 60, 12), (12 * 60, 14), (DAY, 26), (7 * DAY, 170)]
)
def test_how_long_a_job_may_rest(minutes: int, hours: int) -> None:
    assert patience(minutes) == timedelta(hours=hours)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="NO SYSTEMD on this machine")
@pytest.mark.parametrize("flags", [("", "1m", ""), ("", "2h", ""), ("", "1h", ""), ("8am", "", ""), ("", "", "weekly")])
def test_systemd_understands_it(flags: tuple[str, str, str]) -> None:
    text = parse(*flags).calendar
    for zone in ("", " Europe/Berlin", " UTC"):
        done = subprocess.run(["systemd-analyze", "calendar", text + zone], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
