"""What travels of a deal: its own probability and category, not those of its stage, and its parts, also in cells."""

from collections.abc import Callable
from typing import Any

from crmcli.exporters import cells, goods
from crmcli.exporters.base import Record

_LINE = ("name", "sku", "product_uid", "quantity", "unit_price", "discount", "amount")
_PERSON = ("uid", "display_name", "email", "role")


def _parts(name: str, keys: tuple[str, ...]) -> Callable[[Record], Any]:
    return lambda record: [{key: entry[key] for key in keys if key in entry} for entry in record[name]]


def _own(name: str) -> Callable[[Record], Any]:
    return lambda record: record[f"own_{name}"]


def _cell(name: str) -> Callable[[Record], str]:
    return lambda record: "" if record[f"own_{name}"] is None else str(record[f"own_{name}"])


def _roles(record: Record) -> str:
    return cells.words(
        f"{entry['email'] or entry['display_name']}={entry['role'] or ''}" for entry in record["contacts"]
    )


def _stages(record: Record) -> str:
    return cells.words(f"{stay['stage']}={stay['entered_at']}" for stay in record["stages"])


def people(record: Record) -> str:
    """The cell of a customer: the person, and the company, which says that it is one."""
    contact, company = record["contact"], record["company"]
    found = [{**contact, "name": contact["display_name"]}] if contact else []
    return cells.people([*found, *([{**company, "noun": "company"}] if company else [])])


NESTED: dict[str, Callable[[Record], Any]] = {
    "probability": _own("probability"),
    "forecast_category": _own("forecast_category"),
    "source": lambda record: record["own_source"],
    "lines": _parts("lines", _LINE),
    "contacts": _parts("contacts", _PERSON),
}
"""The keys of JSON whose value is not that of the record."""
CELLS: dict[str, Callable[[Record], str]] = {
    "probability": _cell("probability"),
    "forecast_category": _cell("forecast_category"),
    "source": _cell("source"),
    "custom": lambda record: cells.pairs(record["custom"]),
    "lines": goods.deal_line_cell,
    "contacts": _roles,
    "stages": _stages,
    "people": people,
}
"""The cells of tables that are not a single value."""
