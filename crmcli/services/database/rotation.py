"""Which of many backups are kept: the newest of each of the last days, weeks and months."""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from crmcli.kernel.errors import UsageError

MOST = 1_000
_PART = re.compile(r"([0-9]{1,4}) *(?:(d)(?:ays?)?|(w)(?:eeks?)?|(m)(?:onths?)?|(y)(?:ears?)?)")
_STAMP = re.compile(r"-([0-9]{4})-([0-9]{2})-([0-9]{2})-([0-9]{6})(?:-[0-9]{1,3})?\.(?:db|jsonl)")


class Rule(NamedTuple):
    """So many of the last days, weeks, months and years that have a backup keep their newest."""

    counts: dict[str, int]


def parse(text: str) -> Rule:
    """The rule of a text: `7d,4w,12m`.

    Raises:
        UsageError: it is none.
    """
    counts: dict[str, int] = {}
    for part in text[:100].lower().split(","):
        found = _PART.fullmatch(part.strip())
        unit = found[found.lastindex or 0] if found else ""
        if found is None or not 0 < int(found[1]) <= MOST or unit in counts:
            raise UsageError(f"'{text[:40]}' does not say what to keep", "for example 7d,4w,12m: days, weeks, months")
        counts[unit] = int(found[1])
    return Rule(counts)


def file_name(stem: str, moment: str, number: int, ending: str) -> str:
    """The name of a backup: `crm-2026-11-20-100000.db`; `moment` is the stored text of an instant."""
    return f"{stem}-{stamp(moment)}{'' if number == 1 else f'-{number}'}{ending}"


def stamp(moment: str) -> str:
    """A stored instant as a part of the name of a file: `2026-11-20-100000`."""
    return f"{moment[:10]}-{moment[11:19].replace(':', '')}"


def made_here(stem: str, name: str) -> date | None:
    """The day of a backup by its name; None for any other file."""
    found = _STAMP.fullmatch(name.removeprefix(stem)) if name.startswith(stem) else None
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def superfluous(stem: str, names: Sequence[str], rule: Rule, made: str) -> list[str]:
    """Those of the names that are backups of ours and that the rule does not keep, as of the one that was just made.

    What bears a later moment was made by a clock that went wrong: it stays, and takes nobody's place, until it is past.
    """
    days = {name: day for name in names if (day := made_here(stem, name)) is not None and _order(name) <= _order(made)}
    newest_first = sorted(days, key=_order, reverse=True)
    kept = set(newest_first[:1])
    for unit, count in rule.counts.items():
        periods: dict[tuple[int, ...], str] = {}
        for name in newest_first:
            periods.setdefault(_period(days[name], unit), name)
        kept |= set(list(periods.values())[:count])
    return [name for name in newest_first if name not in kept]


def _order(name: str) -> tuple[str, int]:
    """The moment of a backup, and its number among those of one second."""
    stem, _, _ = name.rpartition(".")
    found = re.search(r"-([0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9]{6})(?:-([0-9]{1,3}))?$", stem)
    assert found is not None
    return found[1], int(found[2] or 1)


def _period(day: date, unit: str) -> tuple[int, ...]:
    if unit == "d":
        return day.year, day.month, day.day
    if unit == "w":
        return day.isocalendar()[:2]
    return (day.year, day.month) if unit == "m" else (day.year,)
