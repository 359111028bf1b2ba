"""A notice before it is written in a format: sections of entries, each in words that are safe for a terminal."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from crmcli.kernel.clock import Clock, instant
from crmcli.kernel.customers import customer, name_of
from crmcli.kernel.durations import format_duration
from crmcli.kernel.relative import ago, date_label, due_day, due_phrase
from crmcli.kernel.text import clip, safe

Record = Mapping[str, Any]

LONGEST_WORDS = 200
# Some mail programs cut a mail off where it is long, and nobody reads on.
MOST_ENTRIES = 50
NEAR = {0: "today, ", 1: "tomorrow, "}


class Entry(NamedTuple):
    """One thing in words.

    Args:
        headline: what it is.
        mark: "urgent" or "high", else empty.
        details: phrases about it.
        late: by how much it is late, in words; empty when it is not.
        notes: phrases that are less needed.
        said: what was last written or spoken of; may be empty.
        command: what closes it.
    """

    headline: str
    mark: str
    details: tuple[str, ...]
    late: str
    notes: tuple[str, ...]
    said: str
    command: str


class Section(NamedTuple):
    """Entries under a title, which may be empty; `more` of them are left out, and `command` lists all."""

    title: str
    entries: tuple[Entry, ...]
    more: int = 0
    command: str = ""


class Letter(NamedTuple):
    """All of a notice: a title in one line, a heading, the moment and zone, sections, and the command that puts off
    what they hold, which may be empty."""

    title: str
    heading: str
    moment: str
    sections: tuple[Section, ...]
    foot: str


def moment_of(clock: Clock) -> str:
    """When a notice was written, with its zone: "Fri 20 Nov 2026 10:00 Europe/Vienna"."""
    local = clock.local(clock.now())
    year = f" {local.year}" if local.year == clock.today().year else ""
    return f"{date_label(local.date(), clock)}{year} {local:%H:%M} {clock.zone_name}"


def named(item: Record) -> str:
    """The name of the contact or company."""
    return short(name_of(customer(item)))


def identified(item: Record) -> str:
    """Name and id of the contact or company: "Ada Lovelace (c1)"."""
    return f"{named(item)} ({customer(item)['id']})".strip()


def followup(item: Record, clock: Clock, user: str) -> Entry:
    """A follow-up."""
    late = due_phrase(item, clock) if item["overdue"] else ""
    notes = ["do not contact"] if item["do_not_contact"] else []
    if item["snooze_count"]:
        notes.append(snoozed(item["snooze_count"]))
    if item["owner"] and item["owner"] != user:
        notes.append(f"for {short(item['owner'])}")
    mark = item["priority"] if item["priority"] in ("urgent", "high") else ""
    details = (identified(item), _due(item, clock))
    command = f"crm followup done {item['id']}"
    return Entry(short(item["subject"]), mark, details, late, tuple(notes), "", command)


def snoozed(count: int) -> str:
    """How often something was put off: "snoozed twice"."""
    return f"snoozed {({1: 'once', 2: 'twice'}).get(count) or f'{count} times'}"


def owed(item: Record, clock: Clock) -> Entry:
    """Somebody who waits for an answer."""
    return _talk(item, clock, "out", "What you answered")


def awaited(item: Record, clock: Clock) -> Entry:
    """Somebody whose answer we wait for."""
    return _talk(item, clock, "in", "What they said")


def cadence(item: Record, clock: Clock) -> Entry:
    """Somebody to stay in touch with."""
    day = clock.today().fromisoformat(item["due_on"])
    days = (clock.today() - day).days
    late = f"{days} day{'' if days == 1 else 's'} overdue" if days > 0 else ""
    details = (short(item["reason"]), f"due {NEAR.get(-days, '')}{date_label(day, clock)}")
    return Entry(identified(item), "", tuple(filter(None, details)), late, (), "", _log(item, "out", "What was said"))


def case(item: Record, clock: Clock, user: str) -> Entry:
    """A case that missed a target, or is about to."""
    answer = item["target"] == "response"
    span = format_duration(abs(item["left"]) // 60 * 60)
    late = f"{span} of business time over" if item["state"] == "breached" else ""
    left = () if late else (f"{span} of business time left",)
    party = item["contact"] or item["company"]
    day = date_label(clock.local(instant(item["target_at"])).date(), clock)
    by = f"{'answer' if answer else 'resolve'} by {day} {clock.local(instant(item['target_at'])):%H:%M}"
    notes = [f"for {short(item['owner'])}"] if item["owner"] and item["owner"] != user else []
    mark = item["priority"] if item["priority"] in ("urgent", "high") else ""
    command = f'crm case reply {item["id"]} "What was said"' if answer else f"crm case show {item['id']}"
    whose = (identified(item),) if party else ()
    return Entry(f"{short(item['subject'])} ({item['id']})", mark, (*whose, by, *left), late, tuple(notes), "", command)


def _talk(item: Record, clock: Clock, direction: str, example: str) -> Entry:
    since = ago(clock.now() - timedelta(seconds=item["waiting"]), clock, whole_day=False)
    channel = str(item.get("channel") or "").replace("_", " ")
    said = short(item["subject"]) if item.get("subject") else ""
    return Entry(identified(item), "", (f"{channel} {since}".strip(),), "", (), said, _log(item, direction, example))


def _log(item: Record, direction: str, example: str) -> str:
    channel = item.get("channel") or item.get("via") or "call"
    return f'crm log {direction} {customer(item)["id"]} "{example}" --channel {channel}'


def _due(item: Record, clock: Clock) -> str:
    """The day, the time unless it is a whole day, and the zone where it is not the reader's."""
    day, moment, zone = due_day(item, clock), instant(item["due_at"]), item["timezone"]
    near = NEAR.get((day - clock.today()).days, "")
    elsewhere = zone not in (None, clock.zone_name)
    if item["all_day"]:
        return f"due {near}{date_label(day, clock)}{f' in {zone}' if elsewhere else ''}"
    told = f"due {near}{date_label(day, clock)} {clock.local(moment):%H:%M}"
    return told + (f" ({Clock(clock.now(), zone).local(moment):%H:%M} in {zone})" if elsewhere else "")


def short(text: object) -> str:
    """What somebody wrote, in one line that is safe, and not longer than a reader bears."""
    return clip(safe(" ".join(str(text).split())), LONGEST_WORDS)


def cut(entries: Sequence[Entry], count: int, title: str, command: str) -> Section:
    """A section of the first entries of `count` that there are."""
    shown = tuple(entries[:MOST_ENTRIES])
    return Section(title, shown, max(count, len(entries)) - len(shown), command)
