"""Taking in what is planned: events to come and tasks of a calendar, and follow-ups of another database."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crmcli.importers.base import Draft
from crmcli.kernel.clock import instant
from crmcli.kernel.customers import customer, name_of
from crmcli.kernel.errors import CrmError, DatabaseUnavailable, UsageError
from crmcli.services.importing.options import Options
from crmcli.services.importing.outcome import CREATED, ERASED, REJECTED, SKIPPED, UNCHANGED, UPDATED, Outcome
from crmcli.services.importing.people import Offered, Party, People
from crmcli.services.importing.team import Team
from crmcli.store import followups, messages
from crmcli.store.messages import Known

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

NOUN = "followup"
TEXTS = (
    *("uid", "subject", "note", "channel", "due_at", "timezone", "status", "priority", "closed_at"),
    *("first_due_at", "outcome_note"),
)
TIMES = ("due_at", "closed_at", "first_due_at")
CLOSED = ("done", "cancelled")
LONGEST_SUBJECT = 1000
MOST_TOLD = 10
"""So many customers who are not to be contacted are named; the others are counted."""
Values = Mapping[str, Any]


class Landing:
    """Taking in follow-ups.

    Args:
        app: the App.
        gate: of the open transaction.
        options: how the import is meant.

    `odd` counts what is worth a note.
    """

    def __init__(self, app: "App", gate: "Gate", options: Options) -> None:
        self.app = app
        self.gate = gate
        self.options = options
        self.people = People(app, options)
        self.team = Team(app.store, gate.actor.id)
        self.odd: dict[str, int] = {}
        self._planned: list[int] = []

    @property
    def offered(self) -> Offered:
        """People who are not known."""
        return self.people.offered

    @offered.setter
    def offered(self, offered: Offered) -> None:
        self.people.offered = offered

    def land(self, drafts: Sequence[Draft]) -> list[Outcome]:
        """Write those that are not here yet and bring the others up to date; returns what became of each."""
        uids = [str(draft.values["uid"]) for draft in drafts if draft.values.get("uid")]
        known = messages.by_uid(self.app.store, NOUN, uids)
        held = messages.by_uid(self.app.store, "interaction", uids)
        self.people.look(drafts)
        outcomes = []
        for draft in drafts:
            uid = str(draft.values.get("uid") or "")
            if uid in held and uid not in known:
                outcomes.append(Outcome(UNCHANGED, "interaction", held[uid].id))
                continue
            kept = self.people.without_erased(draft)
            outcome = Outcome(SKIPPED, NOUN, None, ERASED) if kept is None else self._one(kept, known.get(uid))
            outcomes.append(outcome)
            if outcome.id is not None and uid:
                known[uid] = Known(outcome.id, False)
        return outcomes

    def finish(self) -> None:
        """Count, once all is written, what is planned now about customers who are not to be contacted."""
        for row in followups.refused(self.app.store, self._planned):
            about = customer(self.app.followups.record(row))
            odd = f"planned with {name_of(about)} ({about['id']}), who is not to be contacted"
            if odd not in self.odd and len(self.odd) >= MOST_TOLD:
                odd = "planned with others who are not to be contacted"
            self.odd[odd] = self.odd.get(odd, 0) + 1
        self._planned.clear()

    def _one(self, draft: Draft, known: Known | None) -> Outcome:
        try:
            with self.app.store.savepoint():
                return self._taken(draft, known)
        except DatabaseUnavailable:
            raise
        except CrmError as error:
            return Outcome(REJECTED, NOUN, None, f"{error.message}; {error.hint}" if error.hint else error.message)

    def _taken(self, draft: Draft, known: Known | None) -> Outcome:
        values = draft.values
        if known is not None:
            changed = not known.deleted and self._update(known.id, values)
            return Outcome(UPDATED if changed else UNCHANGED, NOUN, known.id)
        if values.get("status") == "cancelled":
            return Outcome(SKIPPED, NOUN, None, "it was cancelled")
        parties = self.people.of(draft)
        if not parties:
            erased = any(map(self.people.is_erased, values.get("people", ())))
            return Outcome(SKIPPED, NOUN, None, ERASED if erased else "nobody in it is known")
        return Outcome(CREATED, NOUN, self._write(values, parties[0]))

    def _write(self, values: Values, party: Party) -> int:
        row = _row(values)
        row["subject"] = str(row.get("subject") or "Follow up")[:LONGEST_SUBJECT]
        row.setdefault("first_due_at", row.get("due_at"))
        if row.get("status") in CLOSED:
            row.setdefault("closed_at", self.app.now)
        row |= self.app.recurring.from_elsewhere(values, row) if values.get("every") else {}
        owner = {"contact_id": party.contact} if party.contact is not None else {"company_id": party.company}
        self._planned.append(self.gate.insert(NOUN, {**row, **owner, "owner_id": self.team.member(values, "owner")}))
        return self._planned[-1]

    def _update(self, key: int, values: Values) -> bool:
        """Follow what the source changed of an open one. What was put off or closed here stays so."""
        before, given = self.gate.fetch(NOUN, key), _row(values)
        if before["status"] != "open" or self.options.on_match == "skip":
            return False
        changed: dict[str, Any] = {name: given[name] for name in ("subject", "note") if name in given}
        if given.get("due_at") not in (None, before["first_due_at"], before["due_at"]):
            changed |= {name: given[name] for name in ("due_at", "all_day", "timezone") if name in given}
            changed["first_due_at"] = given["due_at"]
        if self.options.on_match == "fill":
            changed = {name: value for name, value in changed.items() if before[name] in (None, "")}
        if given.get("status") in CLOSED:
            changed |= {"status": given["status"], "closed_at": given.get("closed_at") or self.app.now}
        return self.gate.update(NOUN, key, changed)


def _row(values: Values) -> dict[str, Any]:
    """The columns that a draft fills. Raises UsageError for a time that is none."""
    row: dict[str, Any] = {name: str(values[name]) for name in TEXTS if values.get(name) not in (None, "")}
    for name in TIMES:
        try:
            instant(row.get(name, "1970-01-01T00:00:00Z"))
        except ValueError as error:
            raise UsageError(str(error), "for example 2026-11-20T10:00:00Z") from error
    if "due_at" in row:
        row["all_day"] = int(bool(values.get("all_day")))
    if type(values.get("snooze_count")) is int:
        row["snooze_count"] = values["snooze_count"]
    return row
