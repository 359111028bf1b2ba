"""What customers bought."""

from typing import Any

from crmcli.kernel.codes import format_money
from crmcli.kernel.customers import customer, name_of
from crmcli.render.view import Column, Record, View

STYLES = {
    **{"draft": "muted", "payment_due": "warning", "processing": "today", "in_transit": "outbound"},
    **{"delivered": "good", "returned": "muted", "cancelled": "muted"},
}
FINANCIAL = {"pending": "warning", "partially_paid": "warning", "paid": "good", "refunded": "muted", "voided": "muted"}
AMOUNTS = ("subtotal", "discount", "shipping", "tax", "total", "paid", "unpaid")


def who(record: Record) -> str:
    """The name of the contact or company; empty where the customer was erased."""
    return name_of(customer(record) or {})


def who_id(record: Record) -> str | None:
    """The id of the contact or company."""
    party = customer(record)
    return str(party["id"]) if party else None


def called(record: Record) -> str:
    """The id of an order, and its number in front where it has one."""
    return f"{record['number']} ({record['id']})" if record["number"] else str(record["id"])


def words(value: str) -> str:
    """A status as a person would say it."""
    return value.replace("_", " ")


def money(record: Record, name: str) -> str:
    """An amount of an order, its line or payment for a person."""
    return format_money(record[f"{name}_minor"], record["currency"])


def line(entry: Record, currency: str) -> str:
    """A line as text: `1: 2 x Red apples @ 7.50 EUR -10% tax 19% = 13.50`."""
    # Of what comes back the discount comes back, too: it is written as it was taken off.
    off = f" -{entry['discount'].lstrip('-')}" if entry["discount_minor"] else ""
    tax = f" tax {entry['tax_rate']}" if entry["tax_rate"] else ""
    back = f" (return of {entry['return_of']} on {entry['returned_on']})" if entry["return_of"] else ""
    price = f"{entry['unit_price']} {currency}"
    return f"{entry['line']}: {entry['quantity']} x {entry['name']} @ {price}{off}{tax} = {entry['amount']}{back}"


def payment(entry: Record, currency: str) -> str:
    """A payment as text: `2026-11-20 13.50 EUR transfer, 4711`."""
    how = ", ".join(filter(None, (entry["method"], entry["reference"])))
    return f"{entry['paid_on']} {entry['amount']} {currency} {how}".strip()


def change(entry: Record) -> str:
    """What an operation changed as text: `status payment_due -> processing; paid 0.00 -> 13.50`."""
    told = [
        f"{name} {one['to']}" if one["from"] is None else f"{name} {one['from']} -> {one['to']}"
        for name, one in entry["changes"].items()
    ]
    return f"{entry['at']} {entry['by']}: {'; '.join(told)}"


def _title(record: Record) -> str:
    number = f"Order {record['number']}" if record["number"] else "Order"
    return f"{number}, {who(record)}" if customer(record) else number


def _status_style(record: Record) -> str:
    return STYLES[record["status"]]


def _due_style(record: Record) -> str:
    return "overdue" if record["overdue"] else ""


def _lines(record: Record) -> list[str]:
    return [line(entry, record["currency"]) for entry in record["lines"]]


def _payments(record: Record) -> list[str]:
    return [payment(entry, record["currency"]) for entry in record["payments"]]


def _custom(record: Record) -> Any:
    return [f"{key}={value}" for key, value in record["custom"].items()]


def _rule(record: Record) -> Any:
    return record["recurrence"] and record["recurrence"]["words"]


