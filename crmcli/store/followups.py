"""Reads of follow-ups: records, lists, and what a filter may ask about them."""

from collections.abc import Callable, Sequence
from typing import Any

from crmcli.kernel.clock import Clock
from crmcli.kernel.ids import ref
from crmcli.model.enums import CHANNEL, FOLLOWUP_STATUS, PRIORITY
from crmcli.store import about, consents, due
from crmcli.store.connection import Row
from crmcli.store.due import Horizon
from crmcli.store.filter_sql import Field
from crmcli.store.filters import Node
from crmcli.store.sql import marks, slices
from crmcli.store.store import Store

Condition = tuple[str, list[object]]

URGENT_FIRST = tuple(reversed(PRIORITY))
_REACHABLE = f"(contact.id IS NULL OR ({consents.reachable('contact')})) AND coalesce(company.do_not_contact, 0) = 0"
COLUMNS = (
    "followup.*, contact.display_name AS contact_name, company.name AS company_name, user_account.name AS owner_name,"
    " coalesce(contact.deleted_at, company.deleted_at) AS customer_deleted_at,"
    f" CASE WHEN {_REACHABLE} THEN 0 ELSE 1 END AS refuses"
)
TABLES = (
    "followup LEFT JOIN contact ON contact.id = followup.contact_id"
    " LEFT JOIN company ON company.id = followup.company_id"
    " LEFT JOIN user_account ON user_account.id = followup.owner_id"
)
# Nothing is to be done any more about somebody who was deleted.
KEPT = "followup.deleted_at IS NULL AND contact.deleted_at IS NULL AND company.deleted_at IS NULL"
OPEN = f"followup.status = 'open' AND {KEPT}"
RECURS = "(CASE WHEN followup.recurrence IS NULL THEN 0 ELSE 1 END)"
_RANK = " ".join(f"WHEN '{name}' THEN {rank}" for rank, name in enumerate(URGENT_FIRST))
SORTS = {
    "due": ("followup.due_at", "followup.id"),
    "priority": (f"CASE followup.priority {_RANK} END", "followup.due_at", "followup.id"),
    "created": ("followup.id",),
}
PLAIN = ("uid", "subject", "note", "channel", "due_at", "all_day", "timezone", "status", "priority")
HISTORY = ("snooze_count", "first_due_at", "closed_at", "outcome_note")


def record(row: Row, at: Horizon) -> dict[str, Any]:
    """The record of a row of COLUMNS."""
    found: dict[str, Any] = {"id": ref("followup", row["id"])}
    found.update((name, row[name]) for name in PLAIN)
    found["all_day"] = bool(row["all_day"])
    found["owner"] = row["owner_name"]
    contact, company = row["contact_id"], row["company_id"]
    found["contact"] = contact and {"id": ref("contact", contact), "display_name": row["contact_name"]}
    found["company"] = company and {"id": ref("company", company), "name": row["company_name"]}
    found["do_not_contact"] = bool(row["refuses"])
    found["overdue"] = row["status"] == "open" and due.bucket(row, at) == "overdue"
    found.update((name, row[name]) for name in HISTORY)
    for name in ("interaction_id", "closing_interaction_id"):
        found[name] = row[name] and ref("interaction", row[name])
    found["deal_id"] = row["deal_id"] and ref("deal", row["deal_id"])
    found["order_id"] = row["order_id"] and ref("order", row["order_id"])
    found["case_id"] = row["case_id"] and ref("case", row["case_id"])
    found["recurrence"] = due.recurrence(row)
    found.update((name, row[name]) for name in ("series", "occurs_on"))
    return {**found, "created_at": row["created_at"], "updated_at": row["updated_at"]}


def get(store: Store, key: int) -> Row | None:
    """The row with this key, or None."""
    return store.row(f"SELECT {COLUMNS} FROM {TABLES} WHERE followup.id = ? AND followup.deleted_at IS NULL", [key])


def open_of(store: Store, noun: str, key: int, limit: int) -> list[Row]:
    """What is open about a contact or company, the earliest first."""
    return store.rows(
        f"SELECT {COLUMNS} FROM {TABLES} WHERE followup.{noun}_id = ? AND {OPEN}"
        " ORDER BY followup.due_at, followup.id LIMIT ?",
        [key, limit],
    )


def refused(store: Store, keys: Sequence[int]) -> list[Row]:
    """Of these the open ones about customers who are not to be contacted, in their order."""
    found: list[Row] = []
    for part in slices(keys):
        sql = f"SELECT {COLUMNS} FROM {TABLES} WHERE followup.id IN ({marks(part)}) AND {OPEN} AND NOT ({_REACHABLE})"
        found += store.rows(f"{sql} ORDER BY followup.id", part)
    return found


def of_case(store: Store, case: int) -> list[Row]:
    """All that was promised about a case, the earliest first."""
    return store.rows(
        f"SELECT {COLUMNS} FROM {TABLES} WHERE followup.case_id = ? AND {KEPT} ORDER BY followup.due_at, followup.id",
        [case],
    )


