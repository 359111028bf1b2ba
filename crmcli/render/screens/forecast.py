"""A forecast on a terminal: what it comes to, groups with their ranges drawn, and what is apart from them."""

from collections.abc import Iterator, Sequence
from datetime import date

from crmcli.kernel.amounts import grouped, short
from crmcli.kernel.codes import format_money
from crmcli.kernel.relative import date_label
from crmcli.kernel.text import cell_width, clip, safe
from crmcli.render.bars import legend, ranged, stacked
from crmcli.render.blocks import Drawing, Line, indented, padded, wrap, writable
from crmcli.render.console import draw
from crmcli.render.layout import GAP
from crmcli.render.out import Out
from crmcli.render.view import Record
from crmcli.render.views.forecasts import title

CATEGORIES = (
    ("closed", "closed", "█", "good"),
    ("commit", "commit", "▓", "inbound"),
    ("best_case", "best case", "▒", "warning"),
    ("pipeline", "pipeline", "░", "muted"),
)
_NAMES = {name: word for name, word, _, _ in CATEGORIES}
LABELS = 18
FEWEST = 10
WIDE = 64
"""From so many cells on amounts are shown in full, with the ends of the range beside it."""
MOST_OVERDUE = 10


def write(forecast: Record, told: Sequence[str], out: Out) -> None:
    """Write a forecast; `told` are sentences about what is in none of its numbers."""
    lines = [*_head(forecast, out), [], *_categories(forecast, out)]
    if forecast["groups"]:
        lines += [[], *_groups(forecast, out)]
    if forecast["overdue"]:
        lines += [[], *_overdue(forecast, out)]
    notes = [*told, *_probabilities(forecast), *_exactness(forecast)]
    lines += [[], *(line for note in notes for line in wrap([(writable(safe(note), out), "muted")], out.width))]
    out.emit(draw([Drawing(lines, unicode=out.unicode)], out))


def _head(forecast: Record, out: Out) -> Iterator[Line]:
    currency = forecast["currency"]
    yield from wrap([(writable(safe(title(forecast)), out), "title")], out.width)
    count = forecast["deals"]
    what = "no open deals" if not count else f"{count:,} open deal{'' if count == 1 else 's'}"
    yield from wrap(
        [
            (f"{format_money(forecast['weighted_minor'], currency)} ", "title"),
            (f"weighted, of {what}; in 8 of 10 cases ", ""),
            (f"{grouped(forecast['p10_minor'], currency)} to {grouped(forecast['p90_minor'], currency)}", "title"),
            (f", half of the time above {grouped(forecast['p50_minor'], currency)}", ""),
        ],
        out.width,
    )


def _categories(forecast: Record, out: Out) -> Iterator[Line]:
    """One bar of all categories, and what they are."""
    parts = [(forecast[f"{name}_minor"], sign, style) for name, _, sign, style in CATEGORIES]
    most = sum(max(0, value) for value, _, _ in parts)
    bar = stacked(parts, most, out.width, unicode=out.unicode)
    if bar:
        yield bar
    currency = forecast["currency"]
    shown = [
        (sign, style, f"{word} {grouped(forecast[f'{name}_minor'], currency)}")
        for name, word, sign, style in CATEGORIES
    ]
    if forecast["omitted_minor"]:
        shown.append(("", "muted", f"omitted {grouped(forecast['omitted_minor'], currency)}"))
    yield from legend(shown, out.width, unicode=out.unicode)


def _groups(forecast: Record, out: Out) -> Iterator[Line]:
    groups, currency = forecast["groups"], forecast["currency"]
    wide = out.width >= WIDE
    amount = grouped if wide else short
    labels = [writable(safe(_NAMES.get(one["name"], one["name"])), out) for one in groups]
    label = min(LABELS if wide else FEWEST + 2, max(cell_width(text) for text in labels))
    weighted = [amount(one["weighted_minor"], currency) for one in groups]
    column = max(len("Weighted"), *(len(text) for text in weighted))
    ends = [_ends(one, currency, wide) for one in groups]
    beside = max(len(text) for text in ends)
    room = max(FEWEST, out.width - label - column - beside - 3 * GAP)
    most = max(one["p90_minor"] for one in groups)
    yield [(" " * (label + GAP), ""), (f"{'Weighted':>{column}}", "header"), (" " * GAP + "P10 to P90", "header")]
    for one, name, sum_, range_ in zip(groups, labels, weighted, ends, strict=True):
        style = "overdue" if one["name"] == "overdue" else ""
        bar = ranged(one["p10_minor"], one["p50_minor"], one["p90_minor"], most, room, unicode=out.unicode)
        line: Line = [*padded([(clip(name, label), style)], label + GAP), (f"{sum_:>{column}}" + " " * GAP, "")]
        yield [*line, *padded([(text, "good") for text, _ in bar], room + GAP), (f"{range_:>{beside}}", "muted")]


def _ends(group: Record, currency: str, wide: bool) -> str:
    low, high = group["p10_minor"], group["p90_minor"]
    if not high:
        return ""
    amount = grouped if wide else short
    return f"{amount(low, currency)}-{amount(high, currency)}"


def _overdue(forecast: Record, out: Out) -> Iterator[Line]:
    """The deals whose expected day is over: they are in no month."""
    found = forecast["overdue"]
    yield [(f"Expected before today, and still open: {len(found):,}", "overdue")]
    for one in found[:MOST_OVERDUE]:
        when = date_label(date.fromisoformat(one["close_date"]), out.clock)
        amount = format_money(one["amount_minor"], forecast["currency"])
        spans = [
            (one["id"], "id"),
            (f"  {when}  ", "warning"),
            (writable(safe(one["name"]), out), ""),
            (f"  {amount}", ""),
        ]
        yield from indented(wrap(spans, out.width - 2), 2)
    if len(found) > MOST_OVERDUE:
        yield [("  all of them: crm forecast --json, or crm deal list 'close_date<today'", "muted")]


def _probabilities(forecast: Record) -> Iterator[str]:
    for one in forecast["probabilities"]:
        stage = f"{one['pipeline']}/{one['stage']}: {one['probability']:g} %"
        if one["used"] == "measured":
            yield f"{stage}, since {one['won']} of {one['closed']} were won ({one['low']:g}–{one['high']:g} %)"
        else:
            closed = one["closed"]
            yield f"{stage}, as it is configured: {closed or 'none'} closed of those that entered, 10 would tell more"


def _exactness(forecast: Record) -> Iterator[str]:
    if forecast["deals"]:
        error = forecast["error_minor"]
        exact = f"; exact to {format_money(error, forecast['currency'])}" if error else ""
        yield f"The range takes deals to be won or lost independently of one another{exact}"
