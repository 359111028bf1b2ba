"""Words for what an operation did with deals, orders and cases: how they moved, their lines, their payments."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from crmcli.kernel.codes import format_money
from crmcli.kernel.orderlines import write_quantity
from crmcli.services.changes import Change
from crmcli.store import history_sales
from crmcli.store.store import Store

# What follows from a move, and is not told beside it.
FOLLOWING = {
    "deal": ("stage_id", "status", "stage_since", "closed_at"),
    "sales_order": ("financial_status", "fulfillment_status", "subtotal", "tax", "occurs_on", "series"),
    "support_case": ("status", "first_response_at", "response_due_at", "resolution_due_at", "resolved_at", "closed_at",
                     "reopen_count"),
}  # fmt: skip
STEPS = {"open": "went on with", "pending": "paused", "resolved": "resolved", "closed": "closed"}
"""What it means that the status of a case changed."""
OWNER = {"deal_line": ("deal", "deal_id"), "order_line": ("sales_order", "order_id"),
         "payment": ("sales_order", "order_id"), "price": ("", "")}  # fmt: skip
THOUSANDTHS = {"deal_line": ("quantity",), "order_line": ("quantity", "shipped", "tax_rate"),
               "product": ("tax_rate",)}  # fmt: skip
"""Columns of thousandths."""
Naming = Callable[[str, int], str | None]


def move(noun: str, change: Change | None, name: Naming) -> tuple[str, str] | None:
    """For a deal that went to another stage: the verb, and from where to where; None for anything else."""
    if noun != "deal" or change is None or change.action != "changed":
        return None
    for field in change.fields:
        if field.column == "stage_id" and field.before is not None and field.after is not None:
            before, after = (name("stage", key) or f"stage {key}" for key in (field.before, field.after))
            return "moved", f" from {before} to {after}"
    return None


def currency(store: Store, table: str, key: int, image: Mapping[str, Any]) -> str | None:
    """The currency that the amounts of a row are in: its own, or that of the record that it is of."""
    own: str | None = image.get("currency")
    if own is not None or table not in OWNER:
        return own or history_sales.currency(store, table, key)
    owner, column = OWNER[table]
    record = image.get(column) or history_sales.owner(store, table, column, key)
    return None if not owner or record is None else history_sales.currency(store, owner, record)


def money(amount: object, code: str | None) -> str:
    """An amount as people read it; the bare number where its currency is not known any more."""
    return format_money(amount, code) if isinstance(amount, int) and code else str(amount)


def thousandths(value: object) -> str:
    """A quantity, or a share in percent, that is stored in thousandths."""
    return write_quantity(value) if isinstance(value, int) else str(value)


def part(change: Change, code: str | None, name: Naming) -> Iterator[str]:
    """A line, a payment, or somebody's part in a deal, as one detail; nothing for what is told elsewhere."""
    if change.action not in ("added", "removed"):
        return
    sign, image = "+" if change.action == "added" else "-", change.image
    if change.table in ("deal_line", "order_line"):
        yield f"{sign}{thousandths(image.get('quantity', 0))} × {image.get('name')}"
    elif change.table == "payment":
        yield f"{sign}payment {money(image.get('amount'), code)}"
    elif change.table == "deal_contact":
        who = name("contact", image["contact_id"]) or f"c{image['contact_id']}"
        yield f"{sign}{who}" + (f", {image['role']}" if image.get("role") else "")
    elif change.table == "price":
        yield f"{sign}price {money(image.get('amount'), image.get('currency'))}"
