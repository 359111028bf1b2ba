"""What may be sold."""

from collections.abc import Callable
from datetime import date
from typing import Any

from crmcli.kernel.clock import Clock, instant
from crmcli.kernel.codes import format_money
from crmcli.kernel.customers import name_of
from crmcli.kernel.relative import date_label, stretch
from crmcli.render.view import Column, Record, View

STATUS_STYLES = {"won": "good", "lost": "muted"}


def who(record: Record) -> str:
    """The names of the person and the company, as far as there are any."""
    return ", ".join(name_of(party) for party in (record["contact"], record["company"]) if party)


def who_id(record: Record) -> str | None:
    """The id of the person, else of the company."""
    party = record["contact"] or record["company"]
    return str(party["id"]) if party else None


def money(record: Record, name: str = "amount") -> str | None:
    """An amount of a deal for a person: "12,000.00 EUR"; None without one."""
    minor = record[f"{name}_minor"]
    return None if minor is None else format_money(minor, record["currency"])


def _title(record: Record) -> str:
    return str(record["name"])


def _next(name: str) -> Callable[[Record], Any]:
    return lambda record: record["next"] and record["next"][name]


def _next_or_none(record: Record) -> str | None:
    if record["next"]:
        return str(record["next"]["subject"])
    return "none" if record["status"] == "open" else None


def _next_style(record: Record) -> str:
    return "warning" if record["status"] == "open" and not record["next"] else ""


def _stage_style(record: Record) -> str:
    return "overdue" if record["rotting"] else STATUS_STYLES.get(record["status"], "")


def _custom(record: Record) -> list[str]:
    return [f"{key}={value}" for key, value in record["custom"].items()]


def _percent(record: Record) -> str:
    return f"{record['probability']} %"


COLUMNS = (
    Column("id", "Id", "id", help="Short id"),
    Column("name", "Deal", help="What it is about"),
    Column("who", "Customer", get=who, drop=3, help="Name of the contact and company"),
    Column("who_id", "Who id", "id", get=who_id, shown=False, help="Id of the contact, or of the company"),
    Column("stage", "Stage", "enum", style=_stage_style, help="The stage that it is in"),
    Column("amount", "Amount", "money", help="Amount in whole units of its currency"),
    Column("currency", "Currency", "enum", help="Currency (ISO 4217)"),
    Column("probability", "Likely", "number", drop=5, help="How likely it is won, in percent"),
    Column("weighted", "Weighted", "money", drop=8, help="Amount x probability"),
    Column("close_date", "Close", "day", drop=2, help="When it is expected to be won, or was won or lost"),
    Column("next_due", "Next due", "time", get=_next("due_at"), drop=6, help="When its next follow-up is due"),
    Column("next_step", "Next step", get=_next("subject"), drop=4, style=_next_style, help="Its next follow-up"),
    Column("owner", "Owner", drop=7, help="Who works on it"),
    Column("status", "Status", "enum", shown=False, help="open, won or lost"),
    Column("pipeline", "Pipeline", shown=False, help="The pipeline that it is in"),
    Column("forecast_category", "Forecast", "enum", shown=False, help="How it counts in a forecast"),
    Column("source", "Source", shown=False, help="Where it came from"),
    Column("lost_reason", "Lost because", shown=False, help="Why it was lost"),
    Column("age_days", "Age", "number", shown=False, help="Days since it was added, or that it took"),
    Column("stage_days", "In stage", "number", shown=False, help="Days that it is in its stage"),
    Column("rotting", "Rotting", "bool", shown=False, help="In its stage for longer than the stage allows"),
    Column("stage_since", "Stage since", "time", shown=False, help="Since when it is in its stage"),
    Column("custom", "Fields", "list", _custom, shown=False, help="Fields of its own"),
    Column("external", "External id", "id", shown=False, help="Key in another system"),
    Column("note", "Note", "markdown", wide=True, shown=False, help="Details"),
    Column("closed_at", "Closed", "time", shown=False, help="When it was won or lost"),
    Column("uid", "Uid", "id", shown=False, help="Id that travels in exports"),
    Column("created_at", "Created", "time", shown=False, help="When it was added"),
    Column("updated_at", "Updated", "time", shown=False, help="When it was last changed"),
    Column("deleted_at", "Deleted", "time", shown=False, help="When it was deleted"),
)
JSON = (
    "id",
    "uid",
    "name",
    "status",
    "pipeline",
    "stage",
    "amount",
    "amount_minor",
    "currency",
    "probability",
    "own_probability",
    "weighted",
    "weighted_minor",
    "forecast_category",
    "own_forecast_category",
    "close_date",
    "contact",
    "company",
    "owner",
    "source",
    "lost_reason",
    "next",
    "age_days",
    "stage_since",
    "stage_days",
    "rotting_days",
    "rotting",
    "note",
    "external",
    "custom",
    "closed_at",
    "created_at",
    "updated_at",
    "deleted_at",
)
VIEW = View(
    schema="crm.deal",
    columns=COLUMNS,
    json=JSON,
    title=_title,
    empty="No deals here. Add one: crm deal add NAME --contact WHO --amount 12000",
)


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"


