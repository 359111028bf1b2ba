"""How long to wait for an answer: as long as the person says, or as the customer usually takes if that is longer."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from crmcli.kernel.clock import instant, stamp
from crmcli.kernel.median import median
from crmcli.kernel.spans import parse_span
from crmcli.store import replies

if TYPE_CHECKING:
    from crmcli.app import App

# What the setting queue.waiting is without being set.
USUAL = "7d"
# How far back a customer's habits are read, and how many answers make one.
HABITS = timedelta(days=730)
FEWEST_ANSWERS = 3
UNKNOWN: dict[str, int | None] = {"usual_reply": None, "overdue_by": None}


class Patience:
    """When answers are late."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def began(self) -> str:
        """The stored instant before which we must have asked for an answer to be late, whoever it is."""
        clock = self.app.clock
        span = parse_span(self.app.config.get("queue.waiting") or USUAL)
        local = clock.local(clock.now())
        try:
            return stamp(clock.combine(span.before(local.date()), local.time())[0])
        except OverflowError:
            return stamp(instant("0001-01-02T00:00:00Z"))

    def lateness(self, noun: str, tried: Mapping[int, str]) -> dict[int, dict[str, int | None]]:
        """Of each customer `usual_reply`, the usual seconds to an answer, and `overdue_by`, for how many it is late.

        Both are None for too little that is known, and for an answer that is not late.

        Args:
            noun: contact or company.
            tried: by the key of each when we last got in touch or tried to.
        """
        since = stamp(self.app.clock.now() - HABITS)
        began = instant(self.began())
        found = {}
        for key, answers in replies.answers(self.app.store, noun, list(tried), since).items():
            usual, asked = usual_reply(answers), instant(tried[key])
            late = (began - asked).total_seconds()
            if usual is not None:
                late = min(late, (self.app.clock.now() - asked).total_seconds() - usual)
            found[key] = {"usual_reply": usual, "overdue_by": int(late) if late > 0 else None}
        return found


def usual_reply(answers: Sequence[tuple[str, str]]) -> int | None:
    """The median of the seconds from a contact of ours to theirs that followed it; None for too few of them.

    Args:
        answers: the instants of both.
    """
    if len(answers) < FEWEST_ANSWERS:
        return None
    return int(median((instant(answered) - instant(asked)).total_seconds() for asked, answered in answers))
