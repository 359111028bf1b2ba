"""Which backups are kept."""

import pytest

from crmcli.kernel.errors import UsageError
from crmcli.services.database.rotation import file_name, parse, superfluous


def dated(*days: str) -> list[str]:
    return [file_name("crm", f"{day}T01:15:00Z", 1, ".db") for day in days]


def test_a_name_tells_the_moment() -> None:
    assert file_name("crm", "2026-11-20T10:00:00Z", 1, ".db") == "crm-2026-11-20-100000.db"
    assert file_name("crm", "2026-11-20T10:00:00Z", 2, ".jsonl") == "crm-2026-11-20-100000-2.jsonl"


def test_the_newest_of_each_day_week_and_month_is_kept() -> None:
    days = [f"2026-{month:02}-{day:02}" for month in (9, 10, 11) for day in range(1, 31)]
    names = dated(*days)
    gone = superfluous("crm", names, parse("3d,2w,3m"), names[-1])
    assert sorted(set(names) - set(gone)) == dated("2026-09-30", "2026-10-30", "2026-11-28", "2026-11-29", "2026-11-30")


def test_of_one_day_the_last_is_kept() -> None:
    names = [file_name("crm", "2026-11-20T10:00:00Z", number, ".db") for number in (1, 2, 10)]
    assert superfluous("crm", names, parse("5d"), names[2]) == [names[1], names[0]]


def test_what_others_named_is_never_named() -> None:
    names = [
        *dated("2020-01-01", "2026-11-20"),
        "crm.db",
        "crm-2020-01-01.db",
        "x-2020-01-01-011500.db",
        "crm-2020-13-01-011500.db",
    ]
    assert superfluous("crm", names, parse("1d"), names[1]) == dated("2020-01-01")


def test_the_newest_stays_whatever_the_rule() -> None:
    assert superfluous("crm", dated("2020-01-01"), parse("1d"), *dated("2020-01-01")) == []


def test_a_clock_that_was_ahead_costs_nobody_a_place() -> None:
    ahead = dated("2030-01-01", "2030-01-02", "2030-01-03")
    names = [*dated("2026-11-27", "2026-11-28", "2026-11-29", "2026-11-30"), *ahead]
    assert superfluous("crm", names, parse("3d"), names[3]) == dated("2026-11-27")
    assert superfluous("crm", names, parse("3d"), ahead[-1]) == list(reversed(names[:4]))


@pytest.mark.parametrize("text", ["", "d", "0d", "7", "7d,7d", "7x", "7dogs", "7 days ago", "1001d", "7d 4w", "-1d"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse(text)
