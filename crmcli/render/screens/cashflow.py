"""A cash flow on a terminal: a bar a period for the balance, of what it begins with and of the three bands on top."""

from collections.abc import Iterator, Sequence
from datetime import date

from crmcli.kernel.amounts import grouped, short
from crmcli.kernel.codes import format_money
from crmcli.kernel.days import MONTHS
from crmcli.kernel.text import safe
from crmcli.render.bars import legend, place, stacked
from crmcli.render.blocks import Drawing, Line, padded, wrap, writable
from crmcli.render.console import draw
from crmcli.render.layout import GAP
from crmcli.render.out import Out
from crmcli.render.view import Record
from crmcli.render.views.cashflow import BANDS, STYLES

SIGNS = {"orders": "█", "recurring": "▓", "deals": "░"}
OPENING = "▒"
WIDE = 64
"""From so many cells on amounts are shown in full."""
FEWEST = 8


def write(flow: Record, told: Sequence[str], out: Out) -> None:
    """Write a cash flow; `told` are sentences about what is in none of its numbers."""
    currency = flow["currency"]
    lines: list[Line] = [
        *wrap([(f"Cash flow by {flow['by']} in {currency}, until {flow['until']}", "title")], out.width),
        *_legend(flow, out),
        [],
        *_plot(flow, out),
    ]
    first = next((period for period in flow["periods"] if period["in_minor"]), flow["periods"][0])
    more = f"crm cashflow{' --by month' if flow['by'] == 'month' else ''} --explain {first['id']}"
    notes = [*told, *_later(flow), f"what it is made of: {more}"]
    lines += [[], *(line for note in notes for line in wrap([(writable(safe(note), out), "muted")], out.width))]
    out.emit(draw([Drawing(lines, unicode=out.unicode)], out))


def sums(flow: Record) -> dict[str, int]:
    """What comes in of each band in all periods, in minor units."""
    return {band: sum(period[f"{band}_minor"] for period in flow["periods"]) for band in BANDS}


def _legend(flow: Record, out: Out) -> list[Line]:
    currency = flow["currency"]
    opening = [(OPENING, "muted", f"opening {grouped(flow['opening_minor'], currency)}")]
    bands = [
        (SIGNS[band], STYLES[band], f"{BANDS[band]} {grouped(sum_, currency)}") for band, sum_ in sums(flow).items()
    ]
    return legend([*(opening if flow["opening_minor"] else []), *bands], out.width, unicode=out.unicode)


def _plot(flow: Record, out: Out) -> Iterator[Line]:
    periods, currency = flow["periods"], flow["currency"]
    wide = out.width >= WIDE
    amount = grouped if wide else short
    labels = [_label(period, flow["by"], wide) for period in periods]
    label = max(len(text) for text in labels)
    came = [f"+{amount(period['in_minor'], currency)}" if period["in_minor"] else "" for period in periods]
    balances = [amount(period["balance_minor"], currency) for period in periods]
    columns = max(len("in"), *(len(text) for text in came)), max(len("balance"), *(len(text) for text in balances))
    room = max(FEWEST, out.width - label - sum(columns) - 3 * GAP)
    base = min(0, flow["opening_minor"])
    most = max(1, *(period["balance_minor"] - base for period in periods), -base)
    yield [
        (" " * (label + GAP), ""),
        (f"{'in':>{columns[0]}}" + " " * GAP + f"{'balance':>{columns[1]}}", "header"),
    ]
    for period, name, in_, balance in zip(periods, labels, came, balances, strict=True):
        style = "overdue" if period["balance_minor"] < 0 else ""
        yield [
            *padded([(name, "")], label + GAP),
            (f"{in_:>{columns[0]}}" + " " * GAP, "muted"),
            (f"{balance:>{columns[1]}}" + " " * GAP, style),
            *_bar(period, flow["opening_minor"], base, most, room, out),
        ]


def _bar(period: Record, opening: int, base: int, most: int, room: int, out: Out) -> Line:
    """The balance: what there was, and each band that came on top of it; below zero with a mark where zero is."""
    bands = [
        (period["balance_orders_minor"] - opening, "orders"),
        (period["balance_recurring_minor"] - period["balance_orders_minor"], "recurring"),
        (period["balance_minor"] - period["balance_recurring_minor"], "deals"),
    ]
    parts = [(opening - base, OPENING, "muted"), *((value, SIGNS[band], STYLES[band]) for value, band in bands)]
    bar = stacked(parts, most, room, unicode=out.unicode)
    if base >= 0:
        return bar
    zero = min(room - 1, place(-base, most, room))
    cells = [(letter, style) for text, style in padded(bar, room) for letter in text]
    cells[zero] = ("│" if out.unicode else "|", "title")
    return cells


def _label(period: Record, by: str, wide: bool) -> str:
    day = date.fromisoformat(period["from"])
    if by == "month":
        return f"{MONTHS[day.month - 1]} {day.year}" if wide else period["id"]
    when = f"{day.day} {MONTHS[day.month - 1]}"
    return f"{period['id']}  {when:>6}" if wide else f"{when:>6}"


def _later(flow: Record) -> Iterator[str]:
    parts = [
        f"{BANDS[band]} {format_money(flow['later'][f'{band}_minor'], flow['currency'])}"
        for band in BANDS
        if flow["later"][f"{band}_minor"]
    ]
    if parts:
        yield f"after that: {', '.join(parts)}"
    if flow["undated"]:
        count = len(flow["undated"])
        which = ", ".join(flow["undated"][:5]) + (" …" if count > 5 else "")
        what = "open deal has" if count == 1 else "open deals have"
        yield f"{count} {what} no expected date and are not in it: {which}"
