"""Reads about records that were merged: which one stands for them now, and what refers to a record."""

from crmcli.store.connection import Row
from crmcli.store.schema import TABLES
from crmcli.store.store import Store

# A chain of merges is as long as somebody made it; a circle, which nobody can make, ends here.
LONGEST_CHAIN = 1000


def kept(store: Store, noun: str, key: int) -> int | None:
    """The record that a merged one became a part of, through any number of merges; None for one that was not merged."""
    found = None
    for _ in range(LONGEST_CHAIN):
        sql = "SELECT kept_id FROM merged_record WHERE noun = ? AND record_id = ?"
        following: int | None = store.value(sql, [noun, key if found is None else found])
        if following is None:
            break
        found = following
    return found


def merging_operation(store: Store, noun: str, key: int) -> int | None:
    """The operation in which a merged record was merged: the last one that changed its row."""
    sql = "SELECT operation_id FROM change WHERE noun = ? AND record_id = ? AND table_name = ? ORDER BY id DESC LIMIT 1"
    found: int | None = store.value(sql, [noun, key, noun])
    return found


def references(noun: str) -> list[tuple[str, str]]:
    """Every table and column that refers to a contact or company, in the order of the schema."""
    return [
        (table.name, column.name)
        for table in TABLES.values()
        for column in table.columns.values()
        if column.kind == "ref" and column.to == noun
    ]


class Links:
    """The rows that refer to some records, read when they are asked for and kept as they are moved.

    Args:
        store: the store.
        noun: contact or company.
    """

    def __init__(self, store: Store, noun: str) -> None:
        self.store = store
        self.noun = noun
        self._rows: dict[tuple[str, str, int], list[Row]] = {}

    def rows(self, table: str, column: str, key: int) -> list[Row]:
        """The rows of a table that refer to a record by a column."""
        place = table, column, key
        if place not in self._rows:
            self._rows[place] = self._read(table, column, key)
        return self._rows[place]

    def move(self, table: str, column: str, row: Row, key: int) -> None:
        """Count a row as one that refers to another record now."""
        self.drop(table, column, row)
        self.rows(table, column, key).append({**row, column: key})

    def drop(self, table: str, column: str, row: Row) -> None:
        """Count a row as gone."""
        place = table, column, row[column]
        self._rows[place] = [one for one in self.rows(*place) if one["id"] != row["id"]]

    def _read(self, table: str, column: str, key: int) -> list[Row]:
        return self.store.rows(f"SELECT * FROM {table} WHERE {column} = ? ORDER BY id", [key])


def refusals(store: Store, noun: str, key: int) -> list[Row]:
    """The pairs with this record of which somebody said that they are not the same."""
    sql = "SELECT * FROM distinct_pair WHERE noun = ? AND {} = ?"
    first, second = sql.format("first_id"), sql.format("second_id")
    return store.rows(f"{first} UNION ALL {second} ORDER BY id", [noun, key, noun, key])


def refusal(store: Store, noun: str, first: int, second: int) -> Row | None:
    """The row that says of two records, in either order, that they are not the same."""
    sql = "SELECT * FROM distinct_pair WHERE noun = ? AND first_id = ? AND second_id = ?"
    return store.row(sql, [noun, min(first, second), max(first, second)])
