"""Records that were deleted softly, and all that goes with them when they are removed for good."""

from collections.abc import Sequence

from crmcli.store.connection import Row, Rows
from crmcli.store.gate import Gate
from crmcli.store.nouns import NAMES, PARTIES, RECORDS
from crmcli.store.schema import TABLES

NOUNS = RECORDS
"""What is deleted softly; people of the team stay, since the journal names them."""
# What names a contact or company without a foreign key, in no order that would matter.
LOOSE = (("merged_record", "kept_id"), ("distinct_pair", "first_id"), ("distinct_pair", "second_id"))
# Records with a life of their own: of these only the reference goes, where it may be empty.
OUTLIVE = (
    "company",
    "interaction",
    "followup",
    "operation",
    "deal",
    "sales_order",
    "support_case",
    "product",
    "order_line",
    "deal_line",
)


def waiting(rows: Rows, before: str = "9999") -> int:
    """How many records were deleted before a moment, the text of an instant."""
    return sum(len(_deleted(rows, noun, before)) for noun in NOUNS)


def deleted(rows: Rows, before: str) -> dict[str, list[Row]]:
    """The records of each noun that were deleted before a moment: `id`, and `name` where there is one."""
    return {noun: found for noun in NOUNS if (found := _deleted(rows, noun, before))}


def _deleted(rows: Rows, noun: str, before: str) -> list[Row]:
    name = NAMES[noun]
    sql = f"SELECT id, {name} AS name FROM {noun} WHERE deleted_at IS NOT NULL AND deleted_at < ? ORDER BY id"
    return rows(sql, [before])


class Purge:
    """Removing records with all that hangs on them, through the gate, so that the journal has every row.

    `removed` counts the rows that went, by table.
    """

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.removed: dict[str, int] = {}
        self._gone: set[tuple[str, int]] = set()

    def remove(self, table: str, key: int) -> None:
        """Remove a row, first what belongs to it; what only refers to it is kept and refers to nothing then."""
        if (table, key) in self._gone:
            return
        self._gone.add((table, key))
        meetings = self._meetings(table, key)
        for child, column, required in _references(table):
            for row in self._having(child, column, key):
                if required or not self._outlives(child, row, table):
                    self.remove(child, row["id"])
                elif (child, row["id"]) not in self._gone:
                    self.gate.update(child, row["id"], {column: None})
        for child, column in LOOSE if table in PARTIES else ():
            sql = f"SELECT id FROM {child} WHERE noun = ? AND {column} = ?"
            for row in self.gate.connection.rows(sql, [table, key]):
                self.remove(child, row["id"])
        row = self.gate.fetch(table, key)
        if table == "sales_order":
            self._end_series(row)
        self.gate.delete(table, key)
        self.gate.gone(table, [key])
        self.removed[table] = self.removed.get(table, 0) + 1
        if table == "attachment" and not self._having("attachment", "digest", row["digest"]):
            for content in self._having("attachment_content", "digest", row["digest"]):
                self.remove("attachment_content", content["id"])
        for meeting in meetings:
            if not self._having("participant", "interaction_id", meeting):
                self.remove("interaction", meeting)

    def _end_series(self, order: Row) -> None:
        """A series ends with its last order, and must not go on from the one before when that is no more."""
        series = self._having("sales_order", "series", order["series"]) if order["series"] else []
        if series and series[-1]["id"] == order["id"]:
            for earlier in series[:-1]:
                if earlier["recurrence"]:
                    self.gate.update("sales_order", earlier["id"], {"recurrence": None, "recurs_from": None})

    def _meetings(self, table: str, key: int) -> list[int]:
        """The interactions that somebody took part in: those go where nobody else did."""
        if table not in PARTIES:
            return []
        return [row["interaction_id"] for row in self._having("participant", f"{table}_id", key)]

    def _outlives(self, child: str, row: Row, table: str) -> bool:
        """Whether a row goes on without what it refers to: a follow-up not without its customer."""
        if child == "participant":
            return row["company_id" if table == "contact" else "contact_id"] is not None
        return child in OUTLIVE and not (child == "followup" and table in PARTIES)

    def _having(self, table: str, column: str, value: object) -> Sequence[Row]:
        return self.gate.connection.rows(f"SELECT * FROM {table} WHERE {column} = ? ORDER BY id", [value])


def _references(table: str) -> list[tuple[str, str, bool]]:
    """The tables and columns that refer to a table, and whether they must."""
    return [
        (other.name, column.name, column.required)
        for other in TABLES.values()
        for column in other.columns.values()
        if column.kind == "ref" and column.to == table
    ]
