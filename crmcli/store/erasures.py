"""Who was erased, and what must not come back, as the tables have it."""

from collections.abc import Mapping
from typing import Any

from crmcli.store.connection import Row, Rows
from crmcli.store.gate import Gate


def erased(rows: Rows) -> list[Row]:
    """Everybody who was erased, the first first: `uid`, `record_id`, `erased_at`, `actor` and `reason`."""
    return rows("SELECT uid, record_id, erased_at, actor, reason FROM erasure ORDER BY id")


def suppressed(rows: Rows) -> list[Row]:
    """The `kind` and `digest` of what must not come back, and the `uid` of the erasure that it belongs to, or None."""
    return rows(
        "SELECT s.kind, s.digest, e.uid FROM suppression s LEFT JOIN erasure e ON e.id = s.erasure_id ORDER BY s.id"
    )


def removed_by(rows: Rows, key: int) -> int | None:
    """The operation that took a contact's row away, whose words the journal still has; None where none did."""
    found = rows(
        "SELECT operation_id, before, after FROM change WHERE noun = 'contact' AND record_id = ?"
        " AND table_name = 'contact' AND row_id = ? ORDER BY id DESC LIMIT 1",
        [key, key],
    )
    return found[0]["operation_id"] if found and found[0]["after"] is None and found[0]["before"] else None


def keep(gate: Gate, values: Mapping[str, Any]) -> int:
    """Write down an erasure, unless that of the uid is there already; returns its key."""
    known = gate.connection.rows("SELECT id FROM erasure WHERE uid = ?", [values["uid"]])
    return int(known[0]["id"]) if known else gate.insert("erasure", values)
