"""Reads of exchange rates."""

from crmcli.store.connection import Row
from crmcli.store.sql import ENDLESS
from crmcli.store.store import Store


def every(store: Store) -> list[Row]:
    """All rates; those of a pair from the oldest to the newest."""
    return store.rows("SELECT base, quote, valid_from, rate FROM exchange_rate ORDER BY base, quote, valid_from")


def find(store: Store, base: str, quote: str, day: str) -> Row | None:
    """The rate that was said for a day, or None."""
    sql = "SELECT * FROM exchange_rate WHERE base = ? AND quote = ? AND valid_from = ?"
    return store.row(sql, [base, quote, day])


def of(store: Store, currencies: tuple[str, ...], limit: int | None) -> list[Row]:
    """The rates that have all of these currencies, by pairs, the newest first; one more than `limit` if there are more.

    Args:
        store: the store.
        currencies: none, one or two.
        limit: how many at most; None for all.
    """
    conditions = "".join(" AND ? IN (base, quote)" for _ in currencies)
    sql = f"SELECT * FROM exchange_rate WHERE base > ''{conditions} ORDER BY base, quote, valid_from DESC LIMIT ?"
    return store.rows(sql, [*currencies, ENDLESS if limit is None else limit + 1])
