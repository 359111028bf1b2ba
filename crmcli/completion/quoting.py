"""Quoting for bash, which inserts what a completion function gives it as it is.

zsh and fish quote by themselves. Nothing that a person stored may be run: every character that could mean something to
the shell is escaped, in the way that the quotation mark at the cursor asks for.
"""

from collections.abc import Sequence

from crmcli.completion.lines import Line
from crmcli.kernel.text import fold

_PLAIN = "_-./@%+:,"
_IN_DOUBLE = '\\"$`'


def for_bash(line: Line, values: Sequence[str], breaks: str) -> list[str]:
    """What to insert in the place of the part of the word that Readline replaces.

    Args:
        line: the line at the cursor.
        values: whole words.
        breaks: COMP_WORDBREAKS: Readline takes what follows such a character, unquoted, for the word.
    """
    start = _readline_start(line, breaks)
    kept = sum(1 for place in line.starts if place < start)
    head = line.current[:kept]
    # A value that differs in what is not replaced cannot be inserted here.
    pieces = [quoted(value[kept:], line.quote) for value in values if value.startswith(head)]
    if len(pieces) > 1:
        common = _common([value for value in values if value.startswith(head)])
        if not fold(common).startswith(fold(line.current)) and common[kept:]:
            # Bash would put what all have in common in the place of what was typed: give it nothing in common.
            pieces.append(quoted(line.current[kept:], line.quote))
    return pieces


def quoted(text: str, quote: str) -> str:
    """`text` as it must stand in a bash word, after an open quotation mark or none."""
    if quote == "'":
        return text.replace("'", "'\\''")
    if quote == '"':
        escaped = "".join(f"\\{letter}" if letter in _IN_DOUBLE else letter for letter in text)
        # History expansion reaches into double quotes, where no escape would vanish again.
        return escaped.replace("!", '"\\!"')
    return "".join(
        letter if letter.isalnum() or letter in _PLAIN or not letter.isascii() else f"\\{letter}" for letter in text
    )


def _readline_start(line: Line, breaks: str) -> int:
    """Where in the raw word Readline's own word begins: after an open quotation mark, or the last unquoted break."""
    start = at = 0
    open_quote = ""
    while at < len(line.raw):
        letter = line.raw[at]
        if open_quote:
            if letter == "\\" and open_quote == '"':
                at += 1
            elif letter == open_quote:
                open_quote = ""
        elif letter == "\\":
            at += 1
        elif letter in "'\"":
            open_quote = letter
            quote_start = at + 1
        elif letter in breaks:
            start = at + 1
        at += 1
    return quote_start if open_quote else start


def _common(values: Sequence[str]) -> str:
    least, most = min(values), max(values)
    same = 0
    while same < len(least) and same < len(most) and least[same] == most[same]:
        same += 1
    return least[:same]
