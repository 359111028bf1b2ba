"""Notices from plain records: of what newly became due, and digests of a day or of the next seven days."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from itertools import groupby

from crmcli.kernel.clock import Clock, stamp
from crmcli.kernel.relative import date_label, due_day
from crmcli.kernel.text import clip
from crmcli.notifiers.base import Notice
from crmcli.services.notices import html, letter, markdown, plain
from crmcli.services.notices.letter import NEAR, Letter, Record, Section
from crmcli.services.queue import shown_count

SECTIONS = ("overdue", "today", "week", "owed", "cadence", "waiting")
"""In the order of a digest; the first three hold follow-ups."""

FOLLOWUPS = SECTIONS[:3]
TITLES = {
    "overdue": ("Overdue", "overdue", "crm queue overdue:yes"),
    "today": ("Today", "today", "crm queue"),
    "week": ("Later this week", "this week", "crm queue"),
    "owed": ("You owe a reply", "to answer", "crm queue --kind owed"),
    "cadence": ("Stay in touch", "to contact", "crm queue --kind cadence"),
    "waiting": ("Waiting for them", "awaited", "crm queue --kind waiting"),
}
"""Of each section the title, the words for its count in a line, and the command that lists all of it."""

NEXT_DAYS = "in 7 days"
LONGEST_TITLE = 120
LONGEST_NAMED = 60
KEY_LETTERS = 32


def notice_key(parts: Sequence[str]) -> str:
    """The key of a notice, 32 hexadecimal digits: the same for the same texts in the same order, and for no others."""
    told = "".join(f"{len(part)}:{part}" for part in parts)
    return sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:KEY_LETTERS]


def due_notice(
    items: Sequence[Record], clock: Clock, *, user: str, key: str, cadences: Sequence[Record] = ()
) -> Notice | None:
    """What newly became due, or is told again; None when nothing is.

    Args:
        items: records of follow-ups, in the order in which they are told.
        clock: the moment and zone of the reader.
        user: who is told.
        key: see `notice_key`.
        cadences: with whom to get in touch; see `digest`.
    """
    if not items and not cadences:
        return None
    # Whole: what is left out here would never be told.
    sections = []
    if items:
        sections.append(Section("", tuple(letter.followup(item, clock, user) for item in items)))
    if cadences:
        sections.append(Section(TITLES["cadence"][0], tuple(letter.cadence(item, clock) for item in cadences)))
    name = items[0]["id"] if len(items) == 1 else "ID"
    foot = f"crm followup snooze {name} tomorrow" if items else ""
    page = Letter(_due_title(items, cadences), _due_heading(items), letter.moment_of(clock), tuple(sections), foot)
    told = [{**item, "section": "due"} for item in items] + [{**item, "section": "cadence"} for item in cadences]
    return _notice("due", page, told, clock, user, key)


def digest(
    kind: str,
    sections: Mapping[str, Sequence[Record]],
    clock: Clock,
    *,
    user: str,
    key: str,
    counts: Mapping[str, int] | None = None,
) -> Notice | None:
    """A digest; None when all its sections are empty.

    Args:
        kind: daily or weekly.
        sections: any of SECTIONS. `overdue`, `today` and `week` hold records of follow-ups: `week` what is due after
            today, until the end of the week in a daily digest, within the next 7 days in a weekly one, where it is told
            by day. The others have `contact` or `company`; `owed` and `waiting` also `channel`, `subject` and `waiting`
            (seconds), `cadence` also `via` (a channel or None), `reason` and `due_on` (an ISO date).
        clock: the moment and zone of the reader.
        user: who is told.
        key: see `notice_key`.
        counts: how many there are where a section does not hold all.
    """
    numbers = {name: max(len(sections.get(name, ())), (counts or {}).get(name, 0)) for name in SECTIONS}
    named = [name for name in SECTIONS if sections.get(name)]
    if not named:
        return None
    made: list[Section] = []
    for name in named:
        if name == "week" and kind == "weekly":
            made += _by_day(sections[name], numbers[name], clock, user)
        else:
            made.append(_section(name, sections[name], numbers[name], clock, user))
    foot = "crm followup snooze ID tomorrow" if any(sections.get(name) for name in FOLLOWUPS) else ""
    title = _digest_title(kind, numbers, clock)
    page = Letter(title, title, letter.moment_of(clock), tuple(made), foot)
    items = [{**item, "section": name} for name in named for item in sections[name]]
    return _notice(kind, page, items, clock, user, key)


def _notice(kind: str, page: Letter, items: Sequence[Record], clock: Clock, user: str, key: str) -> Notice:
    return Notice(
        key=key,
        kind=kind,
        title=page.title,
        text=plain.write(page),
        markdown=markdown.write(page),
        html=html.write(page),
        items=tuple(items),
        user=user,
        at=stamp(clock.now()),
    )


def _section(name: str, items: Sequence[Record], count: int, clock: Clock, user: str) -> Section:
    if name in FOLLOWUPS:
        entries = [letter.followup(item, clock, user) for item in items]
    else:
        write = {"owed": letter.owed, "cadence": letter.cadence, "waiting": letter.awaited}[name]
        entries = [write(item, clock) for item in items]
    title, _, command = TITLES[name]
    return letter.cut(entries, count, f"{title} ({shown_count(count)})", command)


def _by_day(items: Sequence[Record], count: int, clock: Clock, user: str) -> list[Section]:
    """A section for each day; what was left out is told in the last."""
    made = []
    shown = items[: letter.MOST_ENTRIES]
    for day, group in groupby(sorted(shown, key=lambda item: due_day(item, clock)), lambda item: due_day(item, clock)):
        near = NEAR.get((day - clock.today()).days, "").capitalize()
        entries = tuple(letter.followup(item, clock, user) for item in group)
        made.append(Section(f"{near}{date_label(day, clock)}", entries))
    made[-1] = made[-1]._replace(more=count - len(shown), command="crm queue --later")
    return made


def _due_heading(items: Sequence[Record]) -> str:
    if not items:
        return "It is time to get in touch"
    return "A follow-up is due" if len(items) == 1 else f"{len(items)} follow-ups are due"


def _due_title(items: Sequence[Record], cadences: Sequence[Record]) -> str:
    """ "Due: Call about the offer (Ada Lovelace)", "3 due: Call about the offer; Send the invoice; …"."""
    names = [clip(letter.named(item), LONGEST_NAMED) for item in (*items, *cadences)][:3]
    subjects = [clip(letter.short(item["subject"]), LONGEST_NAMED) for item in items[:3]]
    count = len(items) + len(cadences)
    if count == 1:
        return f"Due: {subjects[0]} ({names[0]})" if items else f"Stay in touch: {names[0]}"
    told = [*subjects, *(f"stay in touch with {name}" for name in names[len(subjects) :])]
    more = "; …" if count > len(told) else ""
    return clip(f"{count} due: {'; '.join(told)}{more}", LONGEST_TITLE)


def _digest_title(kind: str, numbers: Mapping[str, int], clock: Clock) -> str:
    """ "Today, Fri 20 Nov: 2 overdue, 3 today", "The week from Fri 20 Nov: 2 overdue, 5 in 7 days"."""
    words = {name: TITLES[name][1] for name in SECTIONS}
    if kind == "weekly":
        words["week"] = NEXT_DAYS
    told = ", ".join(f"{shown_count(numbers[name])} {words[name]}" for name in SECTIONS if numbers[name])
    begin = "The week from" if kind == "weekly" else "Today,"
    return f"{begin} {date_label(clock.today(), clock)}: {told}"
