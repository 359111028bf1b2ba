"""Reading a command line as a shell does, up to the cursor, which may stand inside quotes."""

from collections.abc import Sequence

_SEPARATORS = ";|&()\n"
_ESCAPABLE = {'"': '\\"$`', "'": ""}


class Line:
    """The words before the one at the cursor, and that one.

    Attributes:
        words: without their quoting; the first is the program.
        current: the word at the cursor without its quoting.
        raw: the same as it was typed.
        quote: the quotation mark that is still open, or "".
        starts: for every character of `current` its place in `raw`.
        redirected: whether the word names a file for a redirection.
    """

    def __init__(
        self, words: Sequence[str], current: str, raw: str, quote: str, starts: Sequence[int], redirected: bool
    ) -> None:
        self.words = words
        self.current = current
        self.raw = raw
        self.quote = quote
        self.starts = starts
        self.redirected = redirected


def read(text: str, *, fish: bool = False) -> Line:
    """Read the last command of `text`, with the quoting of POSIX shells or of fish."""
    escapable = {**_ESCAPABLE, "'": "\\'"} if fish else _ESCAPABLE
    words: list[str] = []
    current: list[str] = []
    starts: list[int] = []
    begin, at, quote, redirected = 0, 0, "", False
    started = False
    while at < len(text):
        c = text[at]
        if quote:
            if c == quote:
                quote = ""
            elif c == "\\" and text[at + 1 : at + 2] and text[at + 1] in escapable[quote]:
                at += 1
                current.append(text[at])
                starts.append(at - 1 - begin)
            else:
                current.append(c)
                starts.append(at - begin)
        elif c in " \t" or c in _SEPARATORS or c in "<>":
            if started and not redirected:
                words.append("".join(current))
            redirected = c in "<>" or (redirected and not started)
            if c in _SEPARATORS:
                words, redirected = [], False
            current, starts, started, begin = [], [], False, at + 1
            at += 1
            continue
        elif c in ("'", '"'):
            quote = c
        else:
            if c == "\\" and at + 1 < len(text):
                at += 1
            current.append(text[at])
            starts.append(at - begin)
        started = True
        at += 1
    return Line(words, "".join(current), text[begin:], quote, starts, redirected)
