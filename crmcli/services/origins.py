"""Where each value of a contact or company came from: which import or command, by whom, when.

It is computed from the journal each time, so that it cannot differ from what happened. What was taken back does not
count, and a value that came with a record that was merged into this one came from where that record had it.
"""

from collections.abc import Iterator, Mapping
from json import loads
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.kernel.ids import ref
from crmcli.services.flags import flag_name
from crmcli.services.who import Match
from crmcli.store import history, origins
from crmcli.store.connection import Row
from crmcli.store.origins import CHILDREN, NAMED_BY
from crmcli.store.schema import TABLES

if TYPE_CHECKING:
    from crmcli.app import App

# Columns that say nothing of the customer.
ASIDE = ("uid", "created_at", "updated_at", "deleted_at")


class _Change(NamedTuple):
    """A change that is in force: `row` is its table and key, `record` whose it was, `after` what it set."""

    id: int
    operation: int
    row: tuple[str, int]
    record: int
    after: Row


class Origins:
    """Where the values of one record came from.

    Args:
        app: the App.
        party: the contact or company.
    """

    def __init__(self, app: "App", party: Match) -> None:
        self.app = app
        self.party = party
        self.store = app.store
        merged = origins.merged_into(self.store, party.noun, party.id)
        rows = origins.changes(self.store, party.noun, [party.id, *merged])
        self.operations = origins.operations(self.store, {row["operation_id"] for row in rows})
        self.files = {row["operation_id"]: row for row in history.runs(self.store, list(self.operations))}
        gone = history.not_in_force(self.store, list(self.operations.values()))
        self.changes = [_read(row) for row in rows if row["after"] is not None and row["operation_id"] not in gone]
        self.images = _images(rows)
        # Operation -> the records that it merged.
        self.merges: dict[int, set[int]] = {}
        for change in self.changes:
            if change.row[0] == party.noun and change.record in merged and change.after.get("deleted_at"):
                self.merges.setdefault(change.operation, set()).add(change.record)

    def records(self) -> list[dict[str, Any]]:
        """Each value with its `field`, and its `source`, `by`, `at`, `operation`, `command`, `format` and `file`.

        The last seven are None of a value that nobody knows the origin of.
        """
        row = self.store.row(f"SELECT * FROM {self.party.noun} WHERE id = ?", [self.party.id])
        assert row is not None
        found = [
            {"field": field, "value": value, **self._origin((self.party.noun, self.party.id), {column: row[column]})}
            for column, field, value in self._own_values(row)
        ]
        for table, columns in CHILDREN.items():
            for child in origins.children(self.store, table, self.party.noun, self.party.id):
                field, value = self._child_value(table, child)
                set_columns = {name: child[name] for name in columns}
                found.append({"field": field, "value": value, **self._origin((table, child["id"]), set_columns)})
        return found

    # --- the values

    def _own_values(self, row: Row) -> Iterator[tuple[str, str, Any]]:
        """Column, field and value of each column that holds one."""
        for column in TABLES[self.party.noun].columns.values():
            value = row[column.name]
            if column.kind == "key" or column.derived or column.name in ASIDE or value in (None, column.default):
                continue
            if column.to:
                yield column.name, flag_name(column), origins.name(self.store, column.to, value)
            else:
                yield column.name, column.name, bool(value) if column.kind == "bool" else value

    def _child_value(self, table: str, row: Row) -> tuple[str, str]:
        """The field and the value of a child row, in words."""
        if table == "phone":
            return "phone", row["e164"] or row["raw"]
        if table == "tagging":
            return "tag", origins.name(self.store, "tag", row["tag_id"])
        if table == "employment":
            company = origins.name(self.store, "company", row["company_id"])
            return "company", f"{company}, {row['role']}" if row["role"] else company
        if table == "custom_value":
            return f"custom.{origins.name(self.store, 'custom_field', row['field_id'])}", row["value"]
        if table == "preference":
            return f"preferences.{row['key']}", row["value"]
        if table == "external_id":
            return "external", f"{row['source']}:{row['key']}"
        if table == "consent":
            return "consent." + "/".join(filter(None, [row["purpose"], row["channel"]])), row["state"]
        field = {"company_domain": "domain", "extra_property": row.get("name")}.get(table) or table
        return field, ", ".join(str(row[name]) for name in CHILDREN[table] if row[name] is not None)

    # --- where they came from

    def _origin(self, row: tuple[str, int], values: Mapping[str, Any]) -> dict[str, Any]:
        change = self._set_by(row, values)
        if change is None:
            return dict.fromkeys(("source", "by", "at", "operation", "command", "format", "file"))
        operation, run = self.operations[change.operation], self.files.get(change.operation)
        return {
            "source": operation["command"] if run is None else f"{run['name']} ({run['format']})",
            "by": operation["actor"],
            "at": operation["at"],
            "operation": ref("operation", operation["id"]),
            "command": operation["command"],
            "format": run and run["format"],
            "file": run and run["name"],
        }

    def _set_by(self, row: tuple[str, int], values: Mapping[str, Any]) -> _Change | None:
        """The newest change that set one of these columns of a row."""
        for change in reversed(self.changes):
            if change.row == row and change.after.keys() & values.keys():
                return self._before_merge(change, values) or change
        return None

    def _before_merge(self, change: _Change, values: Mapping[str, Any]) -> _Change | None:
        """Where a record that a merge took a value from had it from; None when the value came otherwise."""
        merged = self.merges.get(change.operation, set()) - {change.record}
        table = change.row[0]
        named = {name: self.images[change.row].get(name) for name in NAMED_BY.get(table, ())}
        wanted = {name: value for name, value in values.items() if name in change.after}
        for other in reversed(self.changes):
            if other.id >= change.id or other.record not in merged or other.row[0] != table:
                continue
            image = self.images[other.row]
            if all(other.after.get(name) == value for name, value in wanted.items()) and all(
                image.get(name) == value for name, value in named.items()
            ):
                return self._before_merge(other, values) or other
        return None


def _read(row: Row) -> _Change:
    return _Change(
        row["id"], row["operation_id"], (row["table_name"], row["row_id"]), row["record_id"], loads(row["after"])
    )


def _images(rows: list[Row]) -> dict[tuple[str, int], Row]:
    """All that the journal ever said of each row, the latest last."""
    found: dict[tuple[str, int], Row] = {}
    for row in rows:
        image = found.setdefault((row["table_name"], row["row_id"]), {})
        for text in (row["before"], row["after"]):
            image.update(loads(text) if text else {})
    return found
