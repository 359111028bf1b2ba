"""Completion of a command line: `crm __complete SHELL LINE`, which the scripts of `scripts` call at every key press.

Nothing of the command line proper is imported here: a key press may cost three times a bare interpreter's start.
"""

import os
import sys
from collections.abc import Sequence

from crmcli.completion import answers, quoting
from crmcli.completion.lines import Line, read

Suggestion = tuple[str, str]


def main(arguments: Sequence[str]) -> int:
    """Write what the shell asks for; returns the exit status. A failure is silent, for it would spoil the line.

    Args:
        arguments: the shell; the line up to the cursor; for bash its COMP_WORDBREAKS and COMP_TYPE.

    The first line written is a directive: `words`, `nospace` (the word goes on after what is inserted), `list` (what is
    offered does not begin with what was typed), or `files` (the shell knows best). Each further line is one suggestion.
    """
    try:
        shell, text, *more = arguments
        line = read(text, fish=shell == "fish")
        directive, found = answers.answer(line, os.environ)
        lines = _for_bash(line, found, *more) if shell == "bash" else _described(line, found)
        sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]
        sys.stdout.write("".join(f"{entry}\n" for entry in (directive, *lines)))
    except Exception:
        return 1
    return 0


def _described(line: Line, found: Sequence[Suggestion]) -> list[str]:
    """Whole words, which these shells quote themselves, each with what it means after a tab."""
    return [f"{value}\t{description}" if description else value for value, description in found]


def _for_bash(line: Line, found: Sequence[Suggestion], breaks: str = "", kind: str = "") -> list[str]:
    """Pieces that take the place of what Readline sees as the word, quoted; with explanations where it only lists."""
    if kind == "63" and len(found) > 1:  # a "?": the alternatives are listed and nothing is inserted
        return [f"{value}  {description}".rstrip() for value, description in found]
    return quoting.for_bash(line, [value for value, _ in found], breaks)
