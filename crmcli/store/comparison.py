"""What two databases have in common: how many records of each kind, and where their journals part."""

from typing import NamedTuple

from crmcli.store.connection import Row, Rows

NOUNS = {
    "contacts": "contact",
    "companies": "company",
    "interactions": "interaction",
    "followups": "followup",
    "deals": "deal",
    "orders": "sales_order",
    "cases": "support_case",
    "products": "product",
}
PAGE = 500


def counts(rows: Rows) -> dict[str, int]:
    """How many records of each kind there are that were not deleted, and how many operations."""
    found = {}
    for name, noun in NOUNS.items():
        found[name] = int(rows(f"SELECT count(*) AS n FROM {noun} WHERE deleted_at IS NULL")[0]["n"])
    found["operations"] = int(rows("SELECT count(*) AS n FROM operation")[0]["n"])
    return found


def first(rows: Rows) -> str | None:
    """The uid of the first operation of a journal, which its copies share; None of one in which there is none."""
    found = rows("SELECT uid FROM operation ORDER BY id LIMIT 1")
    return str(found[0]["uid"]) if found else None


def founder(rows: Rows) -> str | None:
    """The uid of the first of the team, which an archive tells sooner than its journal; None where there is none."""
    found = rows("SELECT uid FROM user_account WHERE id = 1")
    return str(found[0]["uid"]) if found else None


class Parting(NamedTuple):
    """How many operations one journal has that the other has not, the newest of them, and whether they share any."""

    operations: int
    newest: list[Row]
    related: bool


def parting(rows: Rows, others: Rows, most: int) -> Parting:
    """The operations of `rows` that `others` does not have, the newest first; at most `most` of them are named."""
    count, last = 0, 2**63 - 1
    newest: list[Row] = []
    sql = "SELECT id, uid, at, actor, command FROM operation WHERE id <= ? ORDER BY id DESC LIMIT ?"
    while mine := rows(sql, [last, PAGE]):
        low = "SELECT id, uid FROM operation WHERE id BETWEEN ? AND ?"
        theirs = {row["id"]: row["uid"] for row in others(low, [mine[-1]["id"], mine[0]["id"]])}
        for row in mine:
            if theirs.get(row["id"]) == row["uid"]:
                return Parting(count, newest, True)
            count += 1
            if len(newest) < most:
                newest.append(row)
        last = mine[-1]["id"] - 1
    return Parting(count, newest, False)
