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

SECTIONS = ("cases", "overdue", "today", "week", "owed", "cadence", "waiting")
"""In the order of a digest."""

FOLLOWUPS = SECTIONS[1:4]
TITLES = {
    "cases": ("Cases", "to solve", "crm queue --kind cases"),
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
    items: Sequence[Record],
    clock: Clock,
    *,
    user: str,
    key: str,
    cadences: Sequence[Record] = (),
    cases: Sequence[Record] = (),
) -> Notice | None:
    """What newly became due, or is told again; None when nothing is.

    Args:
        items: records of follow-ups, in the order in which they are told.
        clock: the moment and zone of the reader.
        user: who is told.
        key: see `notice_key`.
        cadences: with whom to get in touch; see `digest`.
        cases: those that missed a target; see `digest`.
    """
    if not items and not cadences and not cases:
        return None
    # Whole: what is left out here would never be told.
    sections = []
    if cases:
        sections.append(Section(TITLES["cases"][0], tuple(letter.case(item, clock, user) for item in cases)))
    if items:
        sections.append(
            Section("Follow-ups" if cases else "", tuple(letter.followup(item, clock, user) for item in items))
        )
    if cadences:
        sections.append(Section(TITLES["cadence"][0], tuple(letter.cadence(item, clock) for item in cadences)))
    name = items[0]["id"] if len(items) == 1 else "ID"
    foot = f"crm followup snooze {name} tomorrow" if items else ""
    title, heading = _due_title(items, cadences, cases), _due_heading(items, cases)
    page = Letter(title, heading, letter.moment_of(clock), tuple(sections), foot)
    parts = (("cases", cases), ("due", items), ("cadence", cadences))
    told = [{**item, "section": name} for name, part in parts for item in part]
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
            by day. `cases` holds records as of `CaseWatch.due`. The others have `contact` or `company`; `owed` and
            `waiting` also `channel`, `subject` and `waiting` (seconds), `cadence` also `via` (a channel or None),
            `reason` and `due_on` (an ISO date).
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
    if name == "cases":
        entries = [letter.case(item, clock, user) for item in items]
    elif name in FOLLOWUPS:
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


def _due_heading(items: Sequence[Record], cases: Sequence[Record]) -> str:
    if cases:
        count = len({item["id"] for item in cases})  # one may be late for both of its targets
        return "A case is late" if count == 1 else f"{count} cases are late"
    if not items:
        return "It is time to get in touch"
    return "A follow-up is due" if len(items) == 1 else f"{len(items)} follow-ups are due"


def _due_title(items: Sequence[Record], cadences: Sequence[Record], cases: Sequence[Record]) -> str:
    """ "Due: Call about the offer (Ada Lovelace)", "3 due: Call about the offer; Send the invoice; …"."""
    first = (*cases, *items, *cadences)[:3]
    names = [clip(letter.named(item), LONGEST_NAMED) if item["contact"] or item["company"] else "" for item in first]
    subjects = [clip(letter.short(item["subject"]), LONGEST_NAMED) for item in (*cases, *items)[:3]]
    count = len(cases) + len(items) + len(cadences)
    if count == 1:
        word = "Late" if cases else "Due"
        return f"{word}: {subjects[0]} ({names[0]})" if subjects else f"Stay in touch: {names[0]}"
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
