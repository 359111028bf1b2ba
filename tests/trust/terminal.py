"""What may reach a terminal, or a file that somebody will look at, and what may not."""

import re

from tests.trust import naughty

UNSAFE = frozenset(naughty.unsafe())
# How prompts hide the cursor, keep lines whole, ask for pasted text in one piece, and set off the question.
PROMPTS = re.compile("\x1b\\[\\?(?:1|7|12|25|2004)[hl]|\x1b\\[(?:0(?:;[0-9]+)*m|J|6n|[0-9]*[A-D]|[0-9]*[KGJ])|[\r\b]")
# What our own theme uses, and what Markdown is drawn with: bold, dim, italic, underlined, struck out, the eight colours
# in their two shades, black behind code. The hostile texts have others, too.
_STYLE = "(?:[12349]|[39][0-7]|40)"
COLOURS = re.compile(f"\x1b\\[(?:0|{_STYLE}(?:;{_STYLE})*)m")


class Form:
    """A way in which output is asked for.

    Attributes:
        words: what is added to the command.
        terminal: whether it is looked at on a terminal; of how many columns.
        asks: whether a person is there to answer, who then leaves.
        allowed: characters that belong to the form.
        environ: variables that belong to it, besides.
    """

    def __init__(
        self, *words: str, terminal: int = 0, asks: bool = False, allowed: str = "\n", **environ: str | None
    ) -> None:
        self.words = words
        self.terminal = terminal
        self.asks = asks
        self.allowed = allowed
        self.environ = environ

    def unsafe(self, text: str) -> str:
        """The first unsafe character of an output with what stands around it, or ""."""
        if "--color" in self.words:
            text = COLOURS.sub("", text)
        if self.asks:
            text = PROMPTS.sub("", text)
        found = (set(text) & UNSAFE).difference(self.allowed)
        if not found:
            return ""
        at = min(text.index(c) for c in found)
        return f"{text[at]!r} in {text[max(0, at - 30) : at + 30]!r}"


FORMS = {
    "terminal": Form(terminal=80),
    "narrow": Form(terminal=40),
    "plain": Form("--plain", terminal=80),
    "colour": Form("--color", "always", terminal=100, NO_COLOR=None),
    "debug": Form("--debug", terminal=80),
    "markdown": Form("-o", "md", terminal=80),
    "csv": Form("-o", "csv", terminal=80),
    "json": Form("-o", "json"),
    "jsonl": Form("-o", "jsonl", terminal=80),
    "tsv": Form("-o", "tsv", allowed="\n\t"),
    "piped": Form(allowed="\n\t"),
    "asked": Form(terminal=80, asks=True),
    "ids": Form("-o", "ids"),
}
