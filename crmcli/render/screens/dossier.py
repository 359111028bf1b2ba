"""Everything that is held on a person, as a page of Markdown: to be read, printed, or handed over."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from crmcli.kernel.clock import Clock, instant
from crmcli.kernel.markdown import escaped
from crmcli.kernel.text import safe
from crmcli.render.values import flat
from crmcli.render.view import Record

# Of the record itself what has a part of its own, or is of the program.
ASIDE = ("id", "display_name", "emails", "phones", "addresses", "urls", "companies", "consents", "tags", "custom",
         "preferences", "external_ids", "last_inbound_at", "last_outbound_at")  # fmt: skip


def lines(record: Record, clock: Clock) -> list[str]:
    """The lines of the page. Every value is escaped."""
    person = record["contact"]
    page = [f"# {_plain(person['display_name'])} ({record['id']})", ""]
    page.append(f"All that is held on this person, as of {_when(record['made_at'], clock)}.")
    page += _part("Who", _who(record))
    page += _part("How to reach", _reach(person))
    page += _part("Companies", (_company(one, person) for one in person["companies"]))
    page += _part("Tags, fields and preferences", _own(record))
    page += _part("Consent", _consents(record, clock))
    page += _contacts(record, clock)
    page += _part("Promised", (_followup(one, clock) for one in record["followups"]))
    page += _part("To stay in touch", (_cadence(one) for one in record["cadences"]))
    for title, what in (("Deals", "deals"), ("Orders", "orders"), ("Cases", "cases")):
        page += _part(title, map(_sale, record[what]))
    page += _part("Reminders told", (_reminder(one, clock) for one in record["reminders"]))
    page += _part("Named in the words of others", map(_plain, record["mentions"]))
    page += _part("Where each value came from", (_origin(one, clock) for one in record["origins"]))
    return page + _part("What was changed, by whom", (_change(one, clock) for one in record["changes"]))


def _plain(value: object) -> str:
    return escaped(safe(str(value)))


def _when(moment: str | None, clock: Clock) -> str:
    return "" if moment is None else f"{clock.local(instant(moment)):%Y-%m-%d %H:%M} {clock.zone_name}"


def _part(title: str, entries: Iterable[str]) -> list[str]:
    found = [f"- {entry}" for entry in entries]
    return ["", f"## {title}", "", *found] if found else []


def _named(pairs: Mapping[str, Any]) -> str:
    """Names and values in one line: `state: granted; source: fair`."""
    return "; ".join(
        f"{_plain(name.replace('_', ' '))}: {_plain(flat(value))}" for name, value in pairs.items() if value
    )


def _who(record: Record) -> Iterator[str]:
    for name, value in record["contact"].items():
        if name not in ASIDE and value not in (None, "", [], {}, False):
            yield f"{name.replace('_', ' ')}: {_text(flat(value))}"
    for one in record["merged"]:
        yield f"was kept as {_plain(one['display_name'])} ({one['id']}) as well, which was merged into this record"


def _text(value: object) -> str:
    """A text of several lines as one entry of a list."""
    return "\n  ".join(_plain(line) for line in str(value).splitlines())


def _reach(person: Record) -> Iterator[str]:
    for kind in ("emails", "phones", "addresses", "urls"):
        for one in person[kind]:
            yield f"{kind.removesuffix('es') if kind == 'addresses' else kind.removesuffix('s')}: {_named(one)}"


def _company(one: Record, person: Record) -> str:
    return f"{_plain(one['name'])} ({one['id']})" + (f", {_plain(one['role'])}" if one["role"] else "")


def _own(record: Record) -> Iterator[str]:
    person = record["contact"]
    if person["tags"]:
        yield f"tags: {_plain(', '.join(person['tags']))}"
    for name in ("custom", "preferences"):
        for key, value in person[name].items():
            yield f"{_plain(key)}: {_text(flat(value))}"
    for key in person["external_ids"]:
        yield f"known elsewhere as {_plain(key)}"
    for line in record["extra"]:
        yield f"from a vCard: {_plain(line)}"


def _consents(record: Record, clock: Clock) -> Iterator[str]:
    for one in record["consents"]:
        why = "" if one["may"] else f"; we may not: {_plain(one['reason'])}"
        said = {name: one[name] for name in ("legal_basis", "source")}
        head = "; ".join(filter(None, [f"{_plain(one['id'])}: {one['state']}", _named(said)])) + why
        history = [
            f"  - {_when(entry['at'], clock)} {entry['state']}, written down by {_plain(entry['by'])}"
            for entry in one["history"]
        ]
        yield "\n".join([head, *history])


def _contacts(record: Record, clock: Clock) -> list[str]:
    """What passed between us, with all texts, as quotations."""
    page = ["", "## Contacts"] if record["interactions"] else []
    for one in record["interactions"]:
        head = f"{_when(one['occurred_at'], clock)} {one['direction']} {one['channel'].replace('_', ' ')} ({one['id']})"
        page += ["", f"### {head}" + (" (deleted)" if one["deleted_at"] else "")]
        about = {name: one.get(name) for name in ("subject", "outcome", "duration", "satisfaction", "user")}
        page += ["", _named(about)] if _named(about) else []
        for title in ("body", "quoted"):
            if one[title]:
                page += ["", *(f"> {_plain(line)}".rstrip() for line in one[title].splitlines())]
        for attachment in one["attachments"]:
            kept = "" if attachment["stored"] else ", not kept"
            page += ["", f"attached: {_plain(attachment['name'])} ({attachment['size']:,} bytes{kept})"]
    return page


def _followup(one: Record, clock: Clock) -> str:
    texts = {name: one.get(name) for name in ("note", "outcome_note", "owner")}
    head = f"{one['id']} due {_when(one['due_at'], clock)}, {one['status']}: {_plain(one['subject'])}"
    return "; ".join(filter(None, [head, _named(texts)]))


def _cadence(one: Record) -> str:
    return f"{one['id']}: every {_plain(one['ideal'])}, at most {_plain(one['maximum'])}"


def _sale(one: Record) -> str:
    """A deal, order or case, and what it is made of, an entry each."""
    own = {name: value for name, value in one.items() if name != "id" and not isinstance(value, list)}
    parts = [
        f"  - {name.replace('_', ' ')}: {_named(part)}"
        for name, value in one.items()
        if isinstance(value, list)
        for part in value
    ]
    return "\n".join([f"{one['id']}: {_named(own)}", *parts])


def _reminder(one: Record, clock: Clock) -> str:
    return f"{_when(one['told_at'], clock)} {_plain(one['user'])} by {_plain(one['channel'])}: {_plain(one['subject'])}"


def _origin(one: Record, clock: Clock) -> str:
    known = f"{_plain(one['source'])}, by {_plain(one['by'])}, {_when(one['at'], clock)}" if one["at"] else "not known"
    return f"{_plain(one['field'])}: {_text(flat(one['value']))} — {known}"


def _change(one: Record, clock: Clock) -> str:
    head = f"{_when(one['at'], clock)} {_plain(one['by'])} ({one['operation']} {_plain(one['command'])})"
    what = one["what"].replace("_", " ") + (f" of {one['record']}" if one["record"] else "")
    if one["before"] is None and one["after"] is None:
        return f"{head}: {what}, erased since"
    before, after = one["before"], one["after"]
    verb = "added" if before is None else "removed" if after is None else "changed"
    shown = after if before is None else before if after is None else None
    said = (
        _named(shown)
        if shown is not None
        else "; ".join(
            f"{_plain(name)}: {_plain(flat(before.get(name)))} → {_plain(flat(value))}"
            for name, value in (after or {}).items()
        )
    )
    return f"{head}: {verb} {what}: {said}"
