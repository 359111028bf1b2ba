"""The snapshot of a customer: its JSON contract, its flat fields, and which form it takes in which format."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from crmcli.kernel.page import Page
from crmcli.render.loader import load
from crmcli.render.out import Out
from crmcli.render.values import flat
from crmcli.render.view import Column, Record, View
from crmcli.render.views import parts

SCREENS = {"table": "snapshot", "plain": "snapshot_plain", "md": "snapshot_markdown", "html": "snapshot_html"}
FLAT = ("tsv", "csv")


def noun_of(record: Record) -> str:
    """What the snapshot is of: contact or company."""
    return "contact" if "contact" in record else "company"


def name_of(record: Record) -> str:
    """The name of the customer."""
    return str(record["contact"]["display_name"] if "contact" in record else record["company"]["name"])


def headline(entry: Record) -> str:
    """What an interaction was about: its subject, else the first line of its text, else nothing."""
    return str(entry["subject"] or entry["snippet"] or "")


def phone_of(entry: Record) -> str:
    """A phone number as it was written."""
    return str(entry["raw"] or entry["e164"])


def _party(name: str) -> Callable[[Record], Any]:
    return lambda record: record[noun_of(record)].get(name)


def _primary(name: str, value: str) -> Callable[[Record], Any]:
    return lambda record: parts.primary(record[noun_of(record)], name, value)


def _within(name: str, key: str) -> Callable[[Record], Any]:
    return lambda record: (record[name] or {}).get(key)


def _last(name: str) -> Callable[[Record], Any]:
    return lambda record: _told(record[name]) if record[name] else None


def _count(direction: str) -> Column:
    title = f"{direction.capitalize()} contacts"
    return Column(direction, title, "number", _within("balance", direction), help=f"{title} of the last 12 months")


VIEW = View(
    schema="crm.snapshot",
    columns=(
        Column("id", "Id", "id", help="Short id"),
        Column("display_name", "Name", get=name_of, help="Name"),
        Column("company", "Company", get=_primary("companies", "name"), help="Primary company"),
        Column("email", "E-mail", get=_primary("emails", "value"), help="Primary e-mail"),
        Column("phone", "Phone", get=lambda record: parts.phone(record[noun_of(record)]), help="Primary phone"),
        Column("lifecycle_stage", "Stage", "enum", _party("lifecycle_stage"), help="Life cycle stage"),
        Column("owner", "Owner", get=_party("owner"), help="Who looks after the customer"),
        Column("tags", "Tags", "tags", _party("tags"), help="Tags"),
        Column("do_not_contact", "Do not contact", "bool", _party("do_not_contact"), help="Never contact"),
        Column("local_time", "Local time", get=_within("local_time", "time"), help="Time of day there"),
        Column("last_inbound_at", "Last in", "time", _party("last_inbound_at"), help="When they last came to us"),
        Column("last_outbound_at", "Last out", "time", _party("last_outbound_at"), help="When we last went to them"),
        Column("last_inbound", "Last inbound", get=_last("last_inbound"), help="The last inbound contact"),
        Column("last_outbound", "Last outbound", get=_last("last_outbound"), help="The last outbound contact"),
        _count("inbound"),
        _count("outbound"),
        _count("internal"),
        Column("owes", "Answer owed by", get=_within("balance", "owes"), help="us, them or nobody"),
        Column("followups", "Follow-ups", "list", lambda record: [_due(one) for one in record["followups"]]),
        Column("timeline", "Timeline", "list", lambda record: [_told(one) for one in record["timeline"]]),
        Column("retention", "Buys", "enum", help="new, active, repeat, at_risk or lapsed"),
        Column("orders", "Orders", "number", _within("orders", "count"), help="How many orders"),
        Column("last_order_on", "Last order", "day", _within("orders", "last_on"), help="Day of the last order"),
        Column("ordered", "Ordered", "list", lambda record: _sums(record["orders"]["totals"], "total")),
        Column("unpaid", "Unpaid", "list", lambda record: _sums(record["orders"]["unpaid"]["amounts"])),
        Column("deals", "Deals", "list", lambda record: [_deal(one) for one in record["deals"]["open"]]),
        Column("cases", "Cases", "list", lambda record: [_case(one) for one in record["cases"]["open"]]),
        Column("cadence", "Cadence", get=lambda record: _standing(record["cadence"]), help="How often to be in touch"),
        Column("next", "Next", get=_within("next", "action"), help="What to do"),
        Column("reason", "Why", get=_within("next", "reason"), help="Why to do that"),
        Column("command", "Command", get=_within("next", "command"), help="The command for it"),
    ),
    json=(
        "contact",
        "company",
        "people",
        "people_total",
        "local_time",
        "last_inbound",
        "last_outbound",
        "balance",
        "months",
        "followups",
        "timeline",
        "timeline_more",
        "cadence",
        "deals",
        "orders",
        "cases",
        "retention",
        "score",
        "next",
        "as_of",
    ),
    title=name_of,
)
"""A contact's snapshot has `contact`; a company's `company`, `people` and `people_total`."""

PAIRS = View("crm.snapshot.field", (Column("field", "Field"), Column("value", "Value")), ("field", "value"), name_of)


def show(record: Record, out: Out) -> None:
    """Write a snapshot: a screen for people, field and value for pipes, the contract for programs.

    Named columns (`--fields`) make it a record like any other.
    """
    if out.settings.fields is not None:
        return out.show_record(VIEW, record)
    if out.format in SCREENS:
        lines: list[str] = load(f"screens.{SCREENS[out.format]}").lines(record, out)
        return out.emit(lines)
    if out.format in FLAT:
        return out.show_list(PAIRS, Page([{"field": field, "value": value} for field, value in pairs(record)]))
    noun = noun_of(record)
    whole = {**record, noun: {key: record[noun].get(key) for key in _party_view(noun).json}}
    return out.show_record(VIEW._replace(json=tuple(key for key in VIEW.json if key in whole)), whole)


def _party_view(noun: str) -> View:
    view: View = load("views.contacts" if noun == "contact" else "views.companies").VIEW
    return view


_CHILDREN = ("emails", "phones", "addresses", "urls", "companies", "domains")
_TOLD_BY_CHILDREN = (*_CHILDREN, "email", "phone", "address", "url", "company", "domain", "role", "place")


def pairs(record: Record) -> Iterator[tuple[str, str]]:
    """Every filled field and its value, whole; what there may be several of, one pair each."""
    noun = noun_of(record)
    party = record[noun]
    for column in _party_view(noun).columns:
        text = "" if column.name in _TOLD_BY_CHILDREN else flat(column.value(party))
        if text and text != "false":
            yield column.name, text
    yield from _reach(party)
    there = record["local_time"]
    if there:
        yield "local_time", f"{there['date']}T{there['time']}{there['utc_offset']} {there['part_of_day']}"
    for name in ("last_inbound", "last_outbound"):
        if record[name]:
            yield name, _told(record[name])
    for name, value in record["balance"].items():
        if value is not None:
            yield name, str(value)
    for month in record["months"]:
        yield "month", f"{month['month']} in={month['inbound']} out={month['outbound']}"
    for person in record.get("people", ()):
        yield "person", " ".join(filter(None, (person["id"], person["display_name"], person["email"])))
    for followup in record["followups"]:
        yield "followup", _due(followup)
    for entry in record["timeline"]:
        yield "timeline", _told(entry)
    yield from _sales(record)
    if record["cadence"]:
        yield "cadence", str(_standing(record["cadence"]))
    yield "next", record["next"]["action"]
    yield "reason", record["next"]["reason"]
    if record["next"]["command"]:
        yield "command", record["next"]["command"]


def _sales(record: Record) -> Iterator[tuple[str, str]]:
    if "score" in record:
        yield "score", str(record["score"]["score"])
    if record["retention"]:
        yield "retention", record["retention"]
    orders = record["orders"]
    for name in ("count", "first_on", "last_on", "usual_gap_days"):
        if orders[name]:
            yield f"orders_{name}", str(orders[name])
    for one in orders["totals"]:
        yield "ordered", f"{one['total']} {one['currency']} orders={one['count']} average={one['average']}"
    for name in ("unpaid", "overdue"):
        for text in _sums(orders[name]["amounts"]):
            yield name, text
    for one in orders["products"]:
        yield "product", f"{one['name']} orders={one['orders']} amount={one['amount']} {one['currency']}"
    for one in orders["recurring"]:
        yield "recurring", " ".join((one["id"], one["next_on"], one["total"], one["currency"]))
    for one in orders["latest"]:
        yield "order", " ".join((one["id"], one["ordered_on"], one["status"], one["total"], one["currency"]))
    for deal in record["deals"]["open"]:
        yield "deal", _deal(deal)
    for name in ("won", "lost"):
        if record["deals"][name]["count"]:
            told = _sums(record["deals"][name]["amounts"])
            yield f"deals_{name}", " ".join((str(record["deals"][name]["count"]), *told))
    for case in (*record["cases"]["open"], *record["cases"]["past"]):
        yield "case", _case(case)


def _sums(found: Sequence[Record], name: str = "amount") -> list[str]:
    return [f"{one[name]} {one['currency']}" for one in found]


def _deal(deal: Record) -> str:
    amount = f"{deal['amount']} {deal['currency']}" if deal["amount"] is not None else ""
    rotting = "rotting" if deal["rotting"] else ""
    return " ".join(filter(None, (deal["id"], deal["close_date"], rotting, deal["stage"], amount, deal["name"])))


def _case(case: Record) -> str:
    late = ("over" if case.get("over") else "late") if case["breached"] else ""
    return " ".join(filter(None, (case["id"], case.get("due_at"), late, case["status"], case["subject"])))


def _reach(party: Record) -> Iterator[tuple[str, str]]:
    for email in party["emails"]:
        yield "email", email["value"]
    for phone in party["phones"]:
        yield "phone", phone["e164"] or phone["raw"]
    for address in party["addresses"]:
        yield "address", str(parts.address({"addresses": [address]}) or "")
    for url in party["urls"]:
        yield "url", url["value"]
    for company in party.get("companies", ()):
        yield "company", " ".join((company["id"], company["name"]))
    for domain in party.get("domains", ()):
        yield "domain", domain
    for consent in party.get("consents", ()):
        channel = f"/{consent['channel']}" if consent["channel"] else ""
        yield "consent", f"{consent['purpose']}{channel}={consent['state']}"


def _told(entry: Record) -> str:
    names = ("id", "occurred_at", "direction", "channel", "outcome", "user")
    return " ".join(filter(None, (*(entry[name] for name in names), headline(entry))))


def _standing(cadence: Record | None) -> str | None:
    if cadence is None:
        return None
    return " ".join(filter(None, (cadence["id"], cadence["state"], cadence["due_on"], cadence["reason"])))


def _due(followup: Record) -> str:
    overdue = "overdue" if followup["overdue"] else ""
    return " ".join(
        filter(None, (followup["id"], followup["due_at"], overdue, followup["priority"], followup["subject"]))
    )
