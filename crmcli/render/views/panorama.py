"""The panorama: its JSON contract, its numbers one a line, and the lists behind them."""

from collections.abc import Callable, Iterator
from typing import Any

from crmcli.kernel.errors import UsageError
from crmcli.kernel.page import Page
from crmcli.render.loader import load
from crmcli.render.out import Out
from crmcli.render.view import Column, Record, View
from crmcli.render.views.followups import who

SCREENS = {"table": "panorama", "plain": "panorama_plain", "md": "panorama_markdown", "html": "panorama_html"}
FLAT = ("tsv", "csv")


def _title(record: Record) -> str:
    return f"The market on {record['date']}"


def _of(part: str, name: str) -> Callable[[Record], Any]:
    return lambda record: record[part][name]


def _amounts(part: str, name: str) -> Callable[[Record], Any]:
    return lambda record: [f"{one['amount']} {one['currency']}" for one in record[part][name]]


VIEW = View(
    schema="crm.panorama",
    columns=(
        Column("date", "Date", "day", help="The day from which it is seen"),
        Column("owner", "Owner", help="Whose share it is; empty for everybody's"),
        Column("silent_contacts", "Silent", "number", _of("silent", "contacts"), help="People without a word"),
        Column("leads_count", "Leads", "number", _of("leads", "count"), help="Leads"),
        Column("untouched", "Untouched", "number", _of("leads", "untouched"), help="Leads nobody was in touch with"),
        Column("inbound", "In", "number", _of("contacts", "inbound"), help="Inbound contacts of twelve weeks"),
        Column("outbound", "Out", "number", _of("contacts", "outbound"), help="Outbound contacts of twelve weeks"),
        Column("overdue", "Overdue", "number", _of("queue", "overdue"), help="Follow-ups whose time is over"),
        Column("due_today", "Due today", "number", _of("queue", "today"), help="Follow-ups due today"),
        Column("owed", "Owed", "number", _of("queue", "owed"), help="Replies that we owe"),
        Column("deals", "Deals", "number", _of("pipeline", "count"), help="Open deals"),
        Column("weighted", "Weighted", "list", _amounts("pipeline", "weighted"), help="Amount x probability"),
        Column("rotting", "Rotting", "number", _of("pipeline", "rotting"), help="Deals too long in their stage"),
        Column("ordered", "Orders", "number", lambda record: record["orders"]["spans"][0]["count"], help="This month"),
        Column("open_cases", "Cases", "number", _of("cases", "open"), help="Open cases"),
        Column("breached", "Breached", "number", _of("cases", "breached"), help="The same as over, as it was called"),
        Column("over", "Over now", "number", _of("cases", "over"), help="Open cases that are over a target now"),
    ),
    json=(
        "date",
        "owner",
        "stages",
        "retention",
        "silent",
        "leads",
        "contacts",
        "queue",
        "pipeline",
        "orders",
        "cases",
    ),
    title=_title,
)

NUMBERS = View(
    "crm.panorama.number",
    (Column("number", "Number"), Column("part", "Part"), Column("field", "Field"), Column("value", "Value")),
    ("number", "part", "field", "value"),
    lambda record: str(record["number"]),
)
"""The numbers one a line: the number as --explain calls it, which part of it, what of that, and the value."""


def show(record: Record, out: Out) -> None:
    """Write the panorama: a screen for people, a number a line for pipes, the contract for programs.

    Raises:
        UsageError: ids were asked for, and a panorama has none.
    """
    if out.settings.fields is not None:
        return out.show_record(VIEW, record)
    if out.format in SCREENS:
        lines: list[str] = load(f"screens.{SCREENS[out.format]}").lines(record, out)
        return out.emit(lines)
    if out.format in FLAT:
        keys = ("number", "part", "field", "value")
        return out.show_list(NUMBERS, Page([dict(zip(keys, row, strict=True)) for row in numbers(record)]))
    return out.show_record(VIEW, record)


def check(out: Out) -> None:
    """Refuse at once what a panorama cannot be written as. Raises UsageError."""
    if out.format == "ids":
        raise UsageError("a panorama has no ids", "open one of its numbers: crm panorama --explain silent -o ids")


def numbers(record: Record) -> Iterator[tuple[str, str, str, str]]:
    """Every number: which, of what, what it counts, and its value."""
    for name in VIEW.json:
        if isinstance(record[name], list | dict):
            yield from _numbers(name, "", record[name])


