"""Staying in touch: cadences, and the customers who are due."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from crmcli.kernel.clock import Clock, instant
from crmcli.kernel.relative import ago, date_label
from crmcli.kernel.text import safe
from crmcli.render.view import Column, Record, View

STYLES = {"late": "overdue", "due": "warning", "paused": "muted", "ok": "good"}


def whom(record: Record) -> str:
    """The customer's name, or the filter."""
    if record["contact"]:
        return str(record["contact"]["display_name"])
    return str(record["company"]["name"] if record["company"] else record["filter"])


def whom_id(record: Record) -> Any:
    """The customer's id; None of a filter."""
    party = record["contact"] or record["company"]
    return party["id"] if party else None


def last_contact(record: Record, clock: Clock) -> str:
    """When the last contact was that counts: "last contact 3 weeks ago", on one channel "last one 3 weeks ago"."""
    if record["last_at"] is None:
        return "none yet" if record["via"] else "no contact yet"
    return f"last {'one' if record['via'] else 'contact'} {ago(instant(record['last_at']), clock)}"


def due_lines(records: Sequence[Record], clock: Clock) -> Iterator[str]:
    """With whom to get in touch, a safe line each."""
    for record in records:
        since = date_label(date.fromisoformat(record["due_on"]), clock)
        yield safe(
            f"Stay in touch: {whom(record)} ({record['id']}), {record['state']} since {since}, {record['reason']}"
        )


def state_style(record: Record) -> str:
    """The style of where a customer stands: late is red, due is yellow."""
    return STYLES.get(record["state"], "")


VIEW = View(
    schema="crm.cadence",
    columns=(
        Column("id", "Id", "id", help="Short id"),
        Column("who", "With", get=whom, help="Name of the contact or company, or the filter"),
        Column("who_id", "Who id", "id", get=whom_id, drop=9, help="Id of the contact or company"),
        Column("noun", "About", "enum", drop=8, help="contact or company"),
        Column("ideal", "Every", help="The gap that is wanted"),
        Column("maximum", "At most", drop=3, help="The longest gap that is borne"),
        Column("via", "Via", "enum", drop=6, help="Only contacts on this channel count"),
        Column("state", "State", "enum", style=state_style, help="ok, due, late or paused; of a filter only paused"),
        Column("last_at", "Last contact", "time", drop=4, help="The last contact that counts"),
        Column("due_on", "Due", "day", drop=2, style=state_style, help="The day on which the next contact is due"),
        Column("owner", "Owner", drop=7, help="Who stays in touch"),
        Column("late_on", "Late", "day", shown=False, help="The day from which it is late"),
        Column("days", "Days", "number", shown=False, help="Days since it became due"),
        Column("filter", "Filter", shown=False, help="Whom it is about, as a filter"),
        Column("paused_at", "Paused", "time", shown=False, help="Since when it is paused"),
        Column("paused_until", "Until", "time", shown=False, help="Until when it is paused"),
        Column("uid", "Uid", "id", shown=False, help="Id that travels in exports"),
        Column("created_at", "Created", "time", shown=False, help="When it was set"),
        Column("updated_at", "Updated", "time", shown=False, help="When it was last changed"),
    ),
    json=(
        "id",
        "uid",
        "noun",
        "contact",
        "company",
        "filter",
        "ideal",
        "maximum",
        "via",
        "owner",
        "state",
        "last_at",
        "due_on",
        "late_on",
        "days",
        "paused_at",
        "paused_until",
        "created_at",
        "updated_at",
    ),
    title=whom,
    empty="No cadences here. Set one: crm cadence set WHO 6w",
)

DUE = View(
    schema="crm.cadence.due",
    columns=(
        Column("id", "Id", "id", help="Id of the contact or company"),
        Column("who", "Customer", get=whom, help="Name of the contact or company"),
        Column("state", "State", "enum", style=state_style, help="due or late"),
        Column("days", "Days", "number", style=state_style, help="Days since it became due"),
        Column("last_at", "Last contact", "time", drop=3, help="The last contact that counts"),
        Column("reason", "Why", drop=2, help="The cadence in words"),
        Column("cadence", "Cadence", "id", drop=5, help="Id of the cadence"),
        Column("due_on", "Due", "day", shown=False, help="The day on which it became due"),
        Column("late_on", "Late", "day", shown=False, help="The day from which it is late"),
        Column("ideal", "Every", shown=False, help="The gap that is wanted"),
        Column("maximum", "At most", shown=False, help="The longest gap that is borne"),
        Column("via", "Via", "enum", shown=False, help="Only contacts on this channel count"),
        Column("owner", "Owner", shown=False, help="Who stays in touch"),
    ),
    json=(
        "id",
        "contact",
        "company",
        "cadence",
        "reason",
        "ideal",
        "maximum",
        "via",
        "owner",
        "last_at",
        "due_on",
        "late_on",
        "state",
        "days",
    ),
    title=whom,
    empty="Nobody is due by a cadence.",
)
