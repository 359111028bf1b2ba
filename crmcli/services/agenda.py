"""Today: what is due, and who waits for an answer."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from crmcli.kernel.clock import instant, stamp
from crmcli.kernel.ids import ref
from crmcli.services.queue import SOON
from crmcli.services.users import ME
from crmcli.store import agenda
from crmcli.store.connection import Row

if TYPE_CHECKING:
    from crmcli.app import App

MOST = 50
MOST_OWED = 5
FRESH = timedelta(days=14)
LONGEST_SUMMARY = 120


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
            `date` and `timezone`; `overdue`, `today` and `week`, lists of follow-ups as in the queue; `owed`, contacts
            who were in touch in the last 14 days and have heard nothing since; and `counts` of the four.
        """
        clock = self.app.clock
        found: dict[str, Any] = {"date": clock.today().isoformat(), "timezone": clock.zone_name}
        counts = {}
        for bucket in SOON:
            page = self.app.queue.page(buckets=(bucket,), limit=(most or {}).get(bucket, MOST))
            found[bucket] = page.items
            counts.update(self.app.queue.counts(page, buckets=(bucket,)))
        rows = self._owed_rows()
        owed = [self._owed(row) for row in rows[:MOST_OWED]]
        return {**found, "owed": owed, "counts": {**counts, "owed": len(rows)}}

    def _owed_rows(self) -> list[Row]:
        since = stamp(self.app.clock.now() - FRESH)
        return agenda.owed(self.app.store, self.app.users.key(ME), since)

    def _owed(self, row: Row) -> dict[str, Any]:
        said = agenda.inbound_at(self.app.store, row["id"], row["last_inbound_at"])
        waiting = self.app.clock.now() - instant(row["last_inbound_at"])
        return {
            "contact": {"id": ref("contact", row["id"]), "display_name": row["display_name"]},
            "last_inbound_at": row["last_inbound_at"],
            "last_outbound_at": row["last_outbound_at"],
            "channel": said["channel"],
            "subject": said["subject"] or _first_line(said["body"]),
            "waiting": int(waiting.total_seconds()),
        }


def _first_line(text: str | None) -> str | None:
    lines = (line.replace("**", "").strip("#>*- ") for line in (text or "").splitlines())
    line = next((line for line in lines if line), "")
    return line[:LONGEST_SUMMARY] or None
