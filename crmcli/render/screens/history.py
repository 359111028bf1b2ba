"""The history as prose, day by day, and one operation with its changes."""

from collections.abc import Iterator, Sequence
from datetime import date

from crmcli.kernel.clock import instant
from crmcli.kernel.relative import date_label, moment_label
from crmcli.kernel.text import cell_width, safe
from crmcli.render.blocks import Drawing, Line, Span, indented, padded, rule, wrap, writable
from crmcli.render.console import draw
from crmcli.render.out import Out
from crmcli.render.view import Record

# Below this many cells what was done stands below when it was.
NARROW = 60
MOST_LINES = 3
MOST_LINES_OF_VALUE = 6


def lines(records: Sequence[Record], sentences: Sequence[str], out: Out) -> list[str]:
    """The operations, the newest first, each with what it did."""
    found: list[Line] = []
    shown: date | None = None
    ids = max((len(record["id"]) for record in records), default=0)
    for record, sentence in zip(records, sentences, strict=True):
        local = out.clock.local(instant(record["at"]))
        if local.date() != shown:
            shown = local.date()
            day = date_label(shown, out.clock)
            found += [[], rule(day, out.width)] if found else [rule(day, out.width)]
        found += _entry(record, sentence, f"{local:%H:%M}", ids, out)
    return draw([Drawing(found, unicode=out.unicode)], out)


def _entry(record: Record, sentence: str, time: str, ids: int, out: Out) -> list[Line]:
    gone = bool(record["undone_by"])
    actor = "you" if record["mine"] else record["actor"]
    told: list[Span] = [(_shown(f"{actor} {sentence}", out), "muted" if gone else "")]
    if gone:
        told.append((f"  taken back by {record['undone_by']}", "warning"))
    head: Line = [(time, "label"), ("  ", ""), *padded([(record["id"], "id")], ids), ("  ", "")]
    if out.width < NARROW:
        return [head[:-1], *indented(wrap(told, out.width - 2, MOST_LINES), 2)]
    beginning = 5 + 2 + ids + 2
    body = wrap(told, out.width - beginning, MOST_LINES)
    return [[*head, *body[0]], *indented(body[1:], beginning)]


def one(record: Record, sentence: str, fields: Sequence[Record], out: Out) -> list[str]:
    """One operation: who did what and when, and each field before and after."""
    when = moment_label(instant(record["at"]), out.clock)
    actor = "you" if record["mine"] else record["actor"]
    head = [(_shown(record["command"], out), "title"), (f"  {record['id']}", "id")]
    found = [*wrap(head, out.width), *wrap([(_shown(f"{when}  {actor} {sentence}", out), "")], out.width)]
    if record["undone_by"]:
        found.append([(f"taken back by {record['undone_by']}", "warning")])
    for group in _groups(fields):
        first = group[0]
        title = f"{first['action']} {first['what']}" + (f" of {first['id']}" if first["id"] else "")
        found += [[], rule(_shown(title, out), out.width)]
        for field in group:
            found += _field(field, out)
    return draw([Drawing(found, unicode=out.unicode)], out)


def _groups(fields: Sequence[Record]) -> Iterator[list[Record]]:
    """The fields of each row."""
    group: list[Record] = []
    for field in fields:
        if group and (field["what"], field["row"]) != (group[-1]["what"], group[-1]["row"]):
            yield group
            group = []
        group.append(field)
    if group:
        yield group


def _field(field: Record, out: Out) -> list[Line]:
    if field["action"] == "erased":
        return indented([[("its words were erased", "muted")]], 2)
    label = str(field["field"]).replace("_", " ")
    parts: list[Span] = []
    if field["action"] != "added":
        parts.append((_value(field["before"], out), "muted"))
    if field["action"] == "changed":
        parts.append(("->" if not out.unicode else " → ", ""))
    if field["action"] != "removed":
        parts.append((_value(field["after"], out), ""))
    room = max(12, min(22, out.width // 3))
    if cell_width(label) > room or out.width < NARROW:
        body = wrap(parts, out.width - 4, MOST_LINES_OF_VALUE)
        return [*indented([[(label, "label")]], 2), *indented(body, 4)]
    body = wrap(parts, out.width - room - 4, MOST_LINES_OF_VALUE)
    return indented([[*padded([(label, "label")], room), ("  ", ""), *body[0]], *indented(body[1:], room + 2)], 2)


def _value(value: object, out: Out) -> str:
    return "none" if value is None else _shown(str(value), out)


def _shown(text: str, out: Out) -> str:
    return writable(safe(text), out)
