"""Leads to read: records, lists by score, and one with its history."""

from collections.abc import Collection, Sequence
from heapq import nsmallest
from typing import TYPE_CHECKING, Any

from crmcli.kernel.clock import instant
from crmcli.kernel.errors import UsageError
from crmcli.kernel.ids import ref
from crmcli.kernel.page import Page
from crmcli.kernel.sorting import sort_key
from crmcli.services.leadhistory import stays
from crmcli.store import leads, parties
from crmcli.store.filters import mentions, parse
from crmcli.store.store import Store

if TYPE_CHECKING:
    from crmcli.app import App

SORTS = ("score", "name", "created", "age", "owner")
PARTS = (
    "uid", "display_name", "job_title", "emails", "phones", "companies", "tags", "lifecycle_stage", "lead_status",
    "lead_source", "owner", "do_not_contact", "last_inbound_at", "last_outbound_at", "created_at", "updated_at",
    "deleted_at",
)  # fmt: skip
ALWAYS = ("display_name", "lifecycle_stage", "lead_status", "last_outbound_at", "created_at")
CLOSED_FIELDS = ("status", "lead_status")
MOST_DEALS = 20


class LeadReading:
    """Who may become a customer."""

    noun = "lead"

    def __init__(self, app: "App") -> None:
        self.app = app

    def score(self, key: int) -> dict[str, Any]:
        """The score of a contact: `score`, from 0 to 100, the `sum` of its points, and the `parts` of that.

        See `Scores.explained`.
        """
        return {**self.app.scores.explained(key), "display_name": self.get(key)["display_name"]}

    def get(self, key: int) -> dict[str, Any]:
        """The record of a contact as a lead: what a list shows of it, its `score`, `age_days` and `untouched_days`."""
        return self.records([key])[0]

    def key(self, who: str) -> int:
        """The key of the contact that is meant; see `Who.find`."""
        return self.app.who.find(who, ("contact",)).id

    def keys(self, who: Sequence[str]) -> list[int]:
        """The keys of several, each once."""
        return list(dict.fromkeys(self.key(one) for one in who))

    def records(
        self, keys: Sequence[int], scores: dict[int, int] | None = None, parts: Collection[str] | None = None
    ) -> list[dict[str, Any]]:
        """The records of contacts, in the order of their keys.

        Args:
            keys: the contacts.
            scores: their scores, if they are known.
            parts: which keys of a record are wanted beside what counts its days; None for all.
        """
        store = self.app.store
        known = self.app.scores.of(keys) if scores is None else scores
        wanted = PARTS if parts is None else [name for name in PARTS if name in parts or name in ALWAYS]
        rows = leads.rows(store, keys, parties.columns("contact", wanted))
        found = parties.records(store, "contact", rows, wanted)
        return [self._record(record, known[row["id"]]) for row, record in zip(rows, found, strict=True)]

    def _record(self, record: dict[str, Any], score: int) -> dict[str, Any]:
        touched = record["last_outbound_at"]
        age = self._days(record["created_at"])
        company = record["companies"][0] if record["companies"] else None
        return {
            "id": record["id"],
            **{name: record[name] for name in PARTS if name in record},
            "score": score,
            "company": company and {"id": company["id"], "name": company["name"]},
            "age_days": age,
            "untouched_days": age if touched is None else None,
            "touched_days": None if touched is None else self._days(touched),
        }

    def _days(self, moment: str) -> int:
        """By the calendar: what was last noon is a day ago in the morning."""
        clock = self.app.clock
        return max(0, (clock.today() - clock.local(instant(moment)).date()).days)

    def page(
        self,
        text: str = "",
        *,
        sort: str = "score",
        limit: int | None = None,
        least: int | None = None,
        all_states: bool = False,
        deleted: bool = False,
        parts: Collection[str] | None = None,
    ) -> Page:
        """The leads that match a filter.

        Args:
            text: the filter. Without one that asks for a status, or `all_states`, only those match on whom
                somebody works.
            sort: score (the highest first), name, created (the oldest first), age (the youngest first) or owner; a
                leading `-` reverses.
            limit: how many at most; None for all.
            least: only those with at least this score.
            all_states: those that were converted or are not qualified, too.
            deleted: the deleted ones instead.
            parts: as for `records`.
        """
        store, order = self.app.store, checked_sort(sort)
        node = parse(text)
        only_open = not (all_states or deleted or mentions(node, *CLOSED_FIELDS))
        where = leads.condition(store, node, self.app.clock, self.app.users.key, only_open=only_open, deleted=deleted)
        most = None if limit is None else limit + 1
        if order.lstrip("-") == "score" or least is not None or limit is None:
            ranked = self.app.scores.totals(where)
            scores = {key: score for key, score in ranked if least is None or score >= least}
            if order.lstrip("-") == "score":
                sign = 1 if order.startswith("-") else -1
                found = [(sign * score, key) for key, score in scores.items()]
                first = sorted(found)[:most] if most is None else nsmallest(most, found)
                keys = [key for _, key in first]
            else:
                keys = [key for key in leads.page(store, where, order, None) if key in scores][:most]
        else:
            keys = leads.page(store, where, order, limit)
            scores = self.app.scores.of(keys)
        more = limit is not None and len(keys) > limit
        return Page(self.records(keys[:limit] if more else keys, scores, parts), more)

    def matching(self, text: str) -> list[str]:
        """The ids of all leads that match a filter that is not empty."""
        if not text.strip():
            raise UsageError("an empty filter would mean every lead", "write a filter such as 'source:fair'")
        node = parse(text)
        only_open = not mentions(node, *CLOSED_FIELDS)
        where = leads.condition(
            self.app.store, node, self.app.clock, self.app.users.key, only_open=only_open, deleted=False
        )
        return [ref("contact", key) for key in leads.page(self.app.store, where, "name", None)]

    def detail(self, who: str) -> dict[str, Any]:
        """The whole contact that is meant, with what its record as a lead has, and:

        the `parts` and `sum` of its score; `stages`, where in the life cycle it was, and `statuses`, how the work on it
        stood, each with `entered_at`, `left_at`, `duration` (seconds), `by`, `operation` and `note`; and its `deals`.
        """
        return self.whole(self.key(who))

    def whole(self, key: int, journal: Store | None = None, until: int | None = None) -> dict[str, Any]:
        """The same for a key; of the past with the store whose journal tells it, up to an operation."""
        contact, scored = self.app.contacts.get(key), self.app.scores.explained(key)
        row = leads.rows(self.app.store, [key], ["*"])[0]
        stages, statuses = (
            stays(journal or self.app.store, key, name, row, self.app.now, until) for name in leads.HISTORY
        )
        deals = self.app.deals.page(f"contact:{contact['id']}", all_states=True, limit=MOST_DEALS).items
        names = ("id", "name", "status", "stage", "amount", "amount_minor", "currency", "close_date")
        return {
            **contact,
            **self.records([key], {key: scored["score"]})[0],
            "sum": scored["sum"],
            "parts": scored["parts"],
            "stages": [{"stage": stay.pop("value"), **stay} for stay in stages],
            "statuses": [{"status": stay.pop("value"), **stay} for stay in statuses],
            "deals": [{name: deal[name] for name in names} for deal in deals],
        }


def checked_sort(sort: str) -> str:
    """The order asked for. Raises UsageError for another."""
    name = sort_key("leads", sort, SORTS, {"created_at": "created"})
    return {"age": "-created", "-age": "created"}.get(name, name)
