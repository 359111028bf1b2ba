"""Reads of whole records for exports: as lists have them, with what else travels, a page at a time.

Contacts and companies come by name, what was logged and promised by time, equal ones by uid: an order that is the same
in every database they travel to. However many there are, only a page of them is held. What a whole export reads is of
one moment.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from crmcli.kernel.ids import key_of
from crmcli.store import cases, dealexports, deals, followups, interactions, orders, parties, products
from crmcli.store.connection import Row
from crmcli.store.due import Horizon
from crmcli.store.names import NAME
from crmcli.store.sql import marks, slices
from crmcli.store.store import Store

Condition = tuple[str, Sequence[object]]
Record = dict[str, Any]
# Notes and bodies may have megabytes.
PAGE = 200
MEETINGS: Condition = ("interaction.channel = 'meeting'", [])
"""What a calendar knows as an event."""
# What records are sorted by, before the uid.
ORDER = {
    **{"contact": "sort_key", "company": "sort_key", "interaction": "occurred_at", "followup": "due_at"},
    **{"product": "name_key", "sales_order": "ordered_on", "deal": "uid", "support_case": "opened_at"},
}


def all_parties(store: Store, noun: str, where: Condition) -> Iterator[Record]:
    """The living contacts or companies that match.

    Beside what `crmcli.store.parties.records` gives, each has `extra`, the lines of vCards that have no other place;
    its companies and its parent have their `uid`, and say by `alone` that no other company has the name.
    """
    names = ", ".join(f"{noun}.{name}" for name in (*parties.columns(noun, None), ORDER[noun]))
    for rows in _pages(store, noun, f"{names} FROM {noun}", f"{noun}.deleted_at IS NULL", where):
        records = parties.records(store, noun, rows)
        extra = _extra(store, noun, [row["id"] for row in rows])
        for row, record in zip(rows, records, strict=True):
            record["extra"] = extra.get(row["id"], [])
        _name_companies(store, [entry for record in records for entry in _companies_of(record)])
        yield from records


def custom_fields(store: Store, noun: str, where: Condition) -> list[str]:
    """The custom fields of which one of these records has a value, by name."""
    sql, parameters = where
    rows = store.rows(
        f"SELECT DISTINCT f.name FROM {noun} JOIN custom_value v ON v.{noun}_id = {noun}.id"
        f" JOIN custom_field f ON f.id = v.field_id WHERE {noun}.deleted_at IS NULL{f' AND {sql}' if sql else ''}"
        " ORDER BY f.name",
        parameters,
    )
    return [row["name"] for row in rows]


def has_extra(store: Store, noun: str, where: Condition) -> bool:
    """Whether one of these records has lines of a vCard that have no other place."""
    sql, parameters = where
    found = store.rows(
        f"SELECT 1 AS found FROM extra_property x JOIN {noun} ON {noun}.id = x.{noun}_id"
        f" WHERE {noun}.deleted_at IS NULL{f' AND {sql}' if sql else ''} LIMIT 1",
        parameters,
    )
    return bool(found)


def all_interactions(store: Store, where: Condition) -> Iterator[Record]:
    """What was logged and matches.

    Beside what `crmcli.store.interactions.records` gives, participants have their `uid` and primary `email`.
    """
    for rows in _pages(store, "interaction", "interaction.* FROM interaction", "interaction.deleted_at IS NULL", where):
        records = interactions.records(store, rows)
        _name_people(store, [person for record in records for person in record["participants"]])
        yield from records


def all_followups(store: Store, where: Condition, at: Horizon) -> Iterator[Record]:
    """The follow-ups that match, open or not; their customers have `uid` and primary `email`."""
    selected = f"{followups.COLUMNS} FROM {followups.TABLES}"
    for rows in _pages(store, "followup", selected, followups.KEPT, where):
        records = [followups.record(row, at) for row in rows]
        _name_people(store, [person for record in records if (person := record["contact"] or record["company"])])
        yield from records


def all_deals(store: Store, where: Condition, now: str) -> Iterator[Record]:
    """The deals that match, open or not, in the order of their uids; `now` is the moment from which ages count."""
    pages = _pages(store, "deal", f"{deals.COLUMNS} FROM {deals.TABLES}", deals.KEPT, where)
    return dealexports.all_deals(store, pages, now, lambda people: _name_people(store, people))


def followups_of(store: Store, keys: Sequence[int], at: Horizon) -> Iterator[Record]:
    """The follow-ups with these keys, in their order, as `all_followups` gives them."""
    for start in range(0, len(keys), PAGE):
        part = keys[start : start + PAGE]
        rows = store.rows(
            f"SELECT {followups.COLUMNS} FROM {followups.TABLES} WHERE followup.id IN ({marks(part)})", part
        )
        by_key = {row["id"]: followups.record(row, at) for row in rows}
        records = [by_key[key] for key in part]
        _name_people(store, [person for record in records if (person := record["contact"] or record["company"])])
        yield from records


def all_products(store: Store, where: Condition, today: str) -> Iterator[Record]:
    """The products that match, with their price lists."""
    for rows in _pages(store, "product", "product.* FROM product", "product.deleted_at IS NULL", where):
        yield from products.records(store, rows, today)


def all_orders(store: Store, where: Condition, today: str) -> Iterator[Record]:
    """The orders that match, with their lines and payments; their customers have `uid` and primary `email`.

    Lines name their product by its uid, and the deal of an order has its own.
    """
    selected = f"{orders.COLUMNS}, deal.uid AS deal_uid FROM {orders.TABLES}"
    for rows in _pages(store, "sales_order", selected, orders.KEPT, where):
        keys = [row["id"] for row in rows]
        lines, paid = (orders.of_many(store, table, keys) for table in ("order_line", "payment"))
        told: list[tuple[Record, int | None]] = []
        records = []
        for row in rows:
            record = orders.record(row, today)
            if record["deal"]:
                record["deal"]["uid"] = row["deal_uid"]
            record["lines"] = orders.line_records(lines.get(row["id"], []), row["currency"])
            told += zip(record["lines"], (one["product_id"] for one in lines.get(row["id"], [])), strict=True)
            record["payments"] = [orders.payment_record(one, row["currency"]) for one in paid.get(row["id"], [])]
            records.append(record)
        _name_products(store, told)
        _name_people(store, [party for record in records for party in (record["contact"], record["company"]) if party])
        yield from records


def _name_products(store: Store, lines: Sequence[tuple[Record, int | None]]) -> None:
    """Give lines of orders the uid of their product, and say by `alone` that they tell without it which is meant."""
    found: dict[int, Row] = {}
    for part in slices(sorted({key for _, key in lines if key})):
        sql = (
            f"SELECT p.id, p.uid, p.name, p.sku, {products.NAMED} AS named FROM product p WHERE p.id IN ({marks(part)})"
        )
        found.update((row["id"], row) for row in store.rows(sql, part))
    for line, key in lines:
        product = found.get(key or 0)
        line["product_uid"] = product and product["uid"]
        line["alone"] = product is None or (
            line["sku"] == product["sku"]
            and (product["sku"] is not None or (line["name"] == product["name"] and product["named"] == 1))
        )


def all_cases(store: Store, where: Condition, now: str) -> Iterator[Record]:
    """The cases that match, open or not; their customers have `uid` and primary `email`, as products and orders have
    a `uid`."""
    goods = "product.uid AS product_uid, product.sku AS product_sku, sales_order.uid AS order_uid"
    for rows in _pages(store, "support_case", f"{cases.COLUMNS}, {goods} FROM {cases.TABLES}", cases.KEPT, where):
        records = [cases.record(row, now) for row in rows]
        for row, record in zip(rows, records, strict=True):
            if record["product"]:
                record["product"].update(uid=row["product_uid"], sku=row["product_sku"])
            if record["order"]:
                record["order"].update(uid=row["order_uid"])
        _name_people(
            store, [person for record in records for person in (record["contact"], record["company"]) if person]
        )
        yield from records


def all_tags(store: Store) -> Iterator[Record]:
    """The tags by name, with how many living contacts and companies have them."""
    counts = ", ".join(
        f"(SELECT count(*) FROM tagging g JOIN {noun} r ON r.id = g.{noun}_id"
        f" WHERE g.tag_id = tag.id AND r.deleted_at IS NULL) AS {name}"
        for noun, name in (("contact", "contacts"), ("company", "companies"))
    )
    yield from store.rows(f"SELECT tag.name, {counts} FROM tag ORDER BY tag.name_key")


def _pages(store: Store, table: str, selected: str, condition: str, where: Condition) -> Iterator[list[Row]]:
    sql, parameters = where
    column = ORDER[table]
    order = f"{table}.{column}, {table}.uid"
    query = f"SELECT {selected} WHERE {condition}{f' AND {sql}' if sql else ''}"
    rows = store.rows(f"{query} ORDER BY {order} LIMIT {PAGE}", parameters)
    while rows:
        yield rows
        last = [rows[-1][column], rows[-1]["uid"]]
        rows = store.rows(f"{query} AND ({order}) > (?, ?) ORDER BY {order} LIMIT {PAGE}", [*parameters, *last])


def _extra(store: Store, noun: str, keys: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    sql = f"SELECT {noun}_id, line FROM extra_property WHERE {noun}_id IN ({marks(keys)}) ORDER BY id"
    for row in store.rows(sql, keys):
        found.setdefault(row[f"{noun}_id"], []).append(row["line"])
    return found


def _companies_of(record: Mapping[str, Any]) -> list[Record]:
    """The companies that a contact or company names."""
    return [*record.get("companies", ()), *([record["parent"]] if record.get("parent") else [])]


def _name_companies(store: Store, entries: Iterable[Record]) -> None:
    """Give companies that are named their uid, and say whether the name alone tells which is meant."""
    by_key: dict[int, list[Record]] = {}
    for entry in entries:
        by_key.setdefault(key_of(entry["id"]), []).append(entry)
    for part in slices(sorted(by_key)):
        rows = store.rows(
            "SELECT c.id, c.uid, (SELECT count(*) FROM company o WHERE o.name_key = c.name_key"
            f" AND o.deleted_at IS NULL) AS named FROM company c WHERE c.id IN ({marks(part)})",
            part,
        )
        for row in rows:
            for entry in by_key[row["id"]]:
                entry.update(uid=row["uid"], alone=row["named"] < 2)


def _name_people(store: Store, people: Iterable[Record]) -> None:
    """Give participants and customers their uid and primary address."""
    by_noun: dict[str, dict[int, list[Record]]] = {"contact": {}, "company": {}}
    for person in people:
        noun = "contact" if "display_name" in person else "company"
        by_noun[noun].setdefault(key_of(person["id"]), []).append(person)
    for noun, by_key in by_noun.items():
        for part in slices(sorted(by_key)):
            mail = f"SELECT value FROM email WHERE email.{noun}_id = r.id ORDER BY is_primary DESC, id LIMIT 1"
            sql = f"SELECT r.id, r.uid, r.{NAME[noun]} AS name, ({mail}) AS email FROM {noun} r"
            for row in store.rows(f"{sql} WHERE r.id IN ({marks(part)})", part):
                for person in by_key[row["id"]]:
                    person.update(uid=row["uid"], email=row["email"])
