"""What a search found, for a terminal: a heading for each record, and below it the words in their surroundings."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from crmcli.kernel.clock import instant
from crmcli.kernel.page import Page
from crmcli.kernel.relative import ago
from crmcli.kernel.text import cell_width, clip, safe
from crmcli.render.blocks import writable
from crmcli.render.console import draw
from crmcli.render.layout import GAP
from crmcli.render.out import Out
from crmcli.render.view import Record

MATCH = "bold yellow"
# The part of a line that what stands before the first match may take.
_BEFORE_MATCH = 3


def lines(page: Page, out: Out) -> list[str]:
    """The lines to write; those of a colour terminal have the searched words marked."""
    indent = max(len(str(record["id"])) for record in page.items) + GAP
    return draw((part for record in page.items for part in _entry(record, indent, out)), out)


def _entry(record: Record, indent: int, out: Out) -> Iterator[RenderableType]:
    heading = _line(f"{record['id']:{indent}}", "id")
    yield heading.append_text(_heading(record, out.width - indent, out))
    if record["snippet"] and not _in_heading(record):
        label = " " * indent + writable(safe(record["place"].replace("_", " ")), out) + " " * GAP
        room = out.width - cell_width(label)
        yield _line(label, "label").append_text(_marked(record["snippet"], record["marks"], room, out))


def _line(text: str, style: str) -> Text:
    return Text(no_wrap=True, overflow="crop").append(text, style=style)


def _in_heading(record: Record) -> bool:
    return bool(record["snippet"] == record["name"] or record["place"] == "id")


def _heading(record: Record, room: int, out: Out) -> Text:
    """The name; then whose it is and when, as far as there is room."""
    dot = writable(" · ", out)
    when = ago(instant(record["at"]), out.clock) if record["at"] else ""
    status = (record["status"] or "").replace("_", " ")
    if record["noun"] == "followup":
        when, status = (when if status == "open" else status), ""
    whose = record["who"]["name"] if record["who"] else ""
    rest = "".join(dot + writable(safe(part), out) for part in (whose, status, when) if part)
    rest = writable(clip(rest, room // 2), out)
    marks = record["marks"] if _in_heading(record) else []
    name = _marked(record["name"], marks, room - cell_width(rest), out, style="title")
    return name.append(rest, style="muted")


def _marked(snippet: str, marks: list[list[int]], room: int, out: Out, style: str = "") -> Text:
    """The text with its marks, cut to `room` cells around the first of them."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for start, end in marks:
        pieces += [(writable(safe(snippet[at:start]), out), False), (writable(safe(snippet[start:end]), out), True)]
        at = end
    pieces.append((writable(safe(snippet[at:]), out), False))
    before = pieces[0][0] if marks else ""
    if cell_width("".join(text for text, _ in pieces)) > room and len(before) > room // _BEFORE_MATCH:
        kept = before[-(room // _BEFORE_MATCH) :]
        pieces[0] = (writable("…", out) + (kept.partition(" ")[2] or kept), False)
    text = Text()
    for piece, marked in pieces:
        cut = writable(clip(piece, room - text.cell_len), out)
        text.append(cut, style=MATCH if marked else style)
        if cut != piece:
            break
    return text
