"""What a notifier is: something that hands a notice to a person in one way.

A notifier is a module of this package with `check(setup)`, which raises UsageError where the channel is not set up, and
`send(notice, setup)`, which returns when the other side has taken the notice. It raises NotSent when the other side
certainly did not take it, so that it is tried again, and Unsure when nobody can know. It holds nothing between calls.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, TextIO


class Notice(NamedTuple):
    """What is told at once.

    Args:
        key: the same for the same notice whenever it is sent, so that a receiver can drop a repeat: lower-case letters
            and digits.
        kind: `due` for what newly became due, `daily` or `weekly` for a digest.
        title: one line, without line ends or control characters.
        text: plain text, safe for a terminal; each line ends with a line end.
        markdown: the same for programs that show Markdown.
        html: a whole page with all that it needs in it; empty where there is none.
        items: what it is about, as records ready for JSON: see `crm remind --json`.
        user: who is told, by user name.
        at: the moment of the run, as stored: UTC text.
    """

    key: str
    kind: str
    title: str
    text: str
    markdown: str
    html: str
    items: tuple[Mapping[str, Any], ...]
    user: str
    at: str


class Setup(NamedTuple):
    """What a notifier may know of its surroundings: the person's settings by name, the environment, standard output.

    `stdout` is for the channel that writes there; all others stay silent.
    """

    settings: Mapping[str, str]
    environ: Mapping[str, str]
    stdout: TextIO


class NotSent(Exception):
    """The notice certainly did not arrive; the text says why, in a line. It will be tried again."""


class Unsure(Exception):
    """The notice may have arrived or not; the text says why, in a line. It is never sent again by itself."""
