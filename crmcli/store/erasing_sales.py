"""What an erasure takes of deals, orders and cases: which are the person's alone, and what is left of the others.

Deals and cases of nobody else go with all their rows. Those that a company, or somebody else with a part in a deal, has
too stay without the person. Orders stay, since the law keeps accounting documents; of one that no company has nothing
stays but its figures.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from crmcli.store.connection import Row
from crmcli.store.gate import Gate
from crmcli.store.schema import TABLES
from crmcli.store.sql import listed, marks, slices
from crmcli.store.store import Store
from crmcli.store.texts import text_columns

TABLES_OF_SALES = ("deal", "support_case", "sales_order")
# What hangs on a record and goes with it, in the order in which it can be removed.
CHILDREN = {
    "deal": (("deal_contact", "deal_id"), ("deal_line", "deal_id"), ("deal_stage", "deal_id")),
    "support_case": (("case_status", "case_id"),),
    "sales_order": (("order_line", "order_id"), ("payment", "order_id")),
}
# Without these an order says nothing of the person, and does not come again.
FIGURES = {"contact_id": None, "note": None, "custom": None, "external": None, "source": None,
           "recurrence": None, "recurs_from": None}  # fmt: skip
# What else may name the person, and stays with a record.
CHILD_TEXTS = {"deal_line": ("name",), "order_line": ("name", "sku"), "payment": ("method", "reference")}
Clean = Callable[[Row, Iterable[str]], Mapping[str, Any]]
"""The columns of a row that name the person, with what is left of each."""


def sort(
    store: Store, contacts: Sequence[int], rows: dict[str, list[Row]], history: Sequence[Row]
) -> tuple[dict[str, list[int]], dict[str, list[int]], list[Row]]:
    """Tell what is the person's alone from what others have, too.

    Args:
        store: the store.
        contacts: the person.
        rows: the rows that name the person, by table; those of `deal`, `support_case` and their children are replaced
            by what is to be removed, those of `sales_order` are taken out.
        history: changes of the journal that name the person.

    Returns:
        The keys of records that stay, by table; those of records that are no more; the person's own orders.
    """
    common: dict[str, list[int]] = {}
    lost: dict[str, list[int]] = {}
    parts = {row["deal_id"] for row in rows.get("deal_contact", ())}
    for table in TABLES_OF_SALES:
        mine = rows[table]
        ever = {row["record_id"] for row in history if row["noun"] == table and row["record_id"] is not None}
        ever |= parts if table == "deal" else set()
        ever -= {row["id"] for row in mine}
        there = {row["id"] for row in store.rows(f"SELECT id FROM {table} WHERE id IN ({listed([0, *ever])})")}
        others = {row["id"] for row in mine if row["company_id"] is not None}
        if table == "deal":
            others |= _with_others(store, contacts, [row["id"] for row in mine])
        common[table] = sorted(others | there)
        lost[table] = sorted(ever - there)
        rows[table] = [row for row in mine if row["id"] not in others]
    orders = rows.pop("sales_order")
    for table in ("deal", "support_case"):
        keys = [row["id"] for row in rows[table]]
        for child, column in CHILDREN[table]:
            own = store.rows(f"SELECT * FROM {child} WHERE {column} IN ({listed([0, *keys])}) ORDER BY id")
            rows[child] = list({row["id"]: row for row in [*rows.get(child, ()), *own]}.values())
    return common, lost, orders


def _with_others(store: Store, contacts: Sequence[int], deals: Sequence[int]) -> set[int]:
    """The deals in which somebody else has a part."""
    sql = (
        f"SELECT deal_id FROM deal_contact WHERE deal_id IN ({listed([0, *deals])})"
        f" AND contact_id NOT IN ({listed(contacts)})"
    )
    return {row["deal_id"] for row in store.rows(sql)}


def empty(
    gate: Gate,
    contacts: Sequence[int],
    common: Mapping[str, Sequence[int]],
    orders: Sequence[Row],
    clean: Clean,
    number: Callable[[str | None], str | None],
) -> None:
    """Take the person out of what stays: of own orders all words, of the records of others the person's names.

    Args:
        gate: its journal keeps digests alone, see `Gate.wordless`.
        contacts: the person.
        common: see `sort`.
        orders: see `sort`.
        clean: takes names, addresses and numbers out of texts.
        number: what is kept of the number of an order.
    """
    for table, keys in common.items():
        for row in _rows(gate, table, "id", keys):
            values = dict(clean(row, text_columns(table)))
            if row["contact_id"] in contacts:
                values["contact_id"] = _another(gate, contacts, row) if table == "deal" else None
            gate.update(table, row["id"], values)
    for row in orders:
        gate.update("sales_order", row["id"], {**FIGURES, "number": number(row["number"])})
    own = [row["id"] for row in orders]
    for table, keys in (*common.items(), ("sales_order", own)):
        for child, column in CHILDREN[table]:
            for row in _rows(gate, child, column, keys) if child in CHILD_TEXTS else ():
                values = dict(clean(row, CHILD_TEXTS[child]))
                if child == "payment" and keys is own:
                    values["reference"] = None
                gate.update(child, row["id"], values)


def _another(gate: Gate, contacts: Sequence[int], deal: Row) -> int | None:
    """Whose deal it is now, where no company has it: that of the first of the others who have a part in it."""
    if deal["company_id"] is not None:
        return None
    parts = _rows(gate, "deal_contact", "deal_id", [deal["id"]])
    return next((row["contact_id"] for row in parts if row["contact_id"] not in contacts), None)


def release(gate: Gate, rows: Mapping[str, Sequence[Row]]) -> None:
    """Let nothing that stays refer to deals and cases that are about to be removed."""
    for table in ("deal", "support_case"):
        keys = listed([0, *(row["id"] for row in rows[table])])
        children = {child for child, _ in CHILDREN[table]}
        for other in TABLES.values():
            for column in other.columns.values():
                if column.to == table and other.name not in children:
                    sql = f"SELECT id FROM {other.name} WHERE {column.name} IN ({keys}) ORDER BY id"
                    for row in gate.connection.rows(sql):
                        gate.update(other.name, row["id"], {column.name: None})


def _rows(gate: Gate, table: str, column: str, keys: Sequence[int]) -> list[Row]:
    rows: list[Row] = []
    for part in slices(list(keys)):
        rows += gate.connection.rows(f"SELECT * FROM {table} WHERE {column} IN ({marks(part)}) ORDER BY id", part)
    return rows
