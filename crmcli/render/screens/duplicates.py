"""Two records side by side: what speaks for their being one, what they share, and where they differ."""

from collections.abc import Sequence
from typing import NamedTuple

from crmcli.kernel.text import cell_width, safe
from crmcli.render.blocks import Drawing, Line, beside, indented, padded, rule, wrap, writable
from crmcli.render.console import draw
from crmcli.render.layout import GAP
from crmcli.render.loader import load
from crmcli.render.out import Out
from crmcli.render.values import flat, prose
from crmcli.render.view import Column, Record, View

# Below this many cells two values do not fit beside one another.
NARROW = 64
LABELS = 14
MOST_LINES = 4
# Columns that others say better, and what tells nothing of who it is.
_LEFT_OUT = (
    "id",
    "uid",
    "email",
    "phone",
    "url",
    "address",
    "company",
    "role",
    "place",
    "domain",
    "updated_at",
    "deleted_at",
)
STYLES = {"same": "muted", "different": "warning", "only": ""}


class Field(NamedTuple):
    """A field of both records: its label, and the texts of each; safe."""

    label: str
    first: list[str]
    second: list[str]

    def style(self, text: str, others: Sequence[str]) -> str:
        """The style of a text: muted where both have it (case aside), striking where both have something else."""
        if text.casefold() in [other.casefold() for other in others]:
            return STYLES["same"]
        return STYLES["different" if others else "only"]


def lines(pair: Record, first: Record, second: Record, out: Out) -> list[str]:
    """The screen of a pair and its two whole records."""
    fields = _fields(_view(pair["noun"]), first, second, out)
    narrow = out.width < NARROW or out.plain
    body = _stacked(fields, pair, out) if narrow else _columns(fields, pair, out)
    head = [_heading(pair, out)]
    for reason in pair["reasons"]:
        head += indented(
            wrap([(_shown(reason, out), "warning" if reason.startswith("but ") else "good")], out.width - 2), 2
        )
    return draw([Drawing([*head, *body], unicode=out.unicode)], out)


def _view(noun: str) -> View:
    found: View = load("views.contacts" if noun == "contact" else "views.companies").VIEW
    return found


def _heading(pair: Record, out: Out) -> Line:
    title = f"{pair['first']['id']} {pair['second']['id']}  {pair['score']} of 100"
    return [(title, "title")] if out.plain else rule(title, out.width)


def _fields(view: View, first: Record, second: Record, out: Out) -> list[Field]:
    found = []
    for column in view.columns:
        texts = [_texts(column, record, out) for record in (first, second)]
        if column.name not in _LEFT_OUT and any(texts) and texts != [["no"], ["no"]]:
            found.append(Field(column.title, *texts))
    return found


def _texts(column: Column, record: Record, out: Out) -> list[str]:
    """What a column says of a record, each entry of a list by itself."""
    value = column.value(record)
    if column.kind in ("list", "tags"):
        return [_shown(flat([entry]), out) for entry in value or ()]
    text = writable(prose(column, record, out.clock), out)
    return [text] if text else []


def _shown(text: str, out: Out) -> str:
    return writable(safe(text), out)


def _columns(fields: Sequence[Field], pair: Record, out: Out) -> list[Line]:
    labels = min(LABELS, max(cell_width(field.label) for field in fields))
    width = (out.width - labels - 2 * GAP) // 2
    heads = [[[(pair[side]["id"], "id")]] for side in ("first", "second")]
    whole = beside([([[]], labels), (heads[0], width), (heads[1], width)], GAP)
    for field in fields:
        sides = [(field.first, field.second), (field.second, field.first)]
        cells = [[line for text in texts for line in _wrapped(field, text, others, width)] for texts, others in sides]
        label = wrap([(field.label, "label")], labels)
        whole += beside([(label, labels), (cells[0], width), (cells[1], width)], GAP)
    return whole


def _wrapped(field: Field, text: str, others: Sequence[str], width: int) -> list[Line]:
    return wrap([(text, field.style(text, others))], width, MOST_LINES)


def _stacked(fields: Sequence[Field], pair: Record, out: Out) -> list[Line]:
    """The label on a line of its own, and below it each value with the id of its record, or `both`."""
    names = {side: str(pair[side]["id"]) for side in ("first", "second")}
    room = max(len("both"), *map(len, names.values()))
    whole: list[Line] = []
    for field in fields:
        entries = [("both", text) for text in field.first if text in field.second]
        entries += [(names["first"], text) for text in field.first if text not in field.second]
        entries += [(names["second"], text) for text in field.second if text not in field.first]
        whole.append([(field.label, "label")])
        for name, text in entries:
            others = field.second if name == names["first"] else field.first
            told = _wrapped(field, text, others, out.width - room - 2 - GAP)
            whole += indented(
                [[*padded([(name if place == 0 else "", "id")], room + GAP), *line] for place, line in enumerate(told)],
                2,
            )
    return whole
