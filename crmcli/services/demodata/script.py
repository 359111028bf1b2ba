"""How the stories are written, and reading them.

A story begins with `== KIND AUDIENCE | TITLE` and goes on in steps, one logged contact each:

    +DAYS in|out|note CHANNEL [OUTCOME] [1h30m] [*4] [+1] | SUBJECT
    The text, Markdown; lines of a paragraph are joined.
    -> +DAYS PRIORITY CHANNEL: what was promised
    x> why the promise was cancelled

DAYS count from the step before (for a promise: from its step), `*4` is how satisfied the customer was, `+1` says that a
colleague of theirs took part. `<a|b>` is one of both; `{press}` and the like are filled in when a story is told.
"""

import re
from typing import NamedTuple

from crmcli.kernel.durations import parse_duration
from crmcli.model import enums

DIRECTIONS = {"in": "inbound", "out": "outbound", "note": "internal"}
_STEP = re.compile(r"\+(\d+) (in|out|note)( .*)?")
_PROMISE = re.compile(r"-> \+(\d+) (\w+) (\w+): (.+)")
_OWN_LINE = re.compile(r"(- |\d+\. |\|)")


class Promise(NamedTuple):
    """A follow-up that is agreed in a step, due so many days later."""

    days: int
    priority: str
    channel: str
    subject: str


class Step(NamedTuple):
    """One logged contact, `after` days after the step before."""

    after: int
    direction: str
    channel: str
    outcome: str | None
    duration: int | None
    satisfaction: int | None
    guests: int
    subject: str | None
    body: str | None
    promise: Promise | None
    cancelled: str


class Story(NamedTuple):
    """What happens with one customer about one subject."""

    kind: str
    audience: str
    title: str
    steps: tuple[Step, ...]

    @property
    def days(self) -> int:
        """How many days it takes."""
        return sum(step.after for step in self.steps)


def read(text: str) -> list[Story]:
    """The stories of a script."""
    stories = []
    for story in re.split(r"^== ", text, flags=re.MULTILINE)[1:]:
        head, _, rest = story.partition("\n")
        kind_and_audience, _, title = head.partition(" | ")
        kind, audience = kind_and_audience.split()
        parts = re.split(r"\n(?=\+\d+ )", rest.strip())
        steps = [_step(lines.splitlines()) for lines in parts]
        stories.append(Story(kind, audience, title, tuple(steps)))
    return stories


def read_promises(text: str) -> list[Promise]:
    """Promises that belong to no story, one a line; their days count from today."""
    return [_promise(line) for line in text.strip().splitlines()]


def _step(lines: list[str]) -> Step:
    head, _, subject = lines[0].partition("|")
    found = _STEP.fullmatch(head.strip())
    if found is None:
        raise ValueError(f"not a step: {lines[0]}")
    words = (found[3] or "").split()
    channel = words.pop(0) if words and words[0] in enums.CHANNEL else "note"
    outcome = next((word for word in reversed(words) if word in enums.OUTCOME), None)
    duration = next((parse_duration(word) for word in words if word[0].isdigit()), None)
    stars = next((int(word[1:]) for word in words if word.startswith("*")), None)
    guests = next((int(word[1:]) for word in words if word.startswith("+")), 0)
    promise = next((_promise(line) for line in lines if line.startswith("-> ")), None)
    cancelled = next((line[3:] for line in lines if line.startswith("x> ")), "")
    body = _body([line for line in lines[1:] if not line.startswith(("-> ", "x> "))])
    direction = DIRECTIONS[found[2]]
    title = subject.strip() or None
    return Step(int(found[1]), direction, channel, outcome, duration, stars, guests, title, body, promise, cancelled)


def _promise(line: str) -> Promise:
    found = _PROMISE.fullmatch(line)
    if found is None:
        raise ValueError(f"not a promise: {line}")
    return Promise(int(found[1]), found[2], found[3], found[4])


def _body(lines: list[str]) -> str | None:
    joined: list[str] = []
    for line in lines:
        if joined and joined[-1] and line and not _OWN_LINE.match(line) and not joined[-1].startswith("|"):
            joined[-1] += " " + line
        else:
            joined.append(line)
    return "\n".join(joined).strip() or None
