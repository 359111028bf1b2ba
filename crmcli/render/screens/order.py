"""One order for people: what was ordered, what it comes to, how it is paid and how it went on."""

from collections.abc import Iterator
from datetime import date

from crmcli.kernel.clock import instant
from crmcli.kernel.codes import format_money
from crmcli.kernel.relative import date_label, moment_label
from crmcli.kernel.text import cell_width, safe
from crmcli.render.blocks import Drawing, Line, clipped, indented, padded, rule, wrap, writable
from crmcli.render.console import draw
from crmcli.render.out import Out
from crmcli.render.sheet import heading
from crmcli.render.view import Record
from crmcli.render.views.orders import FINANCIAL, STYLES, VIEW, money, who, who_id, words

GAP = 2
NARROW = 56
"""With fewer cells than this a line stands on two lines: what it is, and what it costs."""


def write(record: Record, out: Out) -> None:
    """Draw the order as wide as the terminal is."""
    width = min(out.width, 110)
    lines = [
        *heading(writable(safe(VIEW.title(record)), out), record, width),
        *_head(record, out, width),
        [],
        *_goods(record, out, width),
        *_sums(record, width),
        *_more(record, out, width),
    ]
    out.emit(draw([Drawing(lines, unicode=out.unicode)], out))


def _head(record: Record, out: Out, width: int) -> Iterator[Line]:
    status = [(words(record["status"]), STYLES[record["status"]])]
    status += [(" · ", "muted"), (words(record["financial_status"]), FINANCIAL.get(record["financial_status"], ""))]
    yield from wrap([*status, (" · ", "muted"), (words(record["fulfillment_status"]), "muted")], width)
    days = [f"ordered {_day(record['ordered_on'], out)}"]
    for name in ("shipped", "delivered", "returned", "cancelled"):
        if record[f"{name}_on"]:
            days.append(f"{name} {_day(record[f'{name}_on'], out)}")
    yield from _list(days, width)
    if record["due_on"] and record["unpaid_minor"]:
        late = "overdue since" if record["overdue"] else "to be paid by"
        told = f"{money(record, 'unpaid')} {late} {_day(record['due_on'], out)}"
        yield from wrap([(told, "overdue" if record["overdue"] else "warning")], width)
    facts = [who_id(record), record["deal"] and f"of {record['deal']['id']}", record["source"], record["owner"]]
    party = f"{who(record)} ({facts[0]})" if facts[0] else "the customer was erased"
    rest = [str(fact) for fact in facts[1:] if fact]
    yield from _list([writable(safe(text), out) for text in (party, *rest)], width)


def _list(texts: list[str], width: int) -> Iterator[Line]:
    """Texts with dots between, as many on a line as there is room for; the texts are safe."""
    line = ""
    for text in texts:
        longer = f"{line} · {text}" if line else text
        if line and cell_width(longer) > width:
            yield from wrap([(line, "")], width)
            longer = text
        line = longer
    yield from wrap([(line, "")], width)


def _day(text: str, out: Out) -> str:
    return date_label(date.fromisoformat(text), out.clock)


def _goods(record: Record, out: Out, width: int) -> Iterator[Line]:
    if not record["lines"]:
        return
    rows = [_cells(one, record["currency"], out) for one in record["lines"]]
    room = [max(cell_width(row[place]) for row in rows) for place in range(4)]
    for row, one in zip(rows, record["lines"], strict=True):
        style = "muted" if one["return_of"] else ""
        number, quantity, price, amount = (text.rjust(cells) for text, cells in zip(row[:4], room, strict=True))
        name, notes = row[4], row[5]
        if width < NARROW:
            yield from wrap([(f"{number.strip()} ", "muted"), (name, style)], width)
            right = f"{quantity.strip()} x {price.strip()}"
            yield [*padded([(f"  {right}", style)], width - room[3]), (amount, style)]
        else:
            left: Line = [(f"{number}{' ' * GAP}{quantity} x{' ' * GAP}", "muted"), (name, style)]
            right = f"{price}{' ' * GAP}{amount}"
            inner = width - cell_width(right) - GAP
            yield [*padded(clipped(left, inner), inner + GAP), (right, style)]
        if notes:
            yield from indented(wrap([(notes, "muted")], width - 6), 6)
    yield [("─" * width, "rule")]


def _cells(one: Record, currency: str, out: Out) -> tuple[str, str, str, str, str, str]:
    """Number, quantity, price, amount, name and what else is to be said of a line."""
    notes = []
    if one["discount_minor"]:
        notes.append(f"less {_bare(one['discount_minor'], currency)}")
    if one["tax_rate"]:
        notes.append(f"tax {one['tax_rate']}: {_bare(one['tax_minor'], currency)}")
    if one["return_of"]:
        notes.append(f"return of {one['return_of']}, {_day(one['returned_on'], out)}")
    elif one["shipped"] not in ("0", one["quantity"]):
        notes.append(f"{one['shipped']} sent")
    sku = f"  {one['sku']}" if one["sku"] else ""
    name = writable(safe(f"{one['name']}{sku}"), out)
    price, amount = (_bare(one[name], currency) for name in ("unit_price_minor", "amount_minor"))
    return str(one["line"]), one["quantity"], price, amount, name, " · ".join(notes)


