"""Who waits for an answer: customers whom we owe one, and customers from whom we wait for one.

The rule itself, which contacts count and what settles them, is in `crmcli.store.replies`; the snapshot of a customer,
the agenda and the queue all ask it.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.kernel.clock import instant, stamp
from crmcli.kernel.ids import ref
from crmcli.kernel.page import Page
from crmcli.services.users import ME
from crmcli.store import party_list, replies
from crmcli.store.connection import Row
from crmcli.store.filters import mentions, parse
from crmcli.store.nouns import PARTIES
from crmcli.store.replies import Asked, Span

if TYPE_CHECKING:
    from crmcli.app import App

LOOK_BACK = timedelta(days=90)
LONGEST_SUMMARY = 120


class Found(NamedTuple):
    """Who waits: the records asked for, and how many there are in all.

    `beginning` is None, or the stored instant before which not all customers were looked at, there being too many.
    """

    items: list[dict[str, Any]]
    total: int
    beginning: str | None

    @property
    def page(self) -> Page:
        """The records as a page of a list."""
        return Page(self.items, self.total > len(self.items))


class Replies:
    """Answers owed on either side."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def owed(
        self,
        text: str = "",
        *,
        everyone: bool = False,
        limit: int | None = None,
        since: str | None = None,
        latest_first: bool = False,
        owner: int | None = None,
    ) -> Found:
        """Customers whose last contact with us was theirs and is unanswered, the one who waits longest first.

        Args:
            text: a filter on contacts; companies are then left out. One that asks for an owner is about everyone's.
            everyone: everyone's customers instead of mine and those of nobody.
            limit: how many records at most; None for all.
            since: the stored instant from which on to look; by default LOOK_BACK ago.
            latest_first: the other order.
            owner: the key of a user whose contacts alone are meant, instead of `text` and `everyone`.

        Returns:
            Records with `id` (of the contact or company), `contact`, `company`, `channel` and `subject` of what they
            said, `last_inbound_at`, `last_outbound_at`, `waiting` (seconds), `interaction_id`, `followup_id` (an open
            follow-up that was promised in that very contact) and `owner`.
        """
        span = Span(since or self.back())
        asked = self._asked(text, everyone) if owner is None else replies.of_owner(owner)
        entries, beginning = self._looked_at("owed", asked, span)
        entries.sort(key=_order, reverse=latest_first)
        return Found(self._records(entries[:limit]), len(entries), beginning)

    def waiting(
        self, text: str = "", *, everyone: bool = False, limit: int | None = None, since: str | None = None
    ) -> Found:
        """Customers from whom an answer is late, the one whom we wait for longest first.

        It is late when neither what we asked nor an attempt since is younger than the setting `queue.waiting`, or than
        the customer's usual reply time where that is longer.

        Args:
            text, everyone, limit, since: as for `owed`.

        Returns:
            Records as of `owed`, about what we said; `usual_reply` (seconds, None where too little is known) and
            `overdue_by` (seconds) in addition.
        """
        span = Span(since or self.back(), self.app.patience.began())
        entries, beginning = self._looked_at("waiting", self._asked(text, everyone), span)
        late = [entry for entry in self._with_patience(entries) if entry["overdue_by"] is not None]
        late.sort(key=_order)
        return Found(self._records(late[:limit]), len(late), beginning)

    def any_before(self, name: str, *, everyone: bool = False, since: str | None = None) -> bool:
        """Whether a glance at what is just older than `since` (or LOOK_BACK) finds more; `name` is owed or waiting."""
        span = Span("", since or self.back())
        return bool(self._looked_at(name, self._asked("", everyone), span, replies.GLANCED_AT)[0])

    def back(self) -> str:
        """The stored instant from which on to look."""
        return stamp(self.app.clock.now() - LOOK_BACK)

    # --- looking

    def _asked(self, text: str, everyone: bool) -> Asked:
        store, users = self.app.store, self.app.users
        order = party_list.order("last_in")
        where = party_list.condition(store, "contact", text, order, self.app.clock, users.key) if text else ("", ())
        named = bool(text) and mentions(parse(text), "owner")
        return Asked(None if everyone or named else users.key(ME), *where)

    def _looked_at(
        self, name: str, asked: Asked, span: Span, passed: int = replies.PASSED
    ) -> tuple[list[Row], str | None]:
        """Customers of whom the rule holds: what was said last, with `customer` (a row) and `noun`."""
        store = self.app.store
        contacts, beginning = replies.people(store, name, asked, span, passed)
        found = []
        for noun, rows in (("contact", contacts), ("company", replies.companies(store, name, asked, span))):
            said = replies.last_said(store, noun, [row["id"] for row in rows])
            # What a person says for a company is told of under that person.
            told = replies.with_a_person(store, [last["id"] for last in said.values()]) if noun == "company" else ()
            for row in rows:
                last = said.get(row["id"])
                if last and _is_open(name, last) and (last["id"], row["id"]) not in told:
                    found.append({**last, "customer": row, "noun": noun})
        return found, beginning

    def _with_patience(self, entries: Sequence[Row]) -> list[Row]:
        found = []
        for noun in PARTIES:
            tried = {e["customer"]["id"]: e["customer"]["last_outbound_at"] for e in entries if e["noun"] == noun}
            lateness = self.app.patience.lateness(noun, tried)
            found += [{**e, **lateness[e["customer"]["id"]]} for e in entries if e["noun"] == noun]
        return found

    # --- records

    def _records(self, entries: Sequence[Row]) -> list[dict[str, Any]]:
        keys = [entry["id"] for entry in entries]
        words = replies.words(self.app.store, keys)
        promised = replies.promised(self.app.store, keys)
        return [self._record(entry, words[entry["id"]], promised) for entry in entries]

    def _record(
        self, entry: Row, words: Row, promised: Mapping[tuple[int, int | None, int | None], int]
    ) -> dict[str, Any]:
        customer, noun = entry["customer"], entry["noun"]
        key = customer["id"]
        contact = {"id": ref("contact", key), "display_name": customer["name"]} if noun == "contact" else None
        company = {"id": ref("company", key), "name": customer["name"]} if noun == "company" else None
        followup = promised.get((entry["id"], key if contact else None, key if company else None))
        waiting = self.app.clock.now() - instant(entry["occurred_at"])
        found: dict[str, Any] = {
            "id": ref(noun, key),
            "contact": contact,
            "company": company,
            "channel": entry["channel"],
            "subject": words["subject"] or first_line(words["body"]),
            "last_inbound_at": customer["last_inbound_at"],
            "last_outbound_at": customer["last_outbound_at"],
            "waiting": max(0, int(waiting.total_seconds())),
            "interaction_id": ref("interaction", entry["id"]),
            "followup_id": followup and ref("followup", followup),
            "owner": customer["owner"],
        }
        found.update((name, entry[name]) for name in ("usual_reply", "overdue_by") if name in entry)
        return found


def first_line(text: str | None) -> str | None:
    """The first line of a text that says something, without marks of Markdown."""
    lines = (line.replace("**", "").strip("#>*- ") for line in (text or "").splitlines())
    line = next((line for line in lines if line), "")
    return line[:LONGEST_SUMMARY] or None


def _is_open(name: str, last: Row) -> bool:
    return replies.owes(last) == "us" if name == "owed" else replies.expects_answer(last)


def _order(entry: Row) -> tuple[str, int]:
    return entry["occurred_at"], entry["id"]
