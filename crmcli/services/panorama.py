"""The whole market at a glance: customers of each kind, what passes between us, what is due, sold and asked."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from crmcli.kernel.clock import stamp
from crmcli.kernel.retention import RETENTION
from crmcli.kernel.spans import parse_span
from crmcli.model.enums import LIFECYCLE_STAGE
from crmcli.services import panorama_sales
from crmcli.services.queue import SOON
from crmcli.services.users import ME
from crmcli.store import panorama

if TYPE_CHECKING:
    from crmcli.app import App

SILENT = "180d"
"""What the setting panorama.silent is without being set."""
WEEKS = 12
COUNTED = 10_000
"""Follow-ups are counted up to here."""
NOUNS = {"contacts": "contact", "companies": "company"}

Market = Mapping[str, Mapping[str | None, Mapping[str | None, int]]]
"""Of contacts and companies how many there are by stage and retention."""


class Panorama:
    """The market."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def of(self, owner: str = "") -> dict[str, Any]:
        """The panorama, of everybody or of one user.

        Args:
            owner: a user name, or `me`: their customers, deals, orders and cases, what they logged and promised.

        Returns:
            `date`, `owner`, `stages` and `retention` (counts of contacts and companies), `silent`, `leads`, `contacts`
            (of the last twelve weeks, the present one included), `queue`, `pipeline`, `orders`, `cases`; see the
            functions that make them.

        Raises:
            NotFound: there is no such user.
        """
        key = self.app.users.key(owner) if owner else None
        counts = self._market(key)
        stages = self._stages(counts)
        return {
            "date": self.app.clock.today().isoformat(),
            "owner": self.name_of(owner) if owner else None,
            "stages": stages,
            "retention": self._retention(counts),
            "silent": self._silent(key),
            "leads": panorama.leads(self.app.store, key),
            "contacts": self._contacts(key),
            "queue": self._queue(owner),
            "pipeline": panorama_sales.pipeline(self.app, key),
            "orders": panorama_sales.orders(self.app, key),
            "cases": panorama_sales.cases(self.app, key),
        }

    def name_of(self, owner: str) -> str:
        """The name of a user, `me` being mine."""
        return self.app.users.my_name if owner.strip().lower() == ME else owner

    def silent_since(self) -> tuple[int, date]:
        """For how many days nothing is silence, and the day on which that began."""
        today = self.app.clock.today()
        try:
            day = parse_span(self.app.config.get("panorama.silent") or SILENT).before(today)
        except OverflowError:
            day = date.min + timedelta(days=1)
        return (today - day).days, day

    def weeks(self) -> list[date]:
        """The Mondays of the last twelve weeks."""
        today = self.app.clock.today()
        monday = today - timedelta(days=today.weekday())
        return [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]

    # --- the parts

    def _market(self, owner: int | None) -> Market:
        today = self.app.clock.today()
        return {name: panorama.market(self.app.store, noun, today, owner) for name, noun in NOUNS.items()}

    def _stages(self, counts: Market) -> list[dict[str, Any]]:
        """The stages in which there is anybody, in the order of the life cycle; those without one last."""
        found = [
            {"stage": stage, **{name: sum(counts[name][stage].values()) for name in NOUNS}}
            for stage in (*LIFECYCLE_STAGE, None)
        ]
        return [one for one in found if any(one[name] for name in NOUNS)]

    def _retention(self, counts: Market) -> list[dict[str, Any]]:
        return [
            {"retention": kept, **{name: sum(one[kept] for one in counts[name].values()) for name in NOUNS}}
            for kept in RETENTION
        ]

    def _silent(self, owner: int | None) -> dict[str, Any]:
        days, since = self.silent_since()
        before = stamp(self.app.clock.midnight(since))
        day = since.isoformat()
        counts = {name: panorama.silent(self.app.store, noun, before, day, owner) for name, noun in NOUNS.items()}
        return {"days": days, "since": day, **counts}

    def _contacts(self, owner: int | None) -> dict[str, Any]:
        days = self.weeks()
        counts = panorama.weeks(self.app.store, [stamp(self.app.clock.midnight(day)) for day in days], owner)
        weeks = [{"week": day.isoformat(), **one} for day, one in zip(days, counts, strict=True)]
        return {**{way: sum(one[way] for one in counts) for way in ("inbound", "outbound")}, "weeks": weeks}

    def _queue(self, owner: str) -> dict[str, Any]:
        """What is due of everybody, and to how many a reply is owed; `counted` is where counting stops.

        `owed_since` is None, or the stored instant before which not all were looked at.
        """
        text = f'owner:"{self.name_of(owner)}"' if owner else ""
        found: dict[str, Any] = {
            bucket: self.app.queue.count(bucket, text, everyone=True, most=COUNTED) for bucket in SOON
        }
        key = self.app.users.key(owner) if owner else None
        owed = self.app.replies.owed(everyone=True, limit=0, owner=key)
        return {**found, "owed": owed.total, "owed_since": owed.beginning, "counted": COUNTED}
