"""The board of a pipeline for people: a column for each stage, or where they are too narrow one list below another."""

from collections.abc import Iterator, Sequence
from datetime import date

from crmcli.kernel.codes import format_money, minor_units
from crmcli.kernel.relative import date_label
from crmcli.kernel.text import cell_width, clip, safe
from crmcli.render.blocks import Drawing, Line, Span, beside, clipped, indented, wrap, writable
from crmcli.render.console import draw
from crmcli.render.out import Out
from crmcli.render.view import Record
from crmcli.render.views.deals import who

NARROWEST = 17
"""Cells of a column in which a card can be read."""
WIDEST = 34
GAP = 2
INDENT = 2
BAR = 16
UNITS = ((10**12, "T"), (10**9, "G"), (10**6, "M"), (10**3, "k"))


def write_board(board: Record, out: Out) -> None:
    """Write a board: the stages in which deals are open, and below them what was won and lost of late."""
    if out.plain:
        return out.emit(_plain(board, out))
    stages = [stage for stage in board["stages"] if stage["type"] == "open"]
    head: Line = [(writable(safe(str(board["name"])), out), "title"), ("  " + _counted(board), "muted")]
    width = (out.width - GAP * (len(stages) - 1)) // max(1, len(stages))
    body = _columns(stages, min(width, WIDEST), out) if width >= NARROWEST else _stacked(stages, out)
    lines: list[Line] = [*wrap(head, out.width), [], *body]
    closed = [part for stage in board["stages"] if stage["type"] != "open" and (part := _closed(stage, board, out))]
    if closed:
        lines += [[]] + [line for part in closed for line in wrap([part], out.width)]
    return out.emit(draw([Drawing(lines, unicode=out.unicode)], out))


# --- money in little room


def short_money(minor: int, currency: str, room: int) -> str:
    """An amount in at most `room` cells where that is possible: without decimals that are zero, then in thousands."""
    scale = 10 ** minor_units(currency)
    exact = format_money(minor, currency)
    if minor % scale == 0 and scale > 1:
        exact = f"{minor // scale:,} {currency}"
    if len(exact) <= room:
        return exact
    whole = abs(minor) // scale
    for size, letter in UNITS:
        if whole >= size:
            tenths = whole * 10 // size
            number = f"{tenths // 10}.{tenths % 10}" if tenths < 1000 else f"{tenths // 10}"
            return f"{'-' if minor < 0 else ''}{number}{letter} {currency}"
    return f"{'-' if minor < 0 else ''}{whole} {currency}"


def _counted(record: Record) -> str:
    count = record["count"]
    parts = [f"{count} deal" + ("" if count == 1 else "s")]
    for total in record["totals"]:
        amount = short_money(total["amount_minor"], total["currency"], 20)
        weighted = short_money(total["weighted_minor"], total["currency"], 20)
        parts.append(f"{amount} (weighted {weighted})")
    if record["rotting"]:
        parts.append(f"{record['rotting']} rotting")
    return ", ".join(parts)


def _closed(stage: Record, board: Record, out: Out) -> Span | None:
    """A line of what came into a closing stage of late."""
    if not stage["count"]:
        return None
    amounts = ", ".join(short_money(total["amount_minor"], total["currency"], 20) for total in stage["totals"])
    name = writable(safe(str(stage["name"])), out)
    told = f"{name} in {board['closed_days']} days: {stage['count']}" + (f", {amounts}" if amounts else "")
    return told, "good" if stage["type"] == "won" else "muted"


