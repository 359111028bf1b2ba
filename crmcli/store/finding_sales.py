"""What a search found among deals, orders, cases and products; and those that a text names by a key of its own."""

from collections.abc import Sequence
from json import loads
from typing import Any

from crmcli.kernel.excerpt import REACH
from crmcli.kernel.ids import noun_of
from crmcli.store.connection import Row
from crmcli.store.derive import name_key
from crmcli.store.schema import TABLES
from crmcli.store.search import TEXTS
from crmcli.store.sql import marks
from crmcli.store.store import Store

WHEN = {"deal": "created_at", "sales_order": "ordered_on", "support_case": "opened_at", "product": "created_at"}
"""The column that says when it was: an instant, or a day."""
MOST = 50


def by_key(store: Store, text: str, tables: Sequence[str]) -> list[Row]:
    """Rows of these tables that a text names by number, article number, key of another system, or whole name.

    Each has `noun` (its table), `id` and `place`.
    """
    keys = (
        ("sales_order", "number", [text, f"#{text}"]),
        ("product", "sku", [text]),
        ("product", "name_key", [name_key(text)]),
        *((table, "external", [text]) for table in tables if table in WHEN and ":" in text),
    )
    found = []
    for table, column, values in keys:
        if table in tables:
            sql = (
                f"SELECT id FROM {table} WHERE {column} IN ({marks(values)}) AND deleted_at IS NULL"
                f" ORDER BY id DESC LIMIT {MOST}"
            )
            place = "name" if column == "name_key" else column
            found += [{"noun": table, "id": row["id"], "place": place} for row in store.rows(sql, values)]
    return found


def rows(store: Store, table: str, keys: Sequence[int]) -> list[Row]:
    """The records with these keys that are not deleted, and whose customers are not, as far as they are shown.

    Beside the columns of WHEN and TEXTS they have `status`, and `contact_id`, `company_id`, `display_name` and
    `company_name` of whom they are about.
    """
    columns = [
        f"substr(r.{name}, 1, {REACH}) AS {name}" if TABLES[table].columns[name].kind == "long" else f"r.{name}"
        for name in (*TEXTS[table], WHEN[table])
    ]
    own, joined, live = "", "", ""
    if "contact_id" in TABLES[table].columns:
        own = ", r.status, r.contact_id, r.company_id, c.display_name, o.name AS company_name"
        joined = " LEFT JOIN contact c ON c.id = r.contact_id LEFT JOIN company o ON o.id = r.company_id"
        live = " AND c.deleted_at IS NULL AND o.deleted_at IS NULL"
    return store.rows(
        f"SELECT r.id, {', '.join(dict.fromkeys(columns))}{own} FROM {table} r{joined}"
        f" WHERE r.id IN ({marks(keys)}) AND r.deleted_at IS NULL{live}",
        keys,
    )


def name(table: str, row: Row) -> str:
    """What the record is called."""
    own = row["number"] if table == "sales_order" else row["subject"] if table == "support_case" else row["name"]
    return str(own) if own else f"{noun_of(table).capitalize()} of {row[WHEN[table]][:10]}"


def texts(table: str, row: Row) -> list[tuple[str, str]]:
    """The places and texts of the record; each custom field is one."""
    found = [(place, row[place]) for place in TEXTS[table] if row[place] and place != "custom"]
    return [*found, *((f"custom.{key}", str(value)) for key, value in _custom(row["custom"]).items())]


def _custom(text: str | None) -> dict[str, Any]:
    fields = loads(text) if text else {}
    return fields if isinstance(fields, dict) else {}