_PART_OF = ("stage", "retention", "week", "span", "currency")


def _numbers(name: str, part: str, found: Any) -> Iterator[tuple[str, str, str, str]]:
    if isinstance(found, list):
        for one in found:
            if isinstance(one, dict):
                key = next((key for key in _PART_OF if key in one), "")
                told = " ".join(filter(None, (part, str(one.get(key) or "none"))))
                yield from _numbers(name, told, {inner: value for inner, value in one.items() if inner != key})
        return
    for key, value in found.items():
        if isinstance(value, list | dict):
            inside = " ".join(filter(None, (part, key))) if key not in ("stages", "spans", "weeks") else part
            yield from _numbers(name, inside, value)
        elif value is not None:
            yield name, part, key, str(value)


# --- the lists behind the numbers


def _nested(record: Record) -> str:
    return who(record)


def _amount(name: str) -> Callable[[Record], Any]:
    return lambda record: f"{record[name]} {record['currency']}" if record[name] is not None else None


_WHO = Column("who", "Customer", get=_nested, drop=1, help="Contact or company")
_OWNER = Column("owner", "Owner", drop=3, help="Who looks after it")


def _named(field: str) -> Callable[[Record], str]:
    return lambda record: f"{record[field] or record['id']}  {record['id']}"


DEALS = View(
    schema="crm.panorama.deal",
    columns=(
        Column("id", "Id", "id", help="Short id"),
        Column("name", "Deal", help="What it is about"),
        _WHO,
        Column("stage", "Stage", drop=2, help="Where it is"),
        Column("amount", "Amount", "money", _amount("amount"), help="What it is worth"),
        Column("probability", "%", "number", drop=5, help="How likely it is won"),
        Column("close_date", "Closes", "day", drop=2, help="When it is to be won"),
        Column("stage_days", "Days", "number", drop=4, help="Days in its stage"),
        Column("rotting", "Rots", "bool", drop=4, help="Longer in its stage than that allows",
               style=lambda record: "overdue" if record["rotting"] else ""),
        _OWNER,
    ),
    json=("id", "name", "stage", "amount", "amount_minor", "currency", "probability", "close_date", "stage_days",
          "rotting", "contact", "company", "owner"),
    title=_named("name"),
    empty="No deal is open.",
)  # fmt: skip
ORDERS = View(
    schema="crm.panorama.order",
    columns=(
        Column("id", "Id", "id", help="Short id"),
        Column("number", "Number", drop=3, help="The number that the customer knows it by"),
        Column("ordered_on", "Ordered", "day", help="When it was ordered"),
        _WHO,
        Column("status", "Status", "enum", drop=2, help="How far it is"),
        Column("total", "Total", "money", _amount("total"), help="What is to be paid"),
        Column("paid", "Paid", "money", _amount("paid"), drop=4, help="What was paid"),
        _OWNER,
    ),
    json=("id", "number", "ordered_on", "status", "total", "total_minor", "paid", "paid_minor", "currency", "contact",
          "company", "owner"),
    title=_named("number"),
    empty="Nothing was ordered in these days.",
)  # fmt: skip
CASES = View(
    schema="crm.panorama.case",
    columns=(
        Column("id", "Id", "id", help="Short id"),
        Column("subject", "Case", help="What it is about"),
        _WHO,
        Column("status", "Status", "enum", drop=2, help="How far it is"),
        Column("priority", "Priority", "enum", drop=3, help="How urgent it is"),
        Column("opened_at", "Opened", "time", drop=4, help="When it was opened"),
        Column("response_due_at", "Response", "time", shown=False, help="Until when it is to be answered"),
        Column("resolution_due_at", "Solution", "time", drop=2, help="Until when it is to be solved"),
        Column("over", "Over now", "bool", help="It is open, and over a target now",
               style=lambda record: "overdue" if record["over"] else ""),
        Column("breached", "Late", "bool", shown=False, help="Of open ones the same, else whether it was late"),
        _OWNER,
    ),
    json=("id", "subject", "status", "priority", "opened_at", "first_response_at", "response_due_at",
          "resolution_due_at", "over", "breached", "contact", "company", "owner"),
    title=_named("subject"),
    empty="No case is open.",
)  # fmt: skip
