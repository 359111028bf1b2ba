"""What is kept of an import itself: its runs, saved mappings, and the digests of what was taken in."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from crmcli.store.gate import Gate
from crmcli.store.store import Store

COUNTS = ("total", "created", "updated", "unchanged", "skipped", "rejected")


def note_run(gate: Gate, run: str, format: str, name: str, counts: Mapping[str, int]) -> None:
    """Keep what the operation took in. It describes the operation and is not itself journalled."""
    columns = ("run", "operation_id", "format", "name", "started_at", *COUNTS)
    row = (run, gate.operation(), format, name[-500:], gate.now, *(counts[count] for count in COUNTS))
    gate.connection.insert_rows("import_run", columns, [row])


def remember(gate: Gate, digests: Sequence[str]) -> None:
    """Keep the digests of records that were taken in. A cache, and not journalled."""
    operation = gate.operation()
    rows = [(digest, operation) for digest in digests]
    gate.connection.insert_rows("source_record", ("digest", "operation_id"), rows, ignore=True)


def saved_map(store: Store, name: str) -> dict[str, Any] | None:
    """The mapping that was saved under a name, or None."""
    row = store.row("SELECT format, mapping FROM import_map WHERE name = ?", [name])
    return None if row is None else {"format": row["format"], **json.loads(row["mapping"])}


def map_names(store: Store) -> list[str]:
    """The names of all saved mappings."""
    return [row["name"] for row in store.rows("SELECT name FROM import_map ORDER BY name")]


def save_map(gate: Gate, store: Store, name: str, format: str, mapping: Mapping[str, Any]) -> None:
    """Save a mapping under a name, in the place of an earlier one."""
    values = {"format": format, "mapping": json.dumps(mapping, ensure_ascii=False)}
    row = store.row("SELECT id FROM import_map WHERE name = ?", [name])
    if row is None:
        gate.insert("import_map", {"name": name, **values})
    else:
        gate.update("import_map", row["id"], values)
