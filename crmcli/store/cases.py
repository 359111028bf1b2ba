"""Reads of cases: records, lists, and what a filter may ask about them."""

from collections.abc import Callable, Sequence
from json import loads
from typing import Any

from crmcli.kernel.clock import Clock
from crmcli.kernel.ids import ref
from crmcli.model.enums import CASE_STATUS, CASE_TYPE, CHANNEL, PRIORITY
from crmcli.store import about, casedue
from crmcli.store.connection import Row
from crmcli.store.filter_sql import Field
from crmcli.store.filters import Node
from crmcli.store.store import Store

Condition = tuple[str, Sequence[object]]

COLUMNS = (
    "support_case.*, contact.display_name AS contact_name, company.name AS company_name,"
    " product.name AS product_name, sales_order.number AS order_number, user_account.name AS owner_name,"
    f" {casedue.SINCE} AS since"
)
TABLES = (
    "support_case LEFT JOIN contact ON contact.id = support_case.contact_id"
    " LEFT JOIN company ON company.id = support_case.company_id"
    " LEFT JOIN product ON product.id = support_case.product_id"
    " LEFT JOIN sales_order ON sales_order.id = support_case.order_id"
    " LEFT JOIN user_account ON user_account.id = support_case.owner_id"
)
# Nothing is to be done any more for somebody who was deleted. A person may ask whose company is deleted.
OF_SOMEBODY = "contact.deleted_at IS NULL AND (support_case.contact_id IS NOT NULL OR company.deleted_at IS NULL)"
KEPT = f"support_case.deleted_at IS NULL AND {OF_SOMEBODY}"
OPEN = f"{casedue.STILL_OPEN} AND {KEPT}"
_RANK = " ".join(f"WHEN '{name}' THEN {rank}" for rank, name in enumerate(reversed(PRIORITY)))
_PRODUCT = "(select product.{} from product where product.id = support_case.product_id)"
_DUE = (casedue.NEXT, "support_case.id")
SORTS = {
    "due": _DUE,
    "opened": ("support_case.opened_at", "support_case.id"),
    "priority": (f"CASE support_case.priority {_RANK} END", *_DUE),
    "created": ("support_case.id",),
}
# Of all cases few are open: to sort those is faster than to go through all in the order of the index by time, which no
# database knows. An expression keeps it from that.
_SORTS_OF_OPEN = {**SORTS, "opened": ("support_case.opened_at || ''", "support_case.id")}
FIRST = ("uid", "subject", "description", "status", "priority", "type", "channel")
TIMES = ("opened_at", "first_response_at", "response_due_at", "resolution_due_at", "resolved_at", "closed_at")
LAST = ("resolution", "reopen_count", "satisfaction", "external")


def record(row: Row, now: str) -> dict[str, Any]:
    """The record of a row of COLUMNS, seen from a stored moment."""
    found: dict[str, Any] = {"id": ref("case", row["id"])}
    found.update((name, row[name]) for name in FIRST)
    contact, company, product, order = (row[f"{name}_id"] for name in ("contact", "company", "product", "order"))
    found["contact"] = contact and {"id": ref("contact", contact), "display_name": row["contact_name"]}
    found["company"] = company and {"id": ref("company", company), "name": row["company_name"]}
    found["product"] = product and {"id": ref("product", product), "name": row["product_name"]}
    found["order"] = order and {"id": ref("order", order), "number": row["order_number"]}
    found["owner"] = row["owner_name"]
    found.update((name, row[name]) for name in TIMES)
    late = {target: casedue.is_late(target, row, now) for target in casedue.TARGETS}
    found["breached"] = any(late.values())
    found.update((f"{target}_breached", is_late) for target, is_late in late.items())
    found["over"] = casedue.any_over(row, now)
    found["due_at"] = casedue.next_due(row)
    found.update((name, row[name]) for name in LAST)
    found["custom"] = loads(row["custom"]) if row["custom"] else {}
    return {**found, **{name: row[name] for name in ("created_at", "updated_at", "deleted_at")}}


