"""Removing for good what was deleted a while ago."""

from typing import TYPE_CHECKING, Any

from crmcli.kernel.clock import stamp
from crmcli.kernel.errors import UsageError
from crmcli.kernel.ids import noun_of, ref
from crmcli.kernel.spans import parse_span
from crmcli.store import purging

if TYPE_CHECKING:
    from crmcli.app import App

NOW, FOREVER = "now", "9999-12-31T23:59:59Z"
KEYS = {
    "contact": "contacts",
    "company": "companies",
    "interaction": "interactions",
    "followup": "followups",
    "cadence": "cadences",
    "deal": "deals",
    "sales_order": "orders",
    "support_case": "cases",
    "product": "products",
    "goal": "goals",
}
MOST_NAMED = 5


class Purges:
    """Removing deleted records."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def purge(self, older_than: str, *, dry_run: bool) -> dict[str, Any]:
        """Remove what was deleted before `older_than` ago, a span or `now`; returns what went.

        The record has `id`, the operation (None of a dry run, or where there was nothing); `before`, the moment; how
        many records went by the words of KEYS, those that hung on others too; `rows`, how many in all; and `names`, of
        the first.

        Raises:
            UsageError: that is no span.
        """
        before = self._moment(older_than)
        found = purging.deleted(self.app.store.rows, before)
        names = [self._called(noun, row) for noun, rows in found.items() for row in rows[:MOST_NAMED]]
        record: dict[str, Any] = {"id": None, "before": before, **dict.fromkeys(KEYS.values(), 0), "rows": 0}
        record["names"] = names[:MOST_NAMED]
        if not found:
            return record
        with self.app.writing(rehearsal=dry_run) as gate:
            purge = purging.Purge(gate)
            for noun, rows in purging.deleted(self.app.store.rows, before).items():
                for row in rows:
                    purge.remove(noun, row["id"])
            record |= {key: purge.removed.get(noun, 0) for noun, key in KEYS.items()}
            record["rows"] = sum(purge.removed.values())
            record["id"] = None if dry_run else ref("operation", gate.operation())
        return record

    def _moment(self, text: str) -> str:
        if text.strip().lower() == NOW:
            return FOREVER
        clock = self.app.clock
        try:
            day = parse_span(text).before(clock.today())
        except OverflowError as error:
            raise UsageError(f"'{text[:40]}' is too long ago", "for example 90d") from error
        return stamp(clock.midnight(day))

    @staticmethod
    def _called(noun: str, row: dict[str, Any]) -> str:
        name = f"{row['name']} " if row["name"] else ""
        return f"{name}({ref(noun_of(noun), row['id'])})"
