"""Cases: what went wrong or was asked, from being opened to being deleted. What happens in between: `CaseSteps`."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crmcli.kernel.customers import name_of
from crmcli.kernel.errors import Ambiguous, NotFound, UsageError
from crmcli.kernel.ids import key_of, parse_ref, ref
from crmcli.kernel.page import Page
from crmcli.kernel.sorting import sort_key
from crmcli.kernel.text import check_text
from crmcli.services import extras
from crmcli.services.users import ME
from crmcli.services.who import Match
from crmcli.store import cases, followups, interactions
from crmcli.store.casedue import ENDED, TARGETS
from crmcli.store.connection import Row
from crmcli.store.filters import mentions, parse

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

LONGEST_SUBJECT = 1000
MOST_CANDIDATES = 10
PLAIN = ("priority", "type", "channel", "owner", "description", "resolution", "product", "order")
# What a filter asks about that is not open any more.
OF_ENDED = ("status", "resolved", "resolved_at", "closed", "closed_at", "satisfaction", "id", "uid")


class Cases:
    """Cases. They are named by their id, or by whom the only open one is about."""

    noun = "case"

    def __init__(self, app: "App") -> None:
        self.app = app

    # --- reading

    def get(self, key: int, *, deleted: bool = False) -> dict[str, Any]:
        """The record with this key. Raises NotFound when there is none, or it is deleted and that is not asked for."""
        return self.record(self.row(key, deleted=deleted))

    def record(self, row: Row) -> dict[str, Any]:
        """The record of a row that a read of `crmcli.store.cases` returned."""
        return cases.record(row, self.app.now)

    def find(self, which: str) -> dict[str, Any]:
        """The record that is meant: by its id, or by whom its only open case is about."""
        return self.get(self.key(which))

    def detail(self, which: str) -> dict[str, Any]:
        """As `find`, deleted ones by their id, with what happened.

        Returns:
            The record with `clock`, see `CaseClock.clock`; `history`, the times in each status; `interactions` and
            `followups`, the records of both, in the order in which they happened or are due.
        """
        named = parse_ref(which.strip())
        record = self.get(named[1], deleted=True) if named and named[0] == "case" else self.find(which)
        key, store = key_of(record["id"]), self.app.store
        logged = interactions.of_case(store, key)
        promised = followups.of_case(store, key)
        return {
            **record,
            **self.app.caseclock.told(self.row(key, deleted=True)),
            "interactions": interactions.records(store, logged),
            "followups": [self.app.followups.record(row) for row in promised],
        }

    def page(
        self,
        text: str = "",
        *,
        sort: str = "due",
        limit: int | None = None,
        all_states: bool = False,
        deleted: bool = False,
    ) -> Page:
        """The cases that match a filter.

        Args:
            text: the filter. Without one that asks for a status, or `all_states`, only those match that are neither
                resolved nor closed.
            sort: due, opened, priority or created; a leading `-` reverses.
            limit: how many at most; None for all.
            all_states: those that are resolved or closed, too.
            deleted: the deleted ones instead.
        """
        also = {"due_at": "due", "opened_at": "opened", "created_at": "created"}
        sort, node, now = sort_key("cases", sort, cases.SORTS, also), parse(text), self.app.now
        where = cases.condition(self.app.store, node, self.app.clock, self.app.users.key, now)
        only_open = not all_states and not deleted and not mentions(node, *OF_ENDED)
        rows = cases.page(self.app.store, where, sort, limit, only_open=only_open, deleted=deleted)
        more = limit is not None and len(rows) > limit
        return Page([cases.record(row, now) for row in (rows[:limit] if more else rows)], more)

    def matching(self, text: str) -> list[str]:
        """The ids of all open cases that match a filter that is not empty; others where it asks for their status."""
        if not text.strip():
            raise UsageError("an empty filter would mean every case", "write a filter such as 'over:yes'")
        return [str(item["id"]) for item in self.page(text).items]

    # --- changing

    def open(self, who: str, subject: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Open a case of a contact or company; returns the record.

        Args:
            who: the contact or company.
            subject: what it is about, in a line.
            given: `description`; `priority`, `type`, `channel`, `owner` (me), `product` and `order` as the flags name
                them; `at`, when it came; `interaction`, the id of the logged contact in which it came; `set`, KEY=VALUE
                each; `external`, SOURCE:KEY.

        Raises:
            UsageError: a value that cannot be understood, or a time that is still to come.
            NotFound, Ambiguous: see `Who.find`.
        """
        party = self.app.who.find(who)
        came = self._came_in(given)
        values = {**came, **self.values({"owner": ME, **given})}
        opened_at = self._opened_at(given, came)
        with self.app.writing() as gate:
            key = self.begin(gate, party, subject, values, opened_at)
            if given.get("interaction"):
                gate.update("interaction", self.app.who.record(given["interaction"], "interaction"), {"case_id": key})
            return self.get(key)

    def begin(self, gate: "Gate", party: Match, subject: str, values: Mapping[str, Any], opened_at: str) -> int:
        """Write a new case with checked columns, its targets and its first status; returns its key."""
        priority = str(values.get("priority") or "normal")
        targets = {f"{one}_due_at": self.app.sla.due(one, priority, opened_at) for one in TARGETS}
        row = {
            **values,
            **targets,
            **self._asker(party),
            "subject": _subject(subject),
            "opened_at": opened_at,
        }
        key = gate.insert("support_case", row)
        gate.insert("case_status", {"case_id": key, "status": "new", "entered_at": opened_at})
        return key

    def edit(self, which: str, given: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
        """Put a case right; returns the record, and whether anything differed.

        `given` is as for `open`, with `subject`, `resolution`, `who`, `satisfaction` and `unset`. A new priority gives
        new targets, counted from when the case was opened and moved on by its pauses, unless it is resolved; the target
        of the first answer stays when it was given.
        """
        key = self.key(which)
        row = self.row(key)
        values = self.values(given, row)
        if given.get("subject") is not None:
            values["subject"] = _subject(given["subject"])
        if given.get("who"):
            values |= self._asker(self.app.who.find(str(given["who"])))
        if values.get("priority", row["priority"]) != row["priority"]:
            values |= self.app.caseclock.targets(row, values["priority"])
        with self.app.writing() as gate:
            changed = gate.update("support_case", key, values)
            return self.get(key), changed

    def assign(self, which: Sequence[str], user: str | None) -> list[dict[str, Any]]:
        """Give cases to a user, or to nobody for None; returns the records. Raises NotFound for an unknown user."""
        keys = self.keys(which)
        with self.app.writing() as gate:
            owner = self.app.values.clean("support_case", {"owner": user or ""})
            for key in keys:
                gate.update("support_case", key, owner)
            return [self.get(key) for key in keys]

    def remove(self, which: Sequence[str]) -> list[dict[str, Any]]:
        """Delete cases softly; returns the records. `restore` brings them back."""
        keys = self.keys(which)
        with self.app.writing() as gate:
            for key in keys:
                gate.update("support_case", key, {"deleted_at": gate.now})
            return [self.get(key, deleted=True) for key in keys]

    def restore(self, which: Sequence[str]) -> list[dict[str, Any]]:
        """Bring deleted cases back; returns the records.

        Raises:
            NotFound: one of them is not deleted, or there is none; nothing is changed then.
        """
        found = [self._by_id(one, deleted=True) for one in which]
        for one in found:
            if not one["deleted_at"]:
                raise NotFound(
                    f"there is no deleted case {one['id']}", f"it is {one['status']}, and nothing is to be done"
                )
        keys = list(dict.fromkeys(key_of(one["id"]) for one in found))
        with self.app.writing() as gate:
            for key in keys:
                gate.update("support_case", key, {"deleted_at": None})
            return [self.get(key) for key in keys]

    # --- which one

    def keys(self, which: Sequence[str]) -> list[int]:
        """The keys of the cases that are named, each once."""
        return list(dict.fromkeys(self.key(one) for one in which))

    def key(self, which: str) -> int:
        """The key of the case that an id names, or the contact or company whose only open one it is.

        Raises:
            NotFound: there is none.
            Ambiguous: there are several open ones, and nobody to ask.
        """
        named = parse_ref(which.strip())
        if named and named[0] == "case":
            return key_of(self._by_id(which)["id"])
        party = self.app.who.find(which)
        rows = cases.open_of(self.app.store, party.noun, party.id, MOST_CANDIDATES)
        if len(rows) == 1:
            return int(rows[0]["id"])
        if not rows:
            hint = f"open one: crm case open {party.ref} SUBJECT; or say it with the id, such as cs12"
            raise NotFound(f"there is no open case of {party.name} ({party.ref})", hint)
        options = [(ref("case", row["id"]), f"{row['status']}, {row['priority']}: {row['subject']}") for row in rows]
        picked = self.app.choose(f"Which case of {party.name}?", options)
        if picked is None:
            hint = f"say it with the id, for example {options[0][0]}"
            raise Ambiguous(f"there are several open cases of {party.name}", options, hint)
        return key_of(picked)

    def row(self, key: int, *, deleted: bool = False) -> Row:
        """The row with this key, see `crmcli.store.cases.get`. Raises NotFound."""
        row = cases.get(self.app.store, key, deleted=deleted)
        if row is None:
            gone = cases.get(self.app.store, key, deleted=True)
            mine = ref("case", key)
            hint = f"it is deleted; crm case restore {mine} brings it back" if gone else "see: crm case list"
            raise NotFound(f"there is no case {mine}", hint)
        return row

    def _by_id(self, which: str, *, deleted: bool = False) -> dict[str, Any]:
        named = parse_ref(which.strip())
        if named is None or named[0] != "case":
            raise UsageError(f"'{which}' is not the id of a case", "an id looks like cs12")
        return self.get(named[1], deleted=deleted)

    # --- values

    def values(self, given: Mapping[str, Any], row: Row | None = None) -> dict[str, Any]:
        """The columns that are given, as they are stored."""
        known = {name: given[name] for name in PLAIN if given.get(name) is not None}
        values = self.app.values.clean("support_case", known)
        if given.get("satisfaction") is not None:
            values |= self.app.values.clean("interaction", {"satisfaction": given["satisfaction"]})
        return {**values, **extras.columns(self.app, "support_case", given, row)}

    def _asker(self, party: Match) -> dict[str, Any]:
        """Whose it is: a contact's, and of the company in whose name they speak."""
        if party.noun == "company":
            return {"contact_id": None, "company_id": party.id}
        company = interactions.primary_company(self.app.store, party.id, self.app.clock.today().isoformat())
        return {"contact_id": party.id, "company_id": company}

    def _came_in(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """What a case has from the logged contact in which it came."""
        if not given.get("interaction"):
            return {}
        found = self.app.interactions.find(str(given["interaction"]))
        if found["deleted_at"]:
            raise UsageError(f"{found['id']} is deleted", f"bring it back first: crm interaction restore {found['id']}")
        return {"channel": found["channel"]}

    def _opened_at(self, given: Mapping[str, Any], came: Mapping[str, Any]) -> str:
        if given.get("at"):
            moment = self.app.values.instant(str(given["at"]))
            if moment > self.app.now:
                raise UsageError(f"'{given['at']}' is still to come", "a case is opened when it came, or now")
            return moment
        if came:
            return str(self.app.interactions.find(str(given["interaction"]))["occurred_at"])
        return self.app.now


def ended(record: Mapping[str, Any]) -> bool:
    """Whether a case is resolved or closed."""
    return record["status"] in ENDED


def about(record: Mapping[str, Any]) -> str:
    """What a case is about and whose it is: "Wheel stuck (Ada Lovelace c1)"."""
    party = record["contact"] or record["company"]
    return f"{record['subject']} ({name_of(party)} {party['id']})" if party else str(record["subject"])


def _subject(text: object) -> str:
    subject = check_text(str(text), what="subject", max_length=LONGEST_SUBJECT)
    if not subject:
        raise UsageError("a case needs a subject", "say what it is about, for example: 'Wheel stuck'")
    return subject
