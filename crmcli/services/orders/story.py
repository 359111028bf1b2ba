"""What is around an order: how it went on, what is promised about it, its cases, and when it comes again."""

from collections.abc import Iterator, Mapping
from json import loads
from typing import TYPE_CHECKING, Any

from crmcli.kernel.ids import key_of, ref
from crmcli.kernel.money import plain
from crmcli.store import orders
from crmcli.store.connection import Row

if TYPE_CHECKING:
    from crmcli.app import App

AMOUNTS = ("total", "paid")
TOLD = ("status", "financial_status", "fulfillment_status", *AMOUNTS)


def around(app: "App", record: Mapping[str, Any]) -> dict[str, Any]:
    """What is around an order.

    `coming`, days; `history`, entries of `at`, `by`, `command` and `changes`; `followups`, `cases`, `interactions`.
    """
    key, store = key_of(record["id"]), app.store
    return {
        "coming": app.renewals.coming(record),
        "history": list(_history(orders.changes_of(store, key), record["currency"])),
        "followups": [_named("followup", row) for row in orders.followups_of(store, key)],
        "cases": [_named("case", row) for row in orders.cases_of(store, key)],
        "interactions": [_named("interaction", row) for row in orders.contacts_of(store, key)],
    }


def _named(noun: str, row: Row) -> dict[str, Any]:
    return {**row, "id": ref(noun, row["id"])}


def _history(rows: list[Row], currency: str) -> Iterator[dict[str, Any]]:
    """An entry for each operation that changed how far the order is, or what it comes to."""
    entries: list[dict[str, Any]] = []
    last = None
    for row in rows:
        if row["after"] is None and row["before"] is None:  # erased
            continue
        before, after = loads(row["before"] or "{}"), loads(row["after"] or "{}")
        if row["operation_id"] != last:
            last = row["operation_id"]
            entries.append({"at": row["at"], "by": row["actor"], "command": row["command"], "changes": {}})
        changes = entries[-1]["changes"]
        for name in TOLD:
            if name in after and before.get(name) != after[name]:
                first = changes.get(name, {"from": _told(name, before.get(name), currency)})
                changes[name] = {**first, "to": _told(name, after[name], currency)}
    nothing = (0, plain(0, currency))
    for entry in entries:
        entry["changes"] = {
            name: change
            for name, change in entry["changes"].items()
            if change["from"] != change["to"] and not (change["from"] is None and change["to"] in nothing)
        }
        if entry["changes"]:
            yield entry


def _told(name: str, value: Any, currency: str) -> Any:
    return plain(value, currency) if name in AMOUNTS and value is not None else value
