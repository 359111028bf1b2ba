"""A notice as plain text, for mail and terminals: lines of at most 72 columns, except for longer words."""

from collections.abc import Iterator

from crmcli.kernel.text import FIRST_IDEOGRAPH, cell_width, clip
from crmcli.services.notices.letter import Entry, Letter, Section

# RFC 3676, 4.2: quoted a few times, a mail still fits 78.
WIDTH = 72
INDENT = "  "


def write(page: Letter) -> str:
    """All of it."""
    lines = [*_wrapped(page.heading), page.moment]
    for section in page.sections:
        lines += ["", *_section(section)]
    if page.foot:
        lines += ["", f"Not now? {page.foot}"]
    return "".join(f"{line}\n" for line in lines)


def _section(section: Section) -> Iterator[str]:
    if section.title:
        yield section.title
        yield "-" * cell_width(section.title)
    for number, entry in enumerate(section.entries):
        if number:
            yield ""
        yield from _entry(entry)
    if section.more:
        yield ""
        yield f"... and {section.more} more: {section.command}"


def _entry(entry: Entry) -> Iterator[str]:
    mark = f" [{entry.mark}]" if entry.mark else ""
    yield from _wrapped(entry.headline + mark, "", INDENT)
    phrases = filter(None, (*entry.details, entry.late, *entry.notes))
    yield from _wrapped(", ".join(phrases) + (f": {entry.said}" if entry.said else ""), INDENT, INDENT)
    yield f"{INDENT}$ {entry.command}"


def _wrapped(text: str, first: str = "", others: str = INDENT) -> Iterator[str]:
    """The lines of a text. Words stay whole, so that an address can be followed, but for scripts without spaces."""
    line, begun = first, False
    for word in _words(text):
        gap = " " if begun else ""
        if begun and cell_width(line) + len(gap) + cell_width(word) > WIDTH:
            yield line
            line, gap = others, ""
        line += gap + word
        begun = True
    yield line


def _words(text: str) -> Iterator[str]:
    room = WIDTH - len(INDENT)
    for word in text.split(" "):
        while cell_width(word) > room and max(word) >= FIRST_IDEOGRAPH:
            head = clip(word, room).removesuffix("…")
            yield head
            word = word[len(head) :]
        yield word
