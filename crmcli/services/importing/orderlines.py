"""The lines of a known order and those that a file has of it: which is which, and what a line must keep.

What was sent or came back here belongs to what was sold, not to a place in the order: a file that leaves out the first
line does not tell that the second was sent.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from crmcli.kernel.orderlines import is_refund
from crmcli.store.connection import Row

Columns = Mapping[str, Any]


class Lines(NamedTuple):
    """The lines that an order has here: what was sold, what came back here, and money that was given back."""

    own: list[Row]
    back: list[Row]
    refunds: list[Row]

    @property
    def returned(self) -> int:
        """How much came back here, in thousandths."""
        quantity: int = -sum(row["quantity"] for row in self.back)
        return quantity

    @property
    def refunded(self) -> int:
        """What the lines of refunds come to, in minor units, not below zero."""
        amount: int = -sum(row["amount"] for row in self.refunds)
        return amount

    def done(self, row: Row) -> int:
        """How much of a line was sent, or came back, here: the file cannot have less of it."""
        back: int = -sum(one["quantity"] for one in self.back if one["return_of"] == row["id"])
        return max(int(row["shipped"]), back)


class Paired(NamedTuple):
    """What each line of a file is here, None where it is new; and what is here and not in the file."""

    rows: list[Row | None]
    gone: list[Row]


def split(rows: Sequence[Row]) -> Lines:
    """The lines of an order by what they are."""
    back = [row for row in rows if row["return_of"] is not None]
    refunds = [row for row in rows if is_refund(row)]
    return Lines([row for row in rows if row["return_of"] is None and not is_refund(row)], back, refunds)


def paired(told: Sequence[Columns], here: Lines) -> Paired:
    """Which line of a file is which one here: by its article, by its number, by its name; the others by their order.

    One of which something was sent or came back here is what was sold then, and is not made another by its place.
    """
    found: list[Row | None] = [None] * len(told)
    left = {row["id"]: row for row in here.own}
    for names in (("sku", "name"), ("sku",), ("name",)):
        waiting: dict[tuple[Any, ...], list[Row]] = {}
        for row in left.values():
            waiting.setdefault(tuple(row[name] for name in names), []).append(row)
        for place, line in enumerate(told):
            key = tuple(line[name] for name in names)
            if found[place] is None and key != (None,) and waiting.get(key):
                found[place] = row = waiting[key].pop(0)
                del left[row["id"]]
        if not left:
            break
    for place in range(len(told)):
        if found[place] is None:
            same = next((row for row in left.values() if not here.done(row)), None)
            if same is not None:
                found[place] = left.pop(same["id"])
    return Paired(found, list(left.values()))


def ordered(lines: Sequence[Columns]) -> int:
    """How much was ordered with some lines, in thousandths."""
    quantity: int = sum(line["quantity"] for line in lines if line["quantity"] > 0)
    return quantity


def contradicts(told: Sequence[Columns], pairs: Paired, here: Lines) -> bool:
    """Whether a file has less of a line than was sent or came back here, or nothing of it."""
    return any(map(here.done, pairs.gone)) or any(
        row is not None and line["quantity"] < here.done(row) > 0 for line, row in zip(told, pairs.rows, strict=True)
    )
