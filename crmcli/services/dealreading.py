"""Deals to read: which one is meant, its record, all that belongs to it, and lists."""

from typing import TYPE_CHECKING, Any

from crmcli.kernel.clock import instant
from crmcli.kernel.customers import name_of
from crmcli.kernel.errors import Ambiguous, NotFound, UsageError
from crmcli.kernel.ids import key_of, parse_ref, ref
from crmcli.kernel.page import Page
from crmcli.kernel.similarity import nearest
from crmcli.kernel.sorting import sort_key
from crmcli.kernel.text import clip, fold
from crmcli.services import deallines
from crmcli.services.who import UID
from crmcli.store import deals
from crmcli.store.connection import Row
from crmcli.store.filters import Words, mentions, parse

if TYPE_CHECKING:
    from crmcli.app import App

MOST_CANDIDATES = 10
MOST_SHOWN = 20
LONGEST_TEXT = 80
CLOSED_FIELDS = ("status", "closed", "closed_at", "lost_reason", "reason", "stage")


class DealReading:
    """Which deals there are."""

    noun = "deal"

    def __init__(self, app: "App") -> None:
        self.app = app

    def get(self, key: int) -> dict[str, Any]:
        """The record with this key, deleted or not."""
        return deals.records(self.app.store, [self.row(key)], self.app.now)[0]

    def row(self, key: int) -> Row:
        """The row with this key, deleted or not. Raises NotFound when there is none."""
        found = deals.get(self.app.store, key)
        if found is None:
            raise NotFound(f"there is no deal {ref('deal', key)}", "see: crm deal list")
        return found

    def find(self, which: str) -> dict[str, Any]:
        """The record of the one deal that is meant; see `key`."""
        return self.get(self.key(which))

    def key(self, which: str, *, deleted: bool = False) -> int:
        """The key of the one deal that an id, a uid, SOURCE:KEY, its name or a part of it, or the customer means.

        Args:
            which: how it was named.
            deleted: whether deleted ones may be named, by their ids.

        Raises:
            NotFound: there is none; one that is deleted is told so.
            Ambiguous: there are several, and nobody to ask.
        """
        text = which.strip()
        if not text:
            raise UsageError("no deal was named", "name it by its id, such as d12, or by its name")
        found = self._by_key(text)
        if found is None:
            return self._by_words(text)
        row = self.row(found)
        if row["deleted_at"] and not deleted:
            mine = ref("deal", found)
            raise NotFound(f"the deal {mine} is deleted", f"to bring it back: crm deal restore {mine}")
        return found

    def named(self, which: str) -> str:
        """The id of the deal that is meant, which may be gone by now when it is an id that was given."""
        given = parse_ref(which.strip())
        return which.strip() if given and given[0] == "deal" else ref("deal", self.key(which))

    def _by_key(self, text: str) -> int | None:
        named = parse_ref(text)
        if named and named[0] == "deal":
            return named[1]
        if UID.fullmatch(text.lower()):
            return deals.by_text(self.app.store, "uid", text.lower())
        return deals.by_text(self.app.store, "external", text) if ":" in text else None

    def _by_words(self, text: str) -> int:
        """The open deal that a name or a part of one means; a closed one where no open one is."""
        store, clock, user = self.app.store, self.app.clock, self.app.users.key
        where = deals.condition(store, Words(text, 1), clock, user)
        rows: list[Row] = []
        for only_open in (True, False):
            rows = rows or deals.page(store, where, "id", MOST_CANDIDATES, only_open=only_open)
        exact = [row for row in rows if fold(row["name"]) == fold(text)]
        rows = exact or rows
        if len(rows) == 1:
            return int(rows[0]["id"])
        if not rows:
            names = [item["name"] for item in self.page(limit=MOST_SHOWN * 5).items]
            close = nearest(text, names, count=1)
            raise NotFound(
                f"there is no deal '{text}'", f"did you mean '{close[0]}'?" if close else "see: crm deal list"
            )
        shown = deals.records(store, rows[:MOST_CANDIDATES], self.app.now)
        options = [(str(item["id"]), f"{item['name']} ({customer_name(item)}), {item['stage']}") for item in shown]
        picked = self.app.choose(f"Which deal is '{text}'?", [(key, f"{key}  {label}") for key, label in options])
        if picked is None:
            raise Ambiguous(f"'{text}' may be any of these", options, f"say it with the id, such as {options[0][0]}")
        return key_of(picked)

    def keys(self, which: "list[str] | tuple[str, ...]", *, deleted: bool = False) -> list[int]:
        """The keys of several, each once."""
        return list(dict.fromkeys(self.key(one, deleted=deleted) for one in which))

    def page(
        self,
        text: str = "",
        *,
        sort: str = "close",
        limit: int | None = None,
        all_states: bool = False,
        deleted: bool = False,
    ) -> Page:
        """The deals that match a filter.

        Args:
            text: the filter. Without one that asks for a status, or `all_states`, only open ones match.
            sort: close, amount, created, stage, name, updated or id; a leading `-` reverses.
            limit: how many at most; None for all.
            all_states: those that are won or lost too.
            deleted: the deleted ones instead.
        """
        store, order = self.app.store, checked_sort(sort)
        node = parse(text)
        where = deals.condition(store, node, self.app.clock, self.app.users.key)
        only_open = not (all_states or deleted or mentions(node, *CLOSED_FIELDS))
        rows = deals.page(store, where, order, limit, only_open=only_open, deleted=deleted)
        more = limit is not None and len(rows) > limit
        return Page(deals.records(store, rows[:limit] if more else rows, self.app.now), more)

    def matching(self, text: str) -> list[str]:
        """The ids of all deals that match a filter that is not empty; the open ones unless it asks for a status."""
        if not text.strip():
            raise UsageError("an empty filter would mean every deal", "write a filter such as 'stage:proposal'")
        return [str(item["id"]) for item in self.page(text).items]

    def detail(self, which: str) -> dict[str, Any]:
        """As `find`, with what belongs to it: lists of `lines`, `contacts`, `stages`, `followups`, `interactions`."""
        return self.whole(self.key(which))

    def whole(self, key: int) -> dict[str, Any]:
        """The same for a key."""
        store, now = self.app.store, self.app.now
        record = self.get(key)
        lines = [deallines.record(row, record["currency"]) for row in deals.lines(store, key)]
        return {
            **record,
            "lines": lines,
            "contacts": [
                {"id": ref("contact", row["contact_id"]), "display_name": row["display_name"], "role": row["role"]}
                for row in deals.roles(store, key)
            ],
            "stages": [_stay(row, now) for row in deals.stays(store, key)],
            "followups": [_followup(row) for row in deals.followups(store, key, MOST_SHOWN)],
            "interactions": [_interaction(row) for row in deals.interactions(store, key, MOST_SHOWN)],
        }


