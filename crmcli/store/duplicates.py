"""Reads for finding duplicates: what many records may share, a page of rows at a time, so that memory stays bounded."""

from collections.abc import Iterator, Sequence

from crmcli.store.connection import Row
from crmcli.store.sql import marks, slices
from crmcli.store.store import Store

PAGE = 10_000
NAME = {"contact": "display_name", "company": "name"}
# What a record of each noun can share: table -> the columns that are read.
SHARED = {"email": "domain", "phone": "digits, e164", "address": "locality, postal_code, country_code, street_address"}


def living(store: Store, noun: str) -> Iterator[Row]:
    """The id and name of every record that is not deleted; of a contact the birthday too."""
    columns = f"id, {NAME[noun]} AS name" + (", birth_date" if noun == "contact" else "")
    return _pages(store, f"SELECT {columns} FROM {noun} WHERE deleted_at IS NULL AND id > ? ORDER BY id LIMIT {PAGE}")


def children(store: Store, noun: str, table: str) -> Iterator[Row]:
    """The rows of `table` (email, phone, address) that belong to records of a noun, deleted ones too, as `record`."""
    columns = f"id, {noun}_id AS record, {SHARED[table]}"
    return _pages(
        store, f"SELECT {columns} FROM {table} WHERE {noun}_id IS NOT NULL AND id > ? ORDER BY id LIMIT {PAGE}"
    )


def employments(store: Store) -> Iterator[Row]:
    """Who works where: `record` and `company`, companies that are deleted left to the caller."""
    return _pages(
        store,
        f"SELECT id, contact_id AS record, company_id AS company FROM employment WHERE id > ? ORDER BY id LIMIT {PAGE}",
    )


def domains(store: Store) -> Iterator[Row]:
    """The domains of companies: `record` and `domain`."""
    return _pages(
        store, f"SELECT id, company_id AS record, domain FROM company_domain WHERE id > ? ORDER BY id LIMIT {PAGE}"
    )


def held_by_several(store: Store, table: str, column: str) -> list[Row]:
    """Every value of an `email` or `phone` column that several living records have, with each holder, by value.

    The holders are contacts and companies, whichever they are: `contact_id` or `company_id` is set.
    """
    return store.rows(
        f"SELECT t.{column} AS value, t.contact_id, t.company_id FROM {table} t"
        " LEFT JOIN contact c ON c.id = t.contact_id LEFT JOIN company o ON o.id = t.company_id"
        " WHERE c.deleted_at IS NULL AND o.deleted_at IS NULL"
        f" AND t.{column} IN (SELECT {column} FROM {table} GROUP BY {column} HAVING count(*) > 1)"
        f" ORDER BY t.{column}, t.id"
    )


def domain_holders(store: Store) -> list[Row]:
    """Every domain that several living companies have, with each of those: `value` and `company_id`."""
    return store.rows(
        "SELECT d.domain AS value, d.company_id FROM company_domain d"
        " JOIN company o ON o.id = d.company_id AND o.deleted_at IS NULL"
        " WHERE d.domain IN (SELECT domain FROM company_domain GROUP BY domain HAVING count(*) > 1)"
        " ORDER BY d.domain, d.company_id"
    )


def rows_of(store: Store, noun: str, keys: Sequence[int]) -> list[Row]:
    """The whole rows of these records, those of deleted ones left out."""
    found: list[Row] = []
    for part in slices(keys):
        found += store.rows(f"SELECT * FROM {noun} WHERE id IN ({marks(part)}) AND deleted_at IS NULL", part)
    return found


def refused(store: Store, noun: str) -> set[tuple[int, int]]:
    """The pairs of which somebody said that they are not the same, the smaller id first."""
    rows = store.rows("SELECT first_id, second_id FROM distinct_pair WHERE noun = ? ORDER BY first_id", [noun])
    return {(row["first_id"], row["second_id"]) for row in rows}


def _pages(store: Store, sql: str) -> Iterator[Row]:
    last = 0
    while rows := store.rows(sql, [last]):
        yield from rows
        last = rows[-1]["id"]