def _bar(stage: Record, most: dict[str, int], width: int, out: Out) -> list[Line]:
    """A bar for each currency, as long as the stage's share of the largest one."""
    full, lines = "█" if out.unicode else "#", []
    for total in stage["totals"]:
        largest = most.get(total["currency"], 0)
        cells = -(-total["amount_minor"] * width // largest) if largest else 0
        lines.append([(full * cells, "outbound")])
    return lines


def _most(stages: Sequence[Record]) -> dict[str, int]:
    found: dict[str, int] = {}
    for stage in stages:
        for total in stage["totals"]:
            found[total["currency"]] = max(found.get(total["currency"], 0), total["amount_minor"])
    return found


# --- columns side by side


def _columns(stages: Sequence[Record], width: int, out: Out) -> list[Line]:
    most = _most(stages)
    heads = [_head(stage, most, width, out) for stage in stages]
    tall = max(map(len, heads))
    blocks = []
    for stage, head in zip(stages, heads, strict=True):
        lines = [*head, *[[]] * (tall - len(head)), [("─" * width, "rule")]]
        for number, deal in enumerate(stage["deals"]):
            lines += [*([[]] if number else []), *_card(deal, width, out)]
        missing = stage["count"] - len(stage["deals"])
        if missing > 0:
            lines += [[], [(clip(f"and {missing} more", width), "muted")]]
        blocks.append((lines, width))
    return beside(blocks, GAP)


def _head(stage: Record, most: dict[str, int], width: int, out: Out) -> list[Line]:
    likely = f"{stage['probability']} %"
    name = clip(writable(safe(str(stage["name"])), out), width - len(likely) - 1)
    lines: list[Line] = [[(name, "title"), (" " * (width - cell_width(name) - len(likely)) + likely, "muted")]]
    rotting: Line = [(f", {stage['rotting']} rotting", "overdue")] if stage["rotting"] else []
    count = stage["count"]
    lines.append(clipped([(f"{count} deal" + ("" if count == 1 else "s"), ""), *rotting], width))
    bars = _bar(stage, most, width, out)
    for total, bar in zip(stage["totals"], bars, strict=True):
        amount = short_money(total["amount_minor"], total["currency"], width)
        weighted = short_money(total["weighted_minor"], total["currency"], width - 2)
        lines += [clipped([(amount, "")], width), clipped([(f"~ {weighted}", "muted")], width), bar]
    return lines


def _card(deal: Record, width: int, out: Out) -> list[Line]:
    lines = wrap([(writable(safe(str(deal["name"])), out), "title")], width, 2)
    customer = writable(safe(who(deal)), out)
    if customer:
        lines.append([(clip(customer, width), "")])
    if deal["amount_minor"] is not None:
        lines.append([(clip(short_money(deal["amount_minor"], deal["currency"], width), width), "")])
    lines.append(clipped([(str(deal["id"]), "id"), *_when(deal, out)], width))
    mark = _mark(deal)
    return [*lines, clipped([mark], width)] if mark else lines


def _when(deal: Record, out: Out) -> Line:
    if not deal["close_date"]:
        return []
    day = date.fromisoformat(deal["close_date"])
    late = day < out.clock.today()
    label = date_label(day, out.clock).partition(" ")[2]
    return [(f"  {label}", "warning" if late else "muted")]


def _mark(deal: Record) -> Span | None:
    """What wants to be looked at: that it rots, or that nothing is planned."""
    if deal["rotting"]:
        return f"rots, {deal['stage_days']} days here", "overdue"
    return None if deal["next"] else ("no next step", "warning")


# --- lists below one another


def _stacked(stages: Sequence[Record], out: Out) -> list[Line]:
    lines: list[Line] = []
    most = _most(stages)
    for number, stage in enumerate(stages):
        lines += [[]] if number else []
        lines += _stage_lines(stage, most, out)
        room = max((len(str(deal["id"])) for deal in stage["deals"]), default=0) + GAP
        for deal in stage["deals"]:
            lines += indented(_entry(deal, room, out), INDENT)
        missing = stage["count"] - len(stage["deals"])
        if missing > 0:
            lines += indented([[(f"and {missing} more", "muted")]], INDENT)
    return lines


def _stage_lines(stage: Record, most: dict[str, int], out: Out) -> Iterator[Line]:
    name = writable(safe(str(stage["name"])), out)
    count = stage["count"]
    told = f"  {stage['probability']} %, {count} deal" + ("" if count == 1 else "s")
    rotting: Line = [(f", {stage['rotting']} rotting", "overdue")] if stage["rotting"] else []
    yield from wrap([(name, "title"), (told, "muted"), *rotting], out.width)
    bars = _bar(stage, most, min(BAR, out.width // 3), out)
    for total, bar in zip(stage["totals"], bars, strict=True):
        amount = short_money(total["amount_minor"], total["currency"], 18)
        weighted = short_money(total["weighted_minor"], total["currency"], 18)
        yield from wrap([*bar, (f" {amount}", ""), (f", weighted {weighted}", "muted")], out.width)


def _entry(deal: Record, room: int, out: Out) -> list[Line]:
    """A deal with its customer, and below that its amount, its expected end, and what wants to be looked at."""
    width = out.width - INDENT - room
    customer: Line = [(f"({writable(safe(who(deal)), out)})", "muted")] if who(deal) else []
    texts = wrap([(writable(safe(str(deal["name"])), out) + " ", ""), *customer], width)
    parts: Line = []
    if deal["amount_minor"] is not None:
        parts.append((short_money(deal["amount_minor"], deal["currency"], width), ""))
    parts += [(text.strip(), style) for text, style in _when(deal, out)]
    mark = _mark(deal)
    parts += [mark] if mark else []
    below = [span for number, part in enumerate(parts) for span in ([(", ", "")] if number else []) + [part]]
    beside_id = beside([([[(str(deal["id"]), "id")]], room - GAP), (texts, width)], GAP)
    return [*beside_id, *indented(wrap(below, width), room)]


# --- lines to be read aloud


def _plain(board: Record, out: Out) -> Iterator[str]:
    yield f"Pipeline: {safe(str(board['name']))}, {_counted(board)}"
    for stage in board["stages"]:
        if stage["type"] != "open":
            continue
        yield ""
        yield f"Stage: {safe(str(stage['name']))}, {stage['probability']} %, {_counted(stage)}"
        for deal in stage["deals"]:
            parts = [safe(str(deal["name"])), safe(who(deal))]
            if deal["amount_minor"] is not None:
                parts.append(short_money(deal["amount_minor"], deal["currency"], 30))
            if deal["close_date"]:
                parts.append(f"close {date_label(date.fromisoformat(deal['close_date']), out.clock)}")
            mark = _mark(deal)
            parts += [mark[0]] if mark else []
            yield f"Deal: {deal['id']}, {', '.join(part for part in parts if part)}"
        missing = stage["count"] - len(stage["deals"])
        if missing > 0:
            yield f"And {missing} more"
    closed = [part for stage in board["stages"] if stage["type"] != "open" and (part := _closed(stage, board, out))]
    if closed:
        yield ""
        yield from (part[0][:1].upper() + part[0][1:] for part in closed)
