"""What a digest tells: the day, or the next seven days, in sections."""

from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.kernel.errors import UsageError
from crmcli.kernel.similarity import nearest
from crmcli.services.queue import LATER, SOON

if TYPE_CHECKING:
    from crmcli.app import App

KINDS = ("daily", "weekly")
MOST = 50
"""How many records a section has at most."""
NEXT_DAYS = "due<+8d"


def check_kind(text: str) -> None:
    """Raises UsageError for what is not one of KINDS."""
    if text not in KINDS:
        close = nearest(text, KINDS, count=1)
        hint = f"did you mean {close[0]}?" if close else f"use one of: {', '.join(KINDS)}"
        raise UsageError(f"there is no digest '{text[:40]}'", hint)


class Sections(NamedTuple):
    """Records by section, and how many there are of each, whether they are here or not."""

    records: dict[str, list[dict[str, Any]]]
    counts: dict[str, int]


class Digest:
    """Putting a digest together."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def sections(self, kind: str) -> Sections:
        """What there is to tell me: cases, overdue, today, week, owed, cadence and waiting.

        Args:
            kind: daily, where the week is what is left of this one; weekly, where it is the next seven days.
        """
        records: dict[str, list[dict[str, Any]]] = {}
        counts: dict[str, int] = {}
        for bucket in SOON:
            page = self.app.queue.page(buckets=(bucket,), limit=MOST)
            records[bucket] = page.items
            counts |= self.app.queue.counts(page, buckets=(bucket,))
        for name, found in (
            ("owed", self.app.replies.owed(limit=MOST)),
            ("waiting", self.app.replies.waiting(limit=MOST)),
        ):
            records[name], counts[name] = found.items, found.total
        late = self.app.casewatch.due(limit=MOST)
        records["cases"], counts["cases"] = late.items, late.total
        records["cadence"] = self.app.cadences.due(limit=MOST).items
        if kind == "weekly":
            buckets = (SOON[-1], LATER)
            page = self.app.queue.page(NEXT_DAYS, buckets=buckets, limit=MOST)
            records["week"] = page.items
            counts["week"] = sum(self.app.queue.counts(page, NEXT_DAYS, buckets=buckets).values())
        return Sections(records, counts)