def customer_name(record: "dict[str, Any]") -> str:
    """The name of the customer of a deal; of a contact in a company's deal, both."""
    names = [name_of(party) for party in (record["contact"], record["company"]) if party]
    return ", ".join(names)


def checked_sort(sort: str) -> str:
    """The order asked for, as `crmcli.store.deals.SORTS` names it. Raises UsageError for another."""
    also = {"close_date": "close", "created_at": "created", "updated_at": "updated"}
    return sort_key("deals", sort, deals.SORTS, also)


def _stay(row: Row, now: str) -> dict[str, Any]:
    seconds = (instant(row["left_at"] or now) - instant(row["entered_at"])).total_seconds()
    return {
        "stage": row["name"],
        "entered_at": row["entered_at"],
        "left_at": row["left_at"],
        "duration": max(0, int(seconds)),
    }


def _followup(row: Row) -> dict[str, Any]:
    names = ("subject", "due_at", "all_day", "timezone", "status", "closed_at")
    return {"id": ref("followup", row["id"]), **{name: row[name] for name in names}, "all_day": row["all_day"] == 1}


def _interaction(row: Row) -> dict[str, Any]:
    said = row["subject"] or " ".join((row["body"] or "").split())
    names = ("occurred_at", "direction", "channel", "outcome")
    return {
        "id": ref("interaction", row["id"]),
        **{name: row[name] for name in names},
        "subject": clip(said, LONGEST_TEXT) or None,
    }