def get(store: Store, key: int, *, deleted: bool = False) -> Row | None:
    """The row with this key, or None; of a deleted case only with `deleted`."""
    alive = "" if deleted else " AND support_case.deleted_at IS NULL"
    return store.row(f"SELECT {COLUMNS} FROM {TABLES} WHERE support_case.id = ?{alive}", [key])


def open_of(store: Store, noun: str, key: int, limit: int) -> list[Row]:
    """The open cases of a contact or company, the oldest first."""
    return store.rows(
        f"SELECT {COLUMNS} FROM {TABLES} WHERE support_case.{noun}_id = ? AND {OPEN}"
        " ORDER BY support_case.opened_at, support_case.id LIMIT ?",
        [key, limit],
    )


def page(
    store: Store, where: Condition, sort: str, limit: int | None, *, only_open: bool, deleted: bool = False
) -> list[Row]:
    """Rows that match, in order; one more than `limit` when there are more.

    Args:
        store: the store.
        where: see `condition`.
        sort: one of SORTS; a leading `-` reverses it.
        limit: how many at most; None for all.
        only_open: leave out what is resolved or closed.
        deleted: deleted ones instead.
    """
    if not deleted and limit is not None and sort == "due":
        first = _first_due(store, where, limit + 1)
        if len(first) > limit:
            return first
    sql, parameters = where
    kept = "support_case.deleted_at IS NOT NULL" if deleted else OPEN if only_open else KEPT
    parts = (_SORTS_OF_OPEN if only_open else SORTS)[sort.lstrip("-")]
    order = ", ".join(_ordered(part, descending=sort.startswith("-")) for part in parts)
    query = f"SELECT {COLUMNS} FROM {TABLES} WHERE {kept}{f' AND {sql}' if sql else ''} ORDER BY {order}"
    if limit is None:
        return store.rows(query, parameters)
    return store.rows(f"{query} LIMIT ?", [*parameters, limit + 1])


def _first_due(store: Store, where: Condition, limit: int) -> list[Row]:
    """The first of the open ones with a target, by the indexes of both targets; none of those without.

    A case among the first by its next target is among the first by that target.
    """
    sql, parameters = where
    parts = [
        f"SELECT * FROM (SELECT support_case.id, support_case.{target}_due_at AS due_at FROM {TABLES} WHERE {OPEN}"
        f" AND {casedue.RUNNING}{more}{f' AND {sql}' if sql else ''} AND support_case.{target}_due_at IS NOT NULL"
        f" ORDER BY support_case.{target}_due_at, support_case.id LIMIT ?) AS {target}_part"
        for target, more in (("response", f" AND {casedue.UNANSWERED}"), ("resolution", ""))
    ]
    nearest = f"SELECT id FROM ({' UNION ALL '.join(parts)}) AS parts GROUP BY id ORDER BY min(due_at), id LIMIT ?"
    order = ", ".join(_ordered(part, descending=False) for part in _DUE)
    return store.rows(
        f"SELECT {COLUMNS} FROM {TABLES} WHERE support_case.id IN ({nearest}) ORDER BY {order}",
        [*[*parameters, limit] * len(parts), limit],
    )


def _ordered(part: str, *, descending: bool) -> str:
    # What has no target comes last in both databases.
    nulls = (" NULLS FIRST" if descending else " NULLS LAST") if part == _DUE[0] else ""
    return part + (" DESC" if descending else "") + nulls


def statuses(store: Store, key: int) -> list[Row]:
    """The times that a case was in each status, in their order."""
    return store.rows("SELECT * FROM case_status WHERE case_id = ? ORDER BY id", [key])


# --- filters


def condition(store: Store, node: Node | None, clock: Clock, user: Callable[[str], int], now: str) -> Condition:
    """A parsed filter as SQL; "" for an empty one.

    Raises:
        UsageError: the filter is wrong; see `compile_filter`.
    """
    if node is None:
        return "", []
    return about.condition(store, "support_case", node, fields(now, store.dialect), clock, user)


