"""What a digest tells: the day, or the next seven days, in sections."""

from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.services.queue import LATER, SOON

if TYPE_CHECKING:
    from crmcli.app import App

MOST = 50
"""How many records a section has at most."""
NEXT_DAYS = "due<+8d"


class Sections(NamedTuple):
    """Records by section, and how many there are of each, whether they are here or not."""

    records: dict[str, list[dict[str, Any]]]
    counts: dict[str, int]


class Digest:
    """Putting a digest together."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def sections(self, kind: str) -> Sections:
        """What there is to tell me: overdue, today, week and owed.

        Args:
            kind: daily, where the week is what is left of this one; weekly, where it is the next seven days.
        """
        found = self.app.agenda.today(dict.fromkeys(SOON, MOST))
        records = {name: found[name] for name in (*SOON, "owed")}
        counts = dict(found["counts"])
        if kind == "weekly":
            buckets = (SOON[-1], LATER)
            page = self.app.queue.page(NEXT_DAYS, buckets=buckets, limit=MOST)
            records["week"] = page.items
            counts["week"] = sum(self.app.queue.counts(page, NEXT_DAYS, buckets=buckets).values())
        return Sections(records, counts)
