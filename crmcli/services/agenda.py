"""Today: what is due, and who waits for an answer."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from crmcli.kernel.clock import stamp
from crmcli.services.queue import SOON
from crmcli.store import agenda

if TYPE_CHECKING:
    from crmcli.app import App

MOST = 50
MOST_OWED = 5
FRESH = timedelta(days=14)


class Agenda:
    """The agenda of the person who asks."""

    def __init__(self, app: "App") -> None:
        self.app = app

    @property
    def nothing_yet(self) -> bool:
        """Whether the database holds nobody, so that there can be no agenda."""
        return agenda.is_empty(self.app.store)

    def today(self, most: Mapping[str, int] | None = None) -> dict[str, Any]:
        """The agenda.

        Args:
            most: how many to list of each bucket, MOST where it does not say.

        Returns:
            `date` and `timezone`; `overdue`, `today` and `week`, lists of follow-ups as in the queue; `owed`, records
            as of `Replies.owed` of the last 14 days, the latest first; and `counts` of the four.
        """
        clock = self.app.clock
        found: dict[str, Any] = {"date": clock.today().isoformat(), "timezone": clock.zone_name}
        counts = {}
        for bucket in SOON:
            page = self.app.queue.page(buckets=(bucket,), limit=(most or {}).get(bucket, MOST))
            found[bucket] = page.items
            counts.update(self.app.queue.counts(page, buckets=(bucket,)))
        since = stamp(clock.now() - FRESH)
        owed = self.app.replies.owed(limit=MOST_OWED, since=since, latest_first=True)
        return {**found, "owed": owed.items, "counts": {**counts, "owed": owed.total}}