def fields(now: str, dialect: str) -> dict[str, Field]:
    """What a filter may ask about a case, by every name it goes by."""
    entries = (*_own_fields(), *_derived(now, dialect), *about.customer_fields("support_case"))
    found = {entry.name: entry for entry in entries}
    for name in ("due", "response_due", "resolution_due", "opened", "resolved", "closed", "created", "updated"):
        found[f"{name}_at"] = found[name]
    return {**found, "reopen_count": found["reopened"]}


def _own_fields() -> tuple[Field, ...]:
    def own(name: str, kind: str, help: str, *, column: str = "", values: Sequence[str] = ()) -> Field:
        return Field(name, kind, f"support_case.{column or name}", values=tuple(values), help=help)

    return (
        own("subject", "text", "What it is about"),
        own("status", "enum", "How far it is", values=CASE_STATUS),
        own("priority", "enum", "How urgent it is", values=PRIORITY),
        own("type", "enum", "What kind it is", values=CASE_TYPE),
        own("channel", "enum", "How it came", values=CHANNEL),
        own("owner", "user", "Who works on it", column="owner_id"),
        own("product", "ref:product", "Id, article number or name of the product", column="product_id")._replace(
            others=(
                Field("product", "folded", _PRODUCT.format("name_key")),
                Field("sku", "exact", _PRODUCT.format("sku")),
            )
        ),
        own("order", "ref:order", "Id of the order", column="order_id"),
        Field("due", "time", f"({casedue.NEXT})", help="When it is to be answered or resolved, whichever is next"),
        own("response_due", "time", "When it is to be answered", column="response_due_at"),
        own("resolution_due", "time", "When it is to be resolved", column="resolution_due_at"),
        own("responded", "time", "When it was first answered", column="first_response_at"),
        own("opened", "time", "When it was opened", column="opened_at"),
        own("resolved", "time", "When it was resolved", column="resolved_at"),
        own("closed", "time", "When it was closed", column="closed_at"),
        own("reopened", "number", "How often it was reopened", column="reopen_count"),
        own("satisfaction", "number", "How satisfied the customer was, 1 to 5"),
        own("description", "text", "What happened"),
        own("resolution", "text", "How it was solved"),
        own("external", "exact", "Key in another system"),
        own("created", "time", "When it was added", column="created_at"),
        own("updated", "time", "When it was last changed", column="updated_at"),
        own("id", "ref:case", "Short id"),
        own("uid", "exact", "Id that travels in exports"),
    )


def _derived(now: str, dialect: str) -> tuple[Field, ...]:
    # Literal stamps: a field's SQL binds nothing.
    end = f"coalesce(support_case.resolved_at, '{now}')"
    days = f"CAST(julianday({end}) - julianday(support_case.opened_at) AS INTEGER)"
    if dialect == "postgresql":
        span = f"CAST({end} AS timestamptz) - CAST(support_case.opened_at AS timestamptz)"
        days = f"CAST(floor(extract(epoch FROM {span}) / 86400) AS INTEGER)"
    late = " OR ".join(casedue.late(target, now) for target in casedue.TARGETS)
    over = " OR ".join(casedue.over(target, now) for target in casedue.TARGETS)
    number = "(select sales_order.number from sales_order where sales_order.id = support_case.order_id)"
    return (
        Field("breached", "bool", f"(CASE WHEN {late} THEN 1 ELSE 0 END)", help="It was or is late for a target"),
        Field("over", "bool", f"(CASE WHEN {over} THEN 1 ELSE 0 END)", help="It is open, and over a target now"),
        Field("age", "number", f"({days})", help="Whole days from when it was opened until it was resolved, or now"),
        Field("product_name", "folded", _PRODUCT.format("name_key"), help="Name of the product"),
        Field("order_number", "exact", number, help="Number of the order"),
    )