def _bare(minor: int, currency: str) -> str:
    """An amount for a person in a table that is all in one currency."""
    return format_money(minor, currency).removesuffix(f" {currency}")


def _sums(record: Record, width: int) -> Iterator[Line]:
    back = sum(one["amount_minor"] for one in record["lines"] if one["return_of"])
    rows = [("Lines", record["subtotal_minor"] - back, "")]
    if record["discount_minor"]:
        rows.append(("Discount", -record["discount_minor"], ""))
    if back:
        rows.append(("Returned", back, ""))
    if record["shipping_minor"]:
        rows.append(("Shipping", record["shipping_minor"], ""))
    if record["tax_minor"] and not record["tax_included"]:
        rows.append(("Tax", record["tax_minor"], ""))
    rows = rows if len(rows) > 1 else []
    rows.append(("Total", record["total_minor"], "title"))
    if record["tax_minor"] and record["tax_included"]:
        rows.append(("of it tax", record["tax_minor"], "muted"))
    if record["payments"] or record["paid_minor"]:
        rows.append(("Paid", record["paid_minor"], "good"))
        if record["unpaid_minor"]:
            rows.append(("Still to pay", record["unpaid_minor"], "overdue" if record["overdue"] else "warning"))
    told_of = [format_money(amount, record["currency"]) for _, amount, _ in rows]
    room = max(map(cell_width, told_of))
    for (label, _, style), told in zip(rows, (text.rjust(room) for text in told_of), strict=True):
        yield [*padded([(label.rjust(max(0, width - cell_width(told) - GAP)), "label")], width - cell_width(told)),
               (told, style)]  # fmt: skip


def _more(record: Record, out: Out, width: int) -> Iterator[Line]:
    currency = record["currency"]
    blocks: list[tuple[str, list[str]]] = [
        ("Payments", [_payment(one, currency, out) for one in record["payments"]]),
        ("Comes again", [", ".join(_day(one, out) for one in record["coming"])] if record["coming"] else []),
        ("Promised", [f"{one['id']} {one['subject']} ({one['status']})" for one in record["followups"]]),
        ("Cases", [f"{one['id']} {one['subject']} ({words(one['status'])})" for one in record["cases"]]),
        ("Logged", [_logged(one, out) for one in record["interactions"]]),
        ("Note", (record["note"] or "").splitlines()),
        ("Fields", [f"{key}: {value}" for key, value in record["custom"].items()]),
        ("History", [_change(one, currency, out) for one in record["history"]]),
    ]
    if record["recurrence"] and record["coming"]:  # a cancelled one ends its series
        blocks[1][1].insert(0, record["recurrence"]["words"])
    for title, texts in blocks:
        if texts:
            yield []
            yield rule(title, width)
            for text in texts:
                first, *rest = wrap([(writable(safe(text), out), "")], width - GAP) or [[]]
                yield from (first, *indented(rest, GAP))


def _payment(one: Record, currency: str, out: Out) -> str:
    amount = format_money(one["amount_minor"], currency)
    told = amount if one["amount_minor"] >= 0 else f"{amount.removeprefix('-')} given back"
    return " · ".join(filter(None, (_day(one["paid_on"], out), told, one["method"], one["reference"])))


def _logged(one: Record, out: Out) -> str:
    text = one["subject"] or (one["body"] or "").partition("\n")[0] or one["channel"]
    when = moment_label(instant(one["occurred_at"]), out.clock)
    return f"{one['id']} {when} {one['direction']} {words(one['channel'])}: {text[:200]}"


def _amount(plain: str) -> str:
    """An amount as it is in data, for a person: 1234.50 is "1,234.50"."""
    whole, point, part = plain.removeprefix("-").partition(".")
    return f"{'-' if plain[:1] == '-' else ''}{int(whole):,}{point}{part}"


def _change(entry: Record, currency: str, out: Out) -> str:
    told = []
    for name, change in entry["changes"].items():
        label = {"financial_status": "payment", "fulfillment_status": "sent"}.get(name, name)
        tell, unit = (_amount, f" {currency}") if name in ("total", "paid") else (words, "")
        before, after = (tell(str(change[side])) if change[side] is not None else None for side in ("from", "to"))
        told.append(f"{label} {after}{unit}" if before is None else f"{label} {before} → {after}{unit}")
    when = moment_label(instant(entry["at"]), out.clock)
    return f"{when} {entry['by']}, {entry['command']}: {'; '.join(told)}"
