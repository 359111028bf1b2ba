"""What is due: overdue first, then today, then the rest of the week."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crmcli.kernel.clock import instant
from crmcli.kernel.page import Page
from crmcli.services.users import ME
from crmcli.store import due, followups, queue
from crmcli.store.due import BUCKETS, Horizon
from crmcli.store.filters import mentions, parse

if TYPE_CHECKING:
    from crmcli.app import App

SOON = BUCKETS[:3]
LATER = BUCKETS[3]
COUNTED = queue.COUNTED


class Queue:
    """The follow-up queue."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def page(
        self, text: str = "", *, everyone: bool = False, buckets: Sequence[str] = SOON, limit: int | None = None
    ) -> Page:
        """What is open and due: records of follow-ups with `bucket`, and with `waiting`, the seconds for which they
        have been overdue.

        Args:
            text: a filter on follow-ups. One that asks for an owner is about everyone's.
            everyone: everyone's follow-ups instead of mine.
            buckets: which of BUCKETS, in their order.
            limit: how many at most, in the order of the queue; None for all.
        """
        at = due.horizon(self.app.clock)
        where, owner = self._asked(text, everyone, at)
        rows = queue.page(self.app.store, where, owner, at, buckets, limit)
        more = limit is not None and len(rows) > limit
        items = []
        for row in rows[:limit] if more else rows:
            bucket = due.bucket(row, at)
            late = self._seconds_since(row["due_at"]) if bucket == "overdue" else 0
            items.append({**followups.record(row, at), "bucket": bucket, "waiting": late})
        return Page(items, more)

    def counts(
        self, page: Page, text: str = "", *, everyone: bool = False, buckets: Sequence[str] = SOON
    ) -> dict[str, int]:
        """How many there are in each bucket, whether on `page` or not; COUNTED means that many or more.

        Args:
            page: what `Queue.page` returned for the other arguments.
            text, everyone, buckets: as there.
        """
        counts = dict.fromkeys(buckets, 0)
        for item in page.items:
            counts[item["bucket"]] += 1
        if page.more:  # what is not on the page begins in the last bucket that is
            for name in buckets[buckets.index(page.items[-1]["bucket"]) :]:
                counts[name] = self.count(name, text, everyone=everyone)
        return {name: min(count, COUNTED) for name, count in counts.items()}

    def count(self, bucket: str, text: str = "", *, everyone: bool = False, most: int = COUNTED) -> int:
        """How many there are in a bucket; `most` means that many or more."""
        at = due.horizon(self.app.clock)
        where, owner = self._asked(text, everyone, at)
        return queue.count(self.app.store, where, owner, at, bucket, most)

    def _asked(self, text: str, everyone: bool, at: Horizon) -> tuple[followups.Condition, int | None]:
        """The condition, and whose follow-ups are meant."""
        node = parse(text)
        where = followups.condition(self.app.store, node, self.app.clock, self.app.users.key, at)
        owner = None if everyone or mentions(node, "owner") else self.app.users.key(ME)
        return where, owner

    def _seconds_since(self, moment: str) -> int:
        return int((self.app.clock.now() - instant(moment)).total_seconds())


def shown_count(count: int) -> str:
    """A count for a person: `1000+` where counting stopped."""
    return f"{count}+" if count >= COUNTED else str(count)
