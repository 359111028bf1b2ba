"""Transaction lists as CDNOW's: customer, day, number of units, amount, in columns of blanks without a header.

The file of the CDNOW study (Fader and Hardie, "Forecasting repeat sales at CDNOW", 2001) has one line for each
purchase: the customer's number, `19970101`, how many CDs, how many dollars. Its sample of a tenth has the number within
the sample as a second column. A purchase has no number of its own: it is known again as the first, the second … of its
customer on its day.
"""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from crmcli.importers.base import CERTAIN, NO, Draft, Format, Item, Refused
from crmcli.importers.keys import Counter
from crmcli.importers.source import Source
from crmcli.kernel.codes import minor_units
from crmcli.kernel.errors import UsageError

TITLE = "CDNOW transactions"
ARTICLE = "CD"
LONGEST_LINE = 1000
_LINE = re.compile(r"\s*(\d{1,20})(?:[ \t]+\d{1,20})?[ \t]+(\d{8})[ \t]+(\d{1,9})[ \t]+(\d{1,12})(?:\.(\d{1,9}))?\s*")
_LOOKED_AT = 200


def _match(source: Source) -> int:
    """Sure where every line of the beginning is such a transaction; a few might be anything."""
    if source.is_folder:
        return NO
    lines = source.text.splitlines()
    if source.size > len(source.head):
        lines.pop()
    seen = [line for line in lines[:_LOOKED_AT] if line.strip()]
    return CERTAIN if len(seen) >= 3 and all(map(_is_one, seen)) else NO


def _is_one(line: str) -> bool:
    found = _LINE.fullmatch(line) if len(line) < LONGEST_LINE and line.isascii() else None
    return found is not None and _day(found[2]) is not None and found[5] is not None


@lru_cache(maxsize=20_000)
def _day(text: str) -> str | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])).isoformat()
    except ValueError:
        return None


def _read(source: Source) -> Iterator[Item]:
    if not source.currency:
        raise no_currency(source)
    units = minor_units(source.currency)
    seen = Counter()
    for number, text in enumerate(source.lines(), 1):
        line = text.rstrip("\r\n")
        if not line.strip():
            continue
        found = _LINE.fullmatch(line) if len(line) < LONGEST_LINE and line.isascii() else None
        if found is None:
            yield Refused(number, line, "the line is not: customer, day, number of units, amount")
            continue
        customer, written, count, whole, part = found.groups()
        day = _day(written)
        decimals = (part or "").rstrip("0")
        if day is None or len(decimals) > units:
            wrong = (
                f"{written} is no day" if day is None else f"{whole}.{part} has more decimals than {source.currency}"
            )
            yield Refused(number, line, wrong)
            continue
        total = int(whole) * 10**units + int(decimals.ljust(units, "0") or "0")
        yield Draft("order", _order(customer, day, int(count), total, seen), number, line)


def _order(customer: str, day: str, count: int, total: int, seen: Counter) -> dict[str, Any]:
    key = f"cdnow:{customer}:{day}"
    turn = seen.next(key)
    values: dict[str, Any] = {
        "external": [key if turn == 1 else f"{key}:{turn}"],
        "ordered_on": day,
        "total": total,
        "customer": {"external": f"cdnow:{customer}"},
    }
    if count:
        values["lines"] = [{"product": ARTICLE, "quantity": count * 1000, "amount": total}]
    return values


def no_currency(source: Source) -> UsageError:
    """What is said of a file whose amounts have no currency, when nobody named one."""
    return UsageError(
        f"{source.name} does not say in which currency its amounts are",
        "name it with --currency USD, or once for all: crm config set currency USD",
    )


def _rejects(source: Source, refused: Iterable[Refused]) -> Iterator[bytes]:
    """The refused lines as they stood, each with its place and the reason behind it."""
    for entry in refused:
        told = json.dumps({"_line": entry.place, "_reason": entry.reason}, ensure_ascii=False)
        yield f"{entry.raw}\t{told}\n".encode("utf-8", "replace")


FORMATS = (Format("cdnow", TITLE, "order", _match, _read, _rejects),)