def page(store: Store, where: Condition, sort: str, limit: int | None, *, only_open: bool) -> list[Row]:
    """Rows that match, in order; one more than `limit` when there are more.

    Args:
        store: the store.
        where: see `condition`.
        sort: one of SORTS; a leading `-` reverses it.
        limit: how many at most; None for all.
        only_open: leave out what is done or cancelled.
    """
    if only_open and limit is not None and sort.lstrip("-") == "due":
        return _open_by_due(store, where, "DESC" if sort.startswith("-") else "ASC", limit + 1)
    sql, parameters = where
    conditions = (OPEN if only_open else KEPT) + (f" AND {sql}" if sql else "")
    direction = " DESC" if sort.startswith("-") else ""
    order = ", ".join(part + direction for part in SORTS[sort.lstrip("-")])
    query = f"SELECT {COLUMNS} FROM {TABLES} WHERE {conditions} ORDER BY {order}"
    if limit is None:
        return store.rows(query, parameters)
    return store.rows(f"{query} LIMIT ?", [*parameters, limit + 1])


def _open_by_due(store: Store, where: Condition, direction: str, limit: int) -> list[Row]:
    """The first open ones of each priority, merged: the indexes of open follow-ups begin with the priority."""
    sql, parameters = where
    order = f"ORDER BY followup.due_at {direction}, followup.id {direction}"
    parts = [
        f"SELECT * FROM (SELECT followup.id, followup.due_at FROM {TABLES} WHERE {OPEN}"
        f" AND followup.priority = '{priority}'{f' AND {sql}' if sql else ''} {order} LIMIT ?) AS {priority}"
        for priority in URGENT_FIRST
    ]
    first = f"SELECT id FROM ({' UNION ALL '.join(parts)}) AS parts ORDER BY due_at {direction}, id {direction} LIMIT ?"
    return store.rows(
        f"SELECT {COLUMNS} FROM {TABLES} WHERE followup.id IN ({first}) {order}",
        [*[*parameters, limit] * len(parts), limit],
    )


# --- filters


def condition(
    store: Store, node: Node | None, clock: Clock, user: Callable[[str], int], at: Horizon
) -> tuple[str, list[object]]:
    """A parsed filter as SQL; "" for an empty one.

    Raises:
        UsageError: the filter is wrong; see `compile_filter`.
    """
    if node is None:
        return "", []
    return about.condition(store, "followup", node, fields(at), clock, user)


def fields(at: Horizon) -> dict[str, Field]:
    """What a filter may ask about a follow-up, by every name it goes by."""
    found = {entry.name: entry for entry in (*_own_fields(), _overdue(at), *about.customer_fields("followup"))}
    for name in ("due", "created", "updated", "closed", "first_due"):
        found[f"{name}_at"] = found[name]
    found["outcome_note"] = found["outcome"]
    found["snooze_count"] = found["snoozed"]
    return found


def _own_fields() -> tuple[Field, ...]:
    def own(name: str, kind: str, help: str, *, column: str = "", values: Sequence[str] = ()) -> Field:
        return Field(name, kind, f"followup.{column or name}", values=tuple(values), help=help)

    return (
        own("due", "time", "When it is due", column="due_at"),
        own("status", "enum", "open, done or cancelled", values=FOLLOWUP_STATUS),
        own("priority", "enum", "How urgent it is", values=PRIORITY),
        own("owner", "user", "Who does it", column="owner_id"),
        own("subject", "text", "What to do"),
        own("channel", "enum", "How to do it", values=CHANNEL),
        own("note", "text", "Details"),
        own("outcome", "text", "What came of it", column="outcome_note"),
        own("created", "time", "When it was added", column="created_at"),
        own("updated", "time", "When it was last changed", column="updated_at"),
        own("closed", "time", "When it was done or cancelled", column="closed_at"),
        own("first_due", "time", "When it was due before it was snoozed", column="first_due_at"),
        own("snoozed", "number", "How often it was snoozed", column="snooze_count"),
        own("all_day", "bool", "Due on a day, not at a time"),
        own("timezone", "exact", "The zone of the due time"),
        Field("recurs", "bool", RECURS, help="It repeats by a rule"),
        own("series", "exact", "The uid of the first of those that follow from one another"),
        own("occurs_on", "day", "The day by the rule, before it was moved"),
        own("interaction", "ref:interaction", "What it was promised in", column="interaction_id"),
        own("deal", "ref:deal", "The deal that it is about", column="deal_id"),
        own("order", "ref:order", "Id of the order that it is about", column="order_id"),
        own("case", "ref:case", "Id of the case that it belongs to", column="case_id"),
        own("id", "ref:followup", "Short id"),
        own("uid", "exact", "Id that travels in exports"),
    )


def _overdue(at: Horizon) -> Field:
    # Literal stamps: a field's SQL binds nothing.
    late = f"followup.due_at < CASE WHEN followup.all_day = 1 THEN '{at.day}' ELSE '{at.now}' END"
    sql = f"(CASE WHEN followup.status = 'open' AND {late} THEN 1 ELSE 0 END)"
    return Field("overdue", "bool", sql, help="Open, and its time is over")
