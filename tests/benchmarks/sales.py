"""Deals, orders and cases for the large database: straight SQL, as `tests/benchmarks/large.py` does.

Most customers ordered never or once, a few very often; nine of ten orders are paid; deals and cases are as many as a
team of three hundred would have.
"""

import random
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from crmcli.store.activity import PURCHASE

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
PRODUCTS = 500
STAGES = (
    ("Prospecting", "open", 10, 30),
    ("Qualification", "open", 20, 30),
    ("Proposal", "open", 50, 21),
    ("Negotiation", "open", 80, 14),
    ("Won", "won", 100, None),
    ("Lost", "lost", 0, None),
)
CURRENCIES = ("EUR",) * 8 + ("USD", "GBP")
DAYS = 4 * 365


def _day(days_ago: int) -> str:
    return (NOW - timedelta(days=days_ago)).strftime("%Y-%m-%d")


def _stamp(days_ago: float) -> str:
    return (NOW - timedelta(seconds=int(days_ago * 86_400))).strftime("%Y-%m-%dT%H:%M:%SZ")


def fill(db: sqlite3.Connection, contacts: int, companies: int, orders: int) -> None:
    """Write `orders` orders of two lines each, and one deal and one case for every twenty of them."""
    made = _stamp(900)
    products = ((f"p{n:035d}", f"Article {n}", f"article {n}", made, made) for n in range(PRODUCTS))
    _many(db, "product", "uid, name, name_key, created_at, updated_at", products)
    _many(db, "pipeline", "id, name, name_key", iter([(1, "Sales", "sales")]))
    rows = ((1, name, name.lower(), n, kind, chance, rot) for n, (name, kind, chance, rot) in enumerate(STAGES))
    _many(db, "stage", "pipeline_id, name, name_key, position, type, probability, rotting_days", rows)
    names = "id, uid, number, contact_id, company_id, ordered_on, status, currency, subtotal, total, paid, due_on"
    _many(db, "sales_order", f"{names}, owner_id, created_at, updated_at", _orders(contacts, companies, orders))
    names = "order_id, position, product_id, name, quantity, unit_price, amount"
    _many(db, "order_line", names, _lines(orders))
    names = "uid, name, contact_id, company_id, pipeline_id, stage_id, status, stage_since, amount, currency"
    names += ", close_date, closed_at, owner_id, created_at, updated_at"
    _many(db, "deal", names, _deals(contacts, companies, orders // 20))
    names = "uid, subject, contact_id, status, priority, product_id, owner_id, opened_at, first_response_at"
    names += ", response_due_at, resolution_due_at, resolved_at, satisfaction, created_at, updated_at"
    _many(db, "support_case", names, _cases(contacts, orders // 20))


def count(db: sqlite3.Connection) -> None:
    """What contacts and companies ordered, kept on their rows."""
    for noun in ("contact", "company"):
        db.execute(
            f"UPDATE {noun} SET order_count = f.n, first_order_on = f.first, last_order_on = f.last FROM ("
            f"SELECT {noun}_id AS who, count(*) AS n, min(ordered_on) AS first, max(ordered_on) AS last"
            " FROM sales_order"
            f" WHERE {PURCHASE} GROUP BY {noun}_id) AS f"
            f" WHERE f.who = {noun}.id"
        )


def _many(db: sqlite3.Connection, table: str, columns: str, rows: Iterator[tuple[object, ...]]) -> None:
    marks = ", ".join("?" * (columns.count(",") + 1))
    db.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)


def _orders(contacts: int, companies: int, orders: int) -> Iterator[tuple[object, ...]]:
    chance = random.Random(3)
    days = [_day(n) for n in range(DAYS + 31)]
    for n in range(orders):
        who = int(chance.random() ** 3 * contacts) + 1
        age = DAYS - n * DAYS // orders
        cancelled, unpaid = n % 40 == 0, n % 30 == 1
        total = 1_000 + n * 7919 % 90_000
        state = "cancelled" if cancelled else "payment_due" if unpaid else "delivered"
        company = (who - 1) % companies + 1 if n % 3 == 0 else None
        due = days[max(0, age - 30)]
        paid = 0 if cancelled or unpaid else total
        yield (
            n + 1, f"{n:036d}", f"#{n}", who, company, days[age], state, CURRENCIES[n % 10], total, total, paid, due,
            n % 3 + 1, _stamp(age), _stamp(age),
        )  # fmt: skip


def _lines(orders: int) -> Iterator[tuple[object, ...]]:
    for n in range(orders):
        total = 1_000 + n * 7919 % 90_000
        for place, amount in enumerate((total // 3, total - total // 3)):
            product = (n * 31 + place * 7) % PRODUCTS
            yield n + 1, place, product + 1, f"Article {product}", 1000, amount, amount


def _deals(contacts: int, companies: int, deals: int) -> Iterator[tuple[object, ...]]:
    chance = random.Random(5)
    for n in range(deals):
        who = int(chance.random() ** 3 * contacts) + 1
        # One of five is open.
        place = n % 4 if n % 5 == 0 else 4 + n % 2
        kind = STAGES[place][1]
        age = chance.randrange(1, 60 if kind == "open" else 900)
        closed = None if kind == "open" else _stamp(age)
        amount, made = 10_000 + n * 7919 % 9_000_000, _stamp(age + 30)
        yield (
            f"{n:036d}", f"Deal {n}", who, (who - 1) % companies + 1, 1, place + 1, kind, _stamp(age), amount,
            CURRENCIES[n % 10], _day(age - 60) if kind == "open" else _day(age), closed, n % 3 + 1, made, made,
        )  # fmt: skip


def _cases(contacts: int, cases: int) -> Iterator[tuple[object, ...]]:
    chance = random.Random(6)
    for n in range(cases):
        age = chance.random() * 730
        is_open = age < 14 and n % 2 == 0
        response = None if is_open and n % 3 == 0 else _stamp(age - chance.random() / 2)
        resolved = None if is_open else _stamp(age - chance.random() * 4)
        yield (
            f"{n:036d}", f"Question {n}", int(chance.random() ** 3 * contacts) + 1, "open" if is_open else "closed",
            ("normal", "high", "low", "urgent")[n % 4], n % PRODUCTS + 1, n % 3 + 1, _stamp(age), response,
            _stamp(age - 0.3), _stamp(age - 3), resolved, n % 5 + 1 if n % 4 else None, _stamp(age), _stamp(age),
        )  # fmt: skip
