"""Laying out styled text by hand: wrapped, in aligned rows, in columns side by side.

A screen of many small pieces is drawn several times faster this way than as tables within tables.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment

from crmcli.kernel.text import cell_width, clip, safe
from crmcli.render.layout import GAP
from crmcli.render.out import Out

Span = tuple[str, str]
"""Text that is safe already, and the name of its style."""

Line = list[Span]
"""What stands on one line of the screen."""

_GLYPHS = str.maketrans({"…": "~", "─": "-", "·": "|", "←": "<", "→": ">", "—": "-", "•": "*", "“": '"', "”": '"'})


def as_ascii(text: str) -> str:
    """`text` for a terminal that has ASCII alone: our own signs in its letters, all else as backslash escapes."""
    return text.translate(_GLYPHS).encode("ascii", "backslashreplace").decode("ascii")


def writable(text: str, out: Out) -> str:
    """Safe text in the characters that the terminal has; to be measured as such."""
    return text if out.unicode else as_ascii(text)


def cells(line: Line) -> int:
    """The cells that a line takes."""
    return sum(cell_width(text) for text, _ in line)


class Drawing:
    """Lines as something that Rich prints: as they are, all wrapping being done. What is not safe is escaped."""

    def __init__(self, lines: Sequence[Line], *, unicode: bool) -> None:
        self.lines = lines
        self.unicode = unicode

    def __rich_console__(self, console: Console, _options: ConsoleOptions) -> RenderResult:
        """The segments of all lines."""
        for line in self.lines:
            for text, style in line:
                shown = safe(text if self.unicode else text.translate(_GLYPHS))
                yield Segment(shown, console.get_style(style) if style else None)
            yield Segment.line()


def wrap(spans: Sequence[Span], width: int, most: int = 0) -> list[Line]:
    """The spans broken into lines between words, and within words that are longer than a line.

    With `most`, that many lines at most, the last of them ending in "…" when something was left out.
    """
    if cells(list(spans)) <= width and not any("\n" in text for text, _ in spans):
        return [list(spans)]
    lines: list[Line] = [[]]
    used = 0
    for word, style, gap in _words(spans):
        if word == "\n":
            lines.append([])
            used = 0
            continue
        space = " " if gap and used else ""
        if used + len(space) + cell_width(word) > width and used:
            lines.append([])
            used, space = 0, ""
        while cell_width(word) > width:
            piece = _head(word, width)
            lines[-1].append((piece, style))
            lines.append([])
            word = word[len(piece) :]
        lines[-1].append((space + word, style))
        used += len(space) + cell_width(word)
        if most and len(lines) > most:
            break
    return lines if not most or len(lines) <= most else [*lines[: most - 1], _cut(lines[most - 1], width)]


def _words(spans: Sequence[Span]) -> Iterator[tuple[str, str, bool]]:
    """Each word with its style and whether a space parts it from the one before; a line end is a word of its own."""
    gap = False
    for text, style in spans:
        for number, paragraph in enumerate(text.split("\n")):
            if number:
                yield "\n", "", False
                gap = False
            for place, word in enumerate(paragraph.split(" ")):
                gap = gap or place > 0
                if word:
                    yield word, style, gap
                    gap = False


def _head(word: str, width: int) -> str:
    """As much of a word as fits, and at least one character."""
    return clip(word, width + 1).removesuffix("…") or word[0]


def _cut(line: Line, width: int) -> Line:
    """The line with a sign that something was left out."""
    text, style = line[-1] if line else ("", "")
    return clipped([*line[:-1], (text + "…", style)], width)


def clipped(line: Line, width: int) -> Line:
    """The line cut to `width` cells."""
    if cells(line) <= width:
        return line
    kept: Line = []
    for text, style in line:
        room = width - cells(kept)
        kept.append((clip(text, room), style))
        if cell_width(text) > room:
            break
    return kept


def padded(line: Line, width: int) -> Line:
    """The line with blanks up to `width` cells."""
    return [*line, (" " * max(0, width - cells(line)), "")]


def indented(lines: Sequence[Line], by: int) -> list[Line]:
    """The lines further to the right."""
    return [[(" " * by, ""), *line] for line in lines]


def rule(title: str, width: int) -> Line:
    """The title of a block, and a line to its right."""
    return [(title + " ", "title"), ("─" * max(0, width - cell_width(title) - 1), "rule")]


def beside(blocks: Sequence[tuple[list[Line], int]], gap: int) -> list[Line]:
    """Blocks side by side, each with its width."""
    height = max(len(lines) for lines, _ in blocks)
    whole: list[Line] = []
    for number in range(height):
        line: Line = []
        for place, (lines, width) in enumerate(blocks):
            part = lines[number] if number < len(lines) else []
            last = place == len(blocks) - 1
            line += part if last else [*padded(part, width), (" " * gap, "")]
        whole.append(line)
    return whole


class Row(NamedTuple):
    """A row of a list: cells, of which the one at `flexible` wraps, and an aside that follows the text of that one."""

    cells: list[Line]
    aside: Line
    flexible: int

    def text(self, width: int, most: int) -> list[Line]:
        """The flexible cell and the aside on `most` lines; the aside is kept, and the cell cut as far as it must be."""
        whole = self.cells[self.flexible]
        room = most * width - cells(self.aside)
        while len(found := wrap([*whole, *self.aside], width)) > most and room > width // 2:
            whole = clipped(self.cells[self.flexible], room)
            room -= 3
        return found if len(found) <= most else wrap([*whole, *self.aside], width, most)


def grid(rows: Sequence[Row], width: int, *, most: int = 2, widest: int = 28) -> list[Line]:
    """Rows in aligned columns; the flexible one takes the room that is left, on `most` lines at most."""
    flexible = rows[0].flexible
    natural = [max(cells(row.cells[place]) for row in rows) for place in range(len(rows[0].cells))]
    natural[flexible] = max(cells(row.cells[flexible]) + cells(row.aside) for row in rows)
    widths = [min(wanted, widest) for wanted in natural]
    shown = [place for place, wanted in enumerate(natural) if wanted or place == flexible]
    others = sum(widths[place] for place in shown if place != flexible)
    widths[flexible] = min(natural[flexible], max(10, width - others - GAP * (len(shown) - 1)))
    whole: list[Line] = []
    for row in rows:
        parts = [
            row.text(widths[place], most) if place == flexible else [clipped(row.cells[place], widths[place])]
            for place in shown
        ]
        whole += beside([(part, widths[place]) for part, place in zip(parts, shown, strict=True)], GAP)
    return whole


def labelled(rows: Sequence[tuple[str, list[Line]]], labels: int) -> list[Line]:
    """Lines beside their labels; a label that repeats the one above is left out."""
    whole: list[Line] = []
    before = ""
    for label, lines in rows:
        for number, line in enumerate(lines):
            shown = label if number == 0 and label != before else ""
            whole.append([*padded([(clip(shown, labels), "label")], labels + GAP), *line])
        before = label
    return whole


def inline_markdown(text: str) -> list[Line]:
    """Lines of Markdown with headings, bullets, **strong** and `code` shown as such, and all else as it is written.

    Reading Markdown whole costs more than all the rest of a screen; `crm contact show` does it.
    """
    return [_inline(line) for line in text.split("\n")]


def _inline(line: str) -> Line:
    hashes = line[: len(line) - len(line.lstrip("#"))]
    if hashes and line[len(hashes) :].startswith(" "):
        return [(line[len(hashes) + 1 :], "title")]
    bare = line.lstrip()
    if bare[:2] in ("- ", "* ", "+ "):
        line = line[: len(line) - len(bare)] + "• " + bare[2:]
    spans: Line = []
    for strong, part in enumerate(_pairs(line, "**")):
        for code, piece in enumerate(_pairs(part, "`")):
            spans.append((piece, "id" if code % 2 else "title" if strong % 2 else ""))
    return spans


def _pairs(text: str, mark: str) -> list[str]:
    """The parts between pairs of a mark; the text as it is when the marks do not pair."""
    parts = text.split(mark)
    return parts if len(parts) % 2 else [text]
