"""Goals on a terminal: how much of each is reached, what is needed, and where it is likely to end."""

from collections.abc import Iterator, Sequence
from datetime import date

from crmcli.kernel.amounts import grouped
from crmcli.kernel.codes import format_money
from crmcli.kernel.relative import date_label
from crmcli.kernel.text import safe
from crmcli.render.blocks import Drawing, Line, indented, wrap, writable
from crmcli.render.console import draw
from crmcli.render.out import Out
from crmcli.render.view import Record
from crmcli.render.views.goals import METRICS, STYLES, called

INDENT = 2
WIDEST = 60
"""A bar is not longer, however wide the terminal is."""


def write(goals: Sequence[Record], out: Out) -> None:
    """Write goals, one below the other."""
    lines: list[Line] = []
    for goal in goals:
        lines += [[], *_goal(goal, out)]
    out.emit(draw([Drawing(lines[1:], unicode=out.unicode)], out))


def _goal(goal: Record, out: Out) -> Iterator[Line]:
    currency, state = goal["currency"], goal["state"]
    until = date_label(date.fromisoformat(goal["ends_on"]), out.clock)
    days = goal["days_left"]
    left = f", {days} day{'' if days == 1 else 's'} left" if days else ""
    yield from wrap(
        [
            (goal["id"], "id"),
            ("  " + writable(safe(called(goal)), out), "title"),
            (f"  {format_money(goal['amount_minor'], currency)} {METRICS[goal['metric']]} until {until}{left}", ""),
        ],
        out.width,
    )
    yield from indented([_bar(goal, out)], INDENT)
    for sentence in _sentences(goal):
        yield from indented(wrap([(sentence, "")], out.width - INDENT), INDENT)
    if state != "running":
        yield [(" " * INDENT + state, STYLES[state])]


def _bar(goal: Record, out: Out) -> Line:
    """What is reached, with a mark where the time is."""
    words = f" {goal['percent']} %"
    width = max(8, min(WIDEST, out.width - INDENT - len(words)))
    done = min(width, goal["percent"] * width // 100)
    now = min(width - 1, goal["elapsed_percent"] * width // 100)
    full, empty, mark = "█░│" if out.unicode else "#-|"
    running = goal["state"] == "running"
    line: Line = [(full * done, "good"), (empty * (width - done), "muted")]
    if running:
        style = "good" if done > now else "overdue"
        before, after = (full * min(done, now) + empty * max(0, now - done)), max(0, done - now - 1)
        line = [
            (before[:done], "good"),
            (before[done:], "muted"),
            (mark, style),
            (full * after, "good"),
            (empty * (width - now - 1 - after), "muted"),
        ]
    return [*((text, style) for text, style in line if text), (words, "title")]


def _sentences(goal: Record) -> Iterator[str]:
    currency = goal["currency"]
    so_far = f"{grouped(goal['closed_minor'], currency)} so far"
    if goal["pace_minor"] is not None:
        so_far += f", {grouped(goal['pace_minor'], currency)} a week"
    if goal["left_minor"] and goal["pace_needed_minor"] is not None:
        so_far += (
            f"; {grouped(goal['left_minor'], currency)} to go, {grouped(goal['pace_needed_minor'], currency)} a week"
        )
    elif goal["left_minor"]:
        so_far += f"; {grouped(goal['left_minor'], currency)} were missing"
    yield so_far
    low, middle, high = (goal[f"landing_{name}_minor"] for name in ("p10", "p50", "p90"))
    if goal["days_left"] and middle is not None:
        if low is None:
            yield f"at this pace it ends at {grouped(middle, currency)}"
        else:
            yield (
                f"with the open deals it ends at {grouped(middle, currency)};"
                f" in 8 of 10 cases from {grouped(low, currency)} to {grouped(high, currency)}"
            )
