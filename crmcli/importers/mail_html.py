"""The text of an HTML message, in plain lines.

A scanner of tags of our own: for 60,000 letters of unclosed tags `html.parser` of Python 3.11 takes 30 seconds, and
four times that for twice as many. This one looks at no letter twice.
"""

import html
import re

MOST_HTML = 2_000_000
"""Letters that are read."""
DEEPEST_QUOTE = 10
LONGEST_LINK = 300
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<[!?][^<>]*+>"
    r"|<(/?)([a-zA-Z][a-zA-Z0-9:-]*+)((?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>"
    r"|<(/?)([a-zA-Z][a-zA-Z0-9:-]*+)([^<>]*+)>",  # quotes that are not closed
    re.DOTALL,
)
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
# Elements whose content is not shown, and where each ends.
_HIDDEN = {
    name: re.compile(f"</{name}", re.IGNORECASE)
    for name in ("script", "style", "head", "title", "template", "svg", "noscript", "object", "select", "textarea")
}
_PARAGRAPHS = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre", "hr"))
_LINE_NAMES = """
br div li tr dt dd dl address article aside footer form header main nav section center figure body html
"""
_LINES = frozenset(_LINE_NAMES.split())
# Invisible letters that newsletters put behind one another to fill a preview.
_FILLING = re.compile("(?:[\u034f\u00ad\u200b-\u200f\u2007\ufeff]\\s*){3,}")
_SPACES = re.compile(r"[ \t\r\n\f\v\xa0]+")


class _Page:
    """The lines of a page, as they come about."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.current: list[str] = []
        self.quote = 0
        self.link = ""
        self.linked = 0

    def text(self, text: str) -> None:
        """Add text to the line."""
        if text:
            self.current.append(text)

    def end_line(self) -> None:
        """End the line, unless nothing stands in it."""
        line = _SPACES.sub(" ", "".join(self.current)).strip()
        self.current = []
        if line:
            self.lines.append(self._mark() + line)
        self.linked = 0

    def end_paragraph(self) -> None:
        """End the line, and leave one blank before the next."""
        self.end_line()
        blank = self._mark().rstrip()
        if self.lines and not self.lines[-1].strip("> "):
            self.lines[-1] = min(self.lines[-1], blank, key=len)
        elif self.lines:
            self.lines.append(blank)

    def _mark(self) -> str:
        return "> " * min(self.quote, DEEPEST_QUOTE)


def text_of(page: str) -> str:
    """The text of an HTML page: a line for each block, `> ` before quoted ones, links behind what names them."""
    page = page[:MOST_HTML]
    made = _Page()
    unclosed: set[str] = set()  # they have no end further on, which is not looked for again
    place = 0
    while found := _TAG.search(page, place):
        made.text(html.unescape(page[place : found.start()]))
        place = found.end()
        name = (found[2] or found[5] or "").lower()
        closing = (found[1] or found[4]) == "/"
        if name in _HIDDEN:
            if not closing and name not in unclosed:
                end = _HIDDEN[name].search(page, place)
                if end is None:
                    unclosed.add(name)
                else:
                    place = end.start()
        elif name:
            _tag(made, name, found[3] or found[6] or "", closing)
    made.text(html.unescape(page[place:]))
    made.end_line()
    return _FILLING.sub(" ", "\n".join(made.lines)).strip()


def _tag(made: _Page, name: str, attributes: str, closing: bool) -> None:
    if name == "blockquote":
        made.end_paragraph()
        made.quote = max(0, made.quote + (-1 if closing else 1))
        if closing:
            made.end_paragraph()
    elif name in _PARAGRAPHS:
        made.end_paragraph()
    elif name in _LINES:
        made.end_line()
        if name == "li" and not closing:
            made.text("- ")
    elif name in ("td", "th"):
        made.text(" ")
    elif name == "a":
        _anchor(made, attributes, closing)


def _anchor(made: _Page, attributes: str, closing: bool) -> None:
    """Remember where a link leads, and tell it behind its text when that says something else."""
    if not closing:
        found = _HREF.search(attributes[:4000])
        link = html.unescape(found[1] or found[2] or found[3] or "").strip() if found else ""
        usable = link.lower().startswith(("http://", "https://")) and len(link) <= LONGEST_LINK
        made.link = link if usable and not re.search(r"[\s<>]", link) else ""
        made.linked = len(made.current)
    elif made.link:
        said = "".join(made.current[made.linked :]).strip()
        if said and said.rstrip("/") not in made.link:
            made.text(f" <{made.link}>")
        made.link = ""
