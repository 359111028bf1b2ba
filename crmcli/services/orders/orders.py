"""What customers buy: reading orders."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crmcli.kernel.customers import customer
from crmcli.kernel.errors import Ambiguous, NotFound, UsageError
from crmcli.kernel.ids import key_of, parse_ref, ref
from crmcli.kernel.page import Page
from crmcli.kernel.sorting import sort_key
from crmcli.services.orders import story
from crmcli.store import orders
from crmcli.store.connection import Row
from crmcli.store.filters import parse

if TYPE_CHECKING:
    from crmcli.app import App

MOST_CANDIDATES = 10
MOST_RENEWED = 100
"""So many times of one order that comes again are written by one run, where nobody says how many."""
RENEWED_AT_MOST = 10_000
"""The largest number that may be asked for: a daily order of 27 years."""


class Orders:
    """Orders: read, deleted, brought back. What only writing needs are services beside: `ordering`, `payments`, …"""

    noun = "order"

    def __init__(self, app: "App") -> None:
        self.app = app

    # --- reading

    @property
    def today(self) -> str:
        """This day in the person's zone."""
        return self.app.clock.today().isoformat()

    def get(self, key: int) -> dict[str, Any]:
        """The record with this key, deleted or not, with its `lines` and `payments`. Raises NotFound without one."""
        row = orders.get(self.app.store, key)
        if row is None:
            raise NotFound(f"there is no order {ref('order', key)}", "see: crm order list")
        return self.whole([row])[0]

    def whole(self, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """The records of rows of orders with their `lines` and `payments`."""
        keys = [row["id"] for row in rows]
        lines = orders.of_many(self.app.store, "order_line", keys)
        payments = orders.of_many(self.app.store, "payment", keys)
        found = []
        for row in rows:
            currency = row["currency"]
            record = orders.record(row, self.today)
            record["lines"] = orders.line_records(lines.get(row["id"], []), currency)
            record["payments"] = [orders.payment_record(one, currency) for one in payments.get(row["id"], [])]
            found.append(record)
        return found

    def find(self, which: str) -> dict[str, Any]:
        """The record that is named by its id or number; see `key`."""
        return self.get(self.key(which))

    def detail(self, which: str) -> dict[str, Any]:
        """As `find`, with `coming`, days by its rule; `history`, `followups`, `cases` and `interactions`."""
        record = self.find(which)
        return {**record, **story.around(self.app, record)}

    def key(self, which: str, *, deleted: bool = False) -> int:
        """The key of the order that is named by its id, number, key in another system or uid.

        Raises:
            NotFound: there is none.
            Ambiguous: there are several of the number, and nobody to ask.
        """
        text = which.strip()
        named = parse_ref(text)
        if named and named[0] == "order":
            row = orders.get(self.app.store, named[1])
            if row is not None and bool(row["deleted_at"]) is deleted:
                return named[1]
            hint = f"it is deleted; crm order restore {text} brings it back" if row and not deleted else ""
            raise NotFound(f"there is no {'deleted ' if deleted else ''}order {text}", hint or "see: crm order list")
        rows = orders.named(self.app.store, text, deleted=deleted) if text else []
        if len(rows) == 1:
            return int(rows[0]["id"])
        if not rows:
            raise NotFound(f"there is no order '{text[:80]}'", "an id looks like o12; see: crm order list")
        options = [(ref("order", row["id"]), _label(row)) for row in rows[:MOST_CANDIDATES]]
        picked = self.app.choose(f"Which order is '{text[:80]}'?", [(key, f"{key}  {name}") for key, name in options])
        if picked is None:
            hint = f"say it with the id, for example {options[0][0]}"
            raise Ambiguous(f"'{text[:80]}' is the number of several orders", options, hint)
        return key_of(picked)

    def page(self, text: str = "", *, sort: str = "-date", limit: int | None = None, deleted: bool = False) -> Page:
        """The orders that match a filter, newest first; `sort` is date, total or number, a leading `-` reverses."""
        sort = sort_key("orders", sort, orders.SORTS, {"ordered_on": "date", "ordered": "date", "order": "date"})
        where = orders.condition(self.app.store, parse(text), self.app.clock, self.app.users.key, self.today)
        rows = orders.page(self.app.store, where, sort, limit, deleted=deleted)
        more = limit is not None and len(rows) > limit
        return Page(self.whole(rows[:limit] if more else rows), more)

    def matching(self, text: str) -> list[str]:
        """The ids of all orders that match a filter that is not empty."""
        if not text.strip():
            raise UsageError("an empty filter would mean every order", "write a filter such as 'overdue:yes'")
        return [str(item["id"]) for item in self.page(text, sort="date").items]

    # --- changing

    def remove(self, which: Sequence[str]) -> list[dict[str, Any]]:
        """Delete orders softly; returns their records."""
        found = self._mark([self.key(one) for one in which], self.app.now)
        for record in found:
            self.app.renewals.tell_end(record)
        return found

    def restore(self, which: Sequence[str]) -> list[dict[str, Any]]:
        """Bring deleted orders back; returns their records."""
        return self._mark([self.key(one, deleted=True) for one in which], None)

    def keys(self, which: Sequence[str]) -> list[int]:
        """The keys of orders that are named, each once."""
        return list(dict.fromkeys(self.key(one) for one in which))

    def _mark(self, keys: Sequence[int], deleted_at: str | None) -> list[dict[str, Any]]:
        found = list(dict.fromkeys(keys))
        with self.app.writing() as gate:
            for key in found:
                gate.update("sales_order", key, {"deleted_at": deleted_at})
            gate.refresh()
            return [self.get(key) for key in found]


def _label(row: Row) -> str:
    record = orders.record(row, "")
    party = customer(record) or {}
    name = party.get("display_name") or party.get("name") or ""
    return f"{row['ordered_on']} {name} {record['total']} {row['currency']}".replace("  ", " ")