COLUMNS = (
    Column("id", "Id", "id", help="Short id"),
    Column("number", "Number", drop=4, help="The number that the customer knows it by"),
    Column("ordered_on", "Ordered", "day", drop=1, help="When it was ordered"),
    Column("who", "Customer", get=who, help="Name of the contact or company"),
    Column("who_id", "Who id", "id", get=who_id, drop=9, help="Id of the contact or company"),
    Column("status", "Status", "enum", style=_status_style, help="How far it is"),
    Column("financial_status", "Payment", "enum", drop=6, help="How far it is paid"),
    Column("fulfillment_status", "Sent", "enum", drop=7, help="How far it was sent"),
    Column("total", "Total", "money", help="What is to be paid"),
    Column("unpaid", "Open", "money", drop=5, style=_due_style, help="What is still to be paid"),
    Column("due_on", "Due", "day", drop=8, style=_due_style, help="When it is to be paid"),
    Column("currency", "Currency", help="Currency of all amounts"),
    Column("subtotal", "Lines", "money", shown=False, help="What the lines come to"),
    Column("discount", "Discount", "money", shown=False, help="What is taken off the whole"),
    Column("shipping", "Shipping", "money", shown=False, help="What shipping costs"),
    Column("tax", "Tax", "money", shown=False, help="The tax of all lines"),
    Column("tax_included", "Tax included", "bool", shown=False, help="Prices include the tax"),
    Column("paid", "Paid", "money", shown=False, help="What was paid"),
    Column("overdue", "Overdue", "bool", shown=False, help="It should be paid by now"),
    Column("lines", "What", "list", get=_lines, shown=False, help="The lines, returns included"),
    Column("payments", "Payments", "list", get=_payments, shown=False, help="What was paid, and given back"),
    Column("shipped_on", "Shipped", "day", shown=False, help="When it was sent"),
    Column("delivered_on", "Delivered", "day", shown=False, help="When it arrived"),
    Column("returned_on", "Returned", "day", shown=False, help="When something came back last"),
    Column("cancelled_on", "Cancelled", "day", shown=False, help="When it was cancelled"),
    Column("paid_on", "Paid on", "day", shown=False, help="When it was paid whole"),
    Column("deal", "Deal", shown=False, help="The deal that it came of"),
    Column("owner", "Owner", shown=False, help="Who looks after it"),
    Column("source", "Source", shown=False, help="Where it came from"),
    Column("recurrence", "Repeats", get=_rule, shown=False, help="By which rule it comes again"),
    Column("occurs_on", "By the rule", "day", shown=False, help="The day by the rule"),
    Column("series", "Series", "id", shown=False, help="The uid of the first of those that come again"),
    Column("note", "Note", "markdown", wide=True, shown=False, help="Details"),
    Column("external", "Known as", "id", shown=False, help="Key in another system"),
    Column("custom", "Fields", "list", get=_custom, shown=False, help="Fields of your own"),
    Column("uid", "Uid", "id", shown=False, help="Id that travels in exports"),
    Column("created_at", "Added", "time", shown=False, help="When it was added"),
    Column("updated_at", "Updated", "time", shown=False, help="When it was last changed"),
    Column("deleted_at", "Deleted", "time", shown=False, help="When it was deleted"),
)

VIEW = View(
    schema="crm.order",
    columns=COLUMNS,
    json=(
        *("id", "uid", "number", "ordered_on", "status", "financial_status", "fulfillment_status", "currency"),
        "tax_included",
        *(key for name in AMOUNTS for key in (name, f"{name}_minor")),
        *("due_on", "overdue", "shipped_on", "delivered_on", "returned_on", "cancelled_on", "paid_on"),
        *("contact", "company", "deal", "owner", "source", "note", "external", "custom"),
        *("recurrence", "series", "occurs_on", "lines", "payments", "created_at", "updated_at", "deleted_at"),
    ),
    title=_title,
    empty="No orders here. Take one: crm order add c1 --line '2 x Red apples @ 7.50 EUR'",
)

DRAWN = VIEW._replace(columns=tuple(column for column in COLUMNS if column.name != "currency"))
"""The same as people read it: amounts with their currency."""

_AROUND = ("coming", "history", "followups", "cases", "interactions")


def _named(name: str) -> Any:
    return lambda record: [f"{one['id']} {one['subject'] or one.get('channel') or ''}".strip() for one in record[name]]


DETAIL = VIEW._replace(
    columns=(
        *COLUMNS,
        Column("coming", "Comes again", "list", shown=False, help="The next days by its rule"),
        Column("history", "History", "list", lambda record: [change(one) for one in record["history"]], shown=False,
               help="How it went on"),
        Column("followups", "Follow-ups", "list", _named("followups"), shown=False, help="What is promised about it"),
        Column("cases", "Cases", "list", _named("cases"), shown=False, help="Cases about it"),
        Column("interactions", "Logged", "list", _named("interactions"), shown=False, help="What was logged about it"),
    ),
    json=(*VIEW.json, *_AROUND),
)  # fmt: skip
"""One order with what is around it."""
