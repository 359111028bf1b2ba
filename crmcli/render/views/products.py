"""What is sold."""

from typing import Any

from crmcli.kernel.codes import format_money
from crmcli.render.view import Column, Record, View


def price(entry: Record) -> str:
    """A price for a person: `7.50 EUR`, `8.00 EUR from 2026-12-01`."""
    since = f" from {entry['from']}" if entry["from"] else ""
    return format_money(entry["amount_minor"], entry["currency"]) + since


def _plain(entry: Record) -> str:
    since = f" from {entry['from']}" if entry["from"] else ""
    return f"{entry['amount']} {entry['currency']}{since}"


def _prices(record: Record) -> list[str]:
    return [_plain({**entry, "from": None}) for entry in record["prices"]]


def _list(record: Record) -> list[str]:
    return [_plain(entry) for entry in record["price_list"]]


def _custom(record: Record) -> Any:
    return [f"{key}={value}" for key, value in record["custom"].items()]


def _title(record: Record) -> str:
    return str(record["name"])


def _style(record: Record) -> str:
    return "" if record["active"] else "muted"


VIEW = View(
    schema="crm.product",
    columns=(
        Column("id", "Id", "id", help="Short id"),
        Column("name", "Name", style=_style, help="Name"),
        Column("sku", "Article", drop=2, help="Article number"),
        Column("prices", "Price", "list", get=_prices, help="What one costs today, in each currency"),
        Column("unit", "Unit", drop=4, help="What one of it is"),
        Column("category", "Category", drop=3, help="Category"),
        Column("tax_rate", "Tax", drop=5, help="Tax rate"),
        Column("active", "Sold", "bool", shown=False, help="Whether it is still sold"),
        Column("description", "Description", "markdown", wide=True, shown=False, help="What it is"),
        Column("price_list", "Price list", "list", get=_list, shown=False, help="All prices, by the day they begin"),
        Column("external", "Known as", "id", shown=False, help="Key in another system"),
        Column("custom", "Fields", "list", get=_custom, shown=False, help="Fields of your own"),
        Column("uid", "Uid", "id", shown=False, help="Id that travels in exports"),
        Column("created_at", "Added", "time", shown=False, help="When it was added"),
        Column("updated_at", "Updated", "time", shown=False, help="When it was last changed"),
        Column("deleted_at", "Deleted", "time", shown=False, help="When it was deleted"),
    ),
    json=(
        *("id", "uid", "name", "sku", "category", "unit", "description", "tax_rate", "active", "prices"),
        *("price_list", "external", "custom", "created_at", "updated_at", "deleted_at"),
    ),
    title=_title,
    empty="No products here. Add one: crm product add 'Red apples' --price '7.50 EUR'",
)