def _drawn(column: Column) -> Column:
    if column.name in ("amount", "weighted"):
        name = column.name
        return column._replace(get=lambda record: money(record, name))
    if column.name == "probability":
        return column._replace(get=_percent)
    if column.name == "next_step":
        return column._replace(get=_next_or_none)
    if column.name in ("age_days", "stage_days"):
        name = column.name
        return column._replace(kind="enum", get=lambda record: _days(record[name]))
    return column


DRAWN = VIEW._replace(columns=tuple(_drawn(column) for column in COLUMNS if column.name != "currency"))
"""The same as people read it: amounts with their currency."""

PARTS = (
    ("lines", "Lines", "What it is made of"),
    ("contacts", "People", "Who has a part in it"),
    ("stages", "Stages", "Where it was, and how long"),
    ("followups", "Follow-ups", "What was promised"),
    ("interactions", "Logged", "What was logged about it"),
)


def _part(name: str) -> Callable[[Record], Any]:
    def value(record: Record) -> Any:
        return "\n".join(record["told"][name]) if "told" in record else [_words(name, entry) for entry in record[name]]

    return value


def _words(name: str, entry: Record) -> str:
    if name == "lines":
        return f"{entry['quantity']} x {entry['name']} @ {entry['unit_price']} -{entry['discount']}"
    if name == "contacts":
        return f"{entry['id']}={entry['role'] or ''}"
    if name == "stages":
        return f"{entry['stage']} {entry['entered_at']}"
    return f"{entry['id']} {entry['subject'] or ''}"


_PARTS = tuple(
    Column(name, title, "text", _part(name), shown=False, wide=True, help=help) for name, title, help in PARTS
)
DETAIL = VIEW._replace(columns=(*COLUMNS, *_PARTS), json=(*JSON, *(name for name, _, _ in PARTS)))
DETAIL_DRAWN = DETAIL._replace(columns=(*DRAWN.columns, *_PARTS))
"""One deal with all that belongs to it; `told` is what people read of it instead."""


def told(record: Record, clock: Clock) -> dict[str, list[str]]:
    """The parts of a deal in a line each, in the zone of the clock."""

    def day(moment: str) -> str:
        return date_label(clock.local(instant(moment)).date(), clock)

    currency = record["currency"]
    return {
        "lines": [
            f"{line['line']}. {line['quantity']} x {line['name']} @ {format_money(line['unit_price_minor'], currency)}"
            + (f" -{format_money(line['discount_minor'], currency)}" if line["discount_minor"] else "")
            + f" = {format_money(line['amount_minor'], currency)}"
            for line in record["lines"]
        ],
        "contacts": [
            f"{entry['display_name']} ({entry['id']})" + (f": {entry['role']}" if entry["role"] else "")
            for entry in record["contacts"]
        ],
        "stages": [
            f"{stay['stage']} from {day(stay['entered_at'])}"
            + (f", {stretch(stay['duration'])}" if stay["left_at"] or record["status"] == "open" else "")
            for stay in record["stages"]
        ],
        "followups": [
            f"{entry['id']} {entry['status'] if entry['status'] != 'open' else 'due ' + day(entry['due_at'])}:"
            f" {entry['subject']}"
            for entry in record["followups"]
        ],
        "interactions": [
            f"{entry['id']} {day(entry['occurred_at'])} {entry['direction']} {entry['channel'].replace('_', ' ')}"
            + (f": {entry['subject']}" if entry["subject"] else "")
            for entry in record["interactions"]
        ],
    }


def summary(record: Record, clock: Clock) -> str:
    """What a sentence says of a deal: its stage, amount, probability and expected end; "" when that is nothing."""
    # Most stages of closed deals are called as what became of them.
    parts = [] if record["stage"] == record["status"] else [str(record["stage"])]
    if record["amount"] is not None:
        parts.append(str(money(record)))
    if record["status"] == "open":
        parts.append(_percent(record))
        if record["close_date"]:
            parts.append(f"close {date_label(date.fromisoformat(record['close_date']), clock)}")
    return ", ".join(parts)
