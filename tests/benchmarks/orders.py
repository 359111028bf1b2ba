"""Files of invented orders for `tests.benchmarks.imports`."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

TITLES = "Order number,Date,Customer,Email,Product,SKU,Quantity,Price,Total,Currency,Status"
FIRST = date(2025, 1, 1)
ARTICLES = 300
CUSTOMERS_PER_LINES = 8
_SIZES = (1, 1, 2, 3)
_PURCHASES = (1, 1, 1, 2, 2, 3, 4, 8)


def _prices(chance: random.Random) -> int:
    return chance.randint(100, 9_999)


def table(path: Path, lines: int) -> None:
    """A table with a row for each line of an order; one customer orders about five times, in any order."""
    chance = random.Random(3)
    people = max(1, lines // CUSTOMERS_PER_LINES)
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{TITLES}\n")
        for number, size in enumerate(_parts(chance, lines, _SIZES), 1):
            who = chance.randrange(people)
            goods = [(chance.randrange(ARTICLES), chance.randint(1, 3), _prices(chance)) for _ in range(size)]
            total = sum(count * price for _, count, price in goods)
            day = FIRST + timedelta(chance.randrange(365))
            for article, count, price in goods:
                file.write(
                    f"{number},{day},Person {who},p{who}@x{who % 97}.example,Article {article},A-{article},{count},"
                    f"{price / 100:.2f},{total / 100:.2f},EUR,delivered\n"
                )


def transactions(path: Path, lines: int) -> None:
    """A list like CDNOW's: customer after customer, each with the days of its purchases."""
    chance = random.Random(4)
    with path.open("w", encoding="utf-8") as file:
        for who, count in enumerate(_parts(chance, lines, _PURCHASES), 1):
            for offset in sorted(chance.sample(range(546), count)):
                day = FIRST + timedelta(offset)
                file.write(f" {who:06d} {day:%Y%m%d} {chance.randint(1, 5):2d} {_prices(chance) / 100:7.2f}\n")


def _parts(chance: random.Random, whole: int, sizes: tuple[int, ...]) -> Iterator[int]:
    """Sizes that come to the whole."""
    while whole:
        size = min(chance.choice(sizes), whole)
        whole -= size
        yield size
