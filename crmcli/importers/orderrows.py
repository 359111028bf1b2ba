"""Orders of which each line has a row: the rows of a number, one after the other, are one order.

In some files only the first row has the columns of the order itself; in others every row repeats them, and an amount
that differs from row to row is that of the line.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from crmcli.importers import table
from crmcli.importers.base import Columns, Draft, Item, Refused
from crmcli.importers.keys import Counter
from crmcli.importers.orderdays import days_of
from crmcli.importers.ordervalues import NUMBERS, OF_ROWS, finished, pointed
from crmcli.importers.rowreader import Tidy, reader
from crmcli.importers.source import Source
from crmcli.importers.targets import parse

Values = dict[str, Any]
LINE = ("product", "sku", "quantity", "price", "discount", "line_total", "line_tax", "line_status", "tax_rate")
"""The fields of a line; all others are of the order."""
REPEATED = ("number", "email", "phone")
"""What further rows of an order may repeat."""
MOST_LINES = 10_000
"""Rows that one order may have."""
_TELLING = frozenset({"external", "ordered_at", "total"})
_FURTHER = frozenset({*LINE, *REPEATED})
_SAMPLED = 1000
_COMMA = re.compile(r"[0-9],[0-9]{1,2}(?![0-9])")
_POINT = re.compile(r"[0-9]\.[0-9]{1,2}(?![0-9])|,[0-9]{3}\.")


class Kind(NamedTuple):
    """How the orders of a table are told.

    Args:
        origin: what a number is told by where the table has no ids: `shopify` makes `shopify:#1001`.
        repeats: whether every row may repeat the columns of the order.
        tidy: changes the text of every cell.
    """

    origin: str
    repeats: bool = False
    tidy: Tidy | None = None


class _Order:
    """An order whose rows are being gathered.

    `cells` holds the rows as they stand in the file, `values` what the first says of the order, `wrong` why it must be
    refused as a whole: an order without one of its lines would be another one.
    """

    def __init__(self, place: int, cells: Any, values: Values, wrong: str = "", *, repeats: bool = False) -> None:
        self.place = place
        self.cells: list[Any] = [cells]
        self.values = {field: value for field, value in values.items() if field not in LINE}
        self.lines = [_line_of(values)]
        self.told = [_told(values)]
        self.repeats = repeats
        self.wrong = wrong

    def add(self, cells: Any, values: Values, wrong: str = "") -> None:
        """Take in another row."""
        self.cells.append(cells)
        self.lines.append(_line_of(values))
        self.told.append(_told(values))
        self.wrong = self.wrong or wrong

    def goes_on(self, values: Values) -> bool:
        """Whether a row is a further line of this order: its number again or none, and nothing else of an order."""
        number = values.get("number")
        if number is None or not self.values:
            known = number is None or _mentions(self.cells[0], number)
            return known and bool(values) and values.keys() <= _FURTHER
        if number != self.values.get("number"):
            return False
        told = values.keys() & _TELLING
        if self.repeats:
            told -= {"total"}
        return not told or all(values[field] == self.values.get(field) for field in told)

    def item(self, whole: bool, finish: Callable[[Values, Sequence[Values], Sequence[Values]], Values]) -> Item:
        """The order as a draft, or refused; `whole` says that the columns of the table tell more than the lines."""
        if whole and not self.wrong and not self.values.keys() - _FURTHER:
            self.wrong = "the row that this line of an order belongs to is missing"
        if not self.wrong:
            try:
                return Draft("order", finish(self.values, self.lines, self.told), self.place, self.cells)
            except ValueError as error:
                self.wrong = str(error)
        return Refused(self.place, self.cells, self.wrong)


def read_orders(source: Source, columns: Columns, kind: Kind) -> Iterator[Item]:
    """The orders of a table, one for all rows of a number that stand one after the other."""
    form = table.layout(source)
    assert form is not None
    read = reader(columns.targets, "order", tidy=kind.tidy)
    fields = frozenset(target.field for text in columns.targets if (target := parse(text, "order")))
    whole = bool(fields - _FURTHER)
    width = len(columns.header)
    days, commas = days_of(source, columns, "ordered_at"), commas_of(source, columns)

    def finish(values: Values, lines: Sequence[Values], told: Sequence[Values]) -> Values:
        return finished(values, lines, told, kind.origin, fields, source.currency or None, days)

    ended = _Ended(whole, finish)
    order: _Order | None = None
    for row in table.rows(source, form):
        if isinstance(row, Refused):
            line, cells, wrong, fitted = row.place, row.raw, row.reason, None
        else:
            line, cells = row
            fitted = cells if len(cells) == width else table.fitted(cells, width)
            wrong = "" if fitted else f"the row has {len(cells)} cells, the header {width}"
        values = read(fitted) if fitted else {}
        if commas:
            pointed(values, commas)
        if fitted and not values:
            if not any(map(str.strip, fitted)):
                continue
            wrong = "no column that was understood holds anything"
        if order and (order.goes_on(values) if not wrong else _mentions(cells, order.values.get("number"))):
            if len(order.cells) < MOST_LINES:
                order.add(cells, values, wrong and f"line {line}: {wrong}")
                continue
            order.wrong = wrong = f"an order has more than {MOST_LINES:,} lines"
        if order:
            yield ended.item(order)
        order = _Order(line, cells, values, wrong, repeats=kind.repeats)
    if order:
        yield ended.item(order)


class _Ended:
    """Orders whose rows are all there. Of two that have the same number and are not the same, the second is refused:
    its rows may belong to the first.
    """

    def __init__(self, whole: bool, finish: Callable[[Values, Sequence[Values], Sequence[Values]], Values]) -> None:
        self.whole = whole
        self.finish = finish
        self.names, self.contents = Counter(), Counter()

    def item(self, order: _Order) -> Item:
        """The order as a draft, or refused."""
        made = order.item(self.whole, self.finish)
        name = made.values.get("external", [""])[0] if isinstance(made, Draft) else ""
        if not name:
            return made
        again, same = self.names.next(name) > 1, self.contents.next(f"{name}\x1f{order.cells}") > 1
        if again and not same:
            number = order.values.get("number", name)
            reason = f"order {str(number)[:60]} stands in the file before; the lines of an order must follow each other"
            return Refused(order.place, order.cells, reason)
        return made


def commas_of(source: Source, columns: Columns) -> frozenset[str]:
    """The fields of numbers whose columns have a decimal comma: their first rows tell so, and nothing else."""
    form = table.layout(source)
    assert form is not None
    found = set()
    for place, target in enumerate(columns.targets):
        if target in NUMBERS:
            texts = [text.strip() for text in islice(table.column(source, form, place), _SAMPLED)]
            if any(map(_COMMA.search, texts)) and not any(map(_POINT.search, texts)):
                found.add(target)
    return frozenset(found)


def rejects(source: Source, refused: Iterable[Refused]) -> Iterator[bytes]:
    """The rows of refused orders, each with the line of its order and what was wrong."""
    return table.rejects(source, (one for entry in refused for one in _rows(entry)))


def _rows(entry: Refused) -> Iterator[Refused]:
    """The rows of an entry: an order has several, what is no row of an order is one itself."""
    if isinstance(entry.raw, str) or all(isinstance(cell, str) for cell in entry.raw):
        yield entry
    else:
        yield from (entry._replace(raw=cells) for cells in entry.raw)


def _mentions(cells: Sequence[str] | str, number: Any) -> bool:
    """Whether a row that cannot be read begins as those of an order do."""
    start = cells if isinstance(cells, str) else ",".join(cells)
    begin = start.lstrip(" '\"")
    return bool(number) and begin.startswith(str(number)) and not begin[len(str(number)) :][:1].isalnum()


def _line_of(values: Values) -> Values:
    return {field: values[field] for field in LINE if field in values}


def _told(values: Values) -> Values:
    return {field: values[field] for field in OF_ROWS if field in values}
