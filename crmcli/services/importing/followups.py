"""Taking in what is planned: events to come and tasks of a calendar, and follow-ups of another database."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crmcli.importers.base import Draft
from crmcli.kernel.errors import CrmError, DatabaseUnavailable
from crmcli.services.importing.options import Options
from crmcli.services.importing.outcome import CREATED, REJECTED, SKIPPED, UNCHANGED, UPDATED, Outcome
from crmcli.services.importing.people import Offered, People
from crmcli.services.who import Match
from crmcli.store import messages

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

NOUN = "followup"
COLUMNS = (
    "uid", "subject", "note", "channel", "due_at", "all_day", "timezone", "status", "priority", "closed_at",
    "first_due_at", "snooze_count", "outcome_note",
)  # fmt: skip
# Of one that is known, what the source may change; what was done here stays done.
CHANGED = ("subject", "note", "due_at", "all_day", "timezone")
LONGEST_SUBJECT = 1000


class Landing:
    """Taking in follow-ups; see `crmcli.services.importing.interactions.Landing`."""

    def __init__(self, app: "App", gate: "Gate", options: Options) -> None:
        self.app = app
        self.gate = gate
        self.options = options
        self.people = People(app, options)
        self.users = messages.users_by_email(app.store)

    @property
    def offered(self) -> Offered:
        """People who are not known."""
        return self.people.offered

    @offered.setter
    def offered(self, offered: Offered) -> None:
        self.people.offered = offered

    def land(self, drafts: Sequence[Draft]) -> list[Outcome]:
        """Write those that are not here yet and bring the others up to date; returns what became of each."""
        known = messages.by_uid(
            self.app.store, NOUN, [str(draft.values["uid"]) for draft in drafts if draft.values.get("uid")]
        )
        self.people.look(drafts)
        outcomes = []
        for draft in drafts:
            outcome = self._one(draft, known.get(str(draft.values.get("uid"))))
            outcomes.append(outcome)
            if outcome.id is not None and draft.values.get("uid"):
                known[str(draft.values["uid"])] = outcome.id
        return outcomes

    def _one(self, draft: Draft, known: int | None) -> Outcome:
        try:
            with self.app.store.savepoint():
                if known is not None:
                    return Outcome(UPDATED if self._update(known, draft.values) else UNCHANGED, NOUN, known)
                people = self.people.of(draft)
                if not people:
                    return Outcome(SKIPPED, NOUN, None, "nobody in it is known")
                return Outcome(CREATED, NOUN, self._write(draft.values, people[0]))
        except CrmError as error:
            if isinstance(error, DatabaseUnavailable):
                raise
            return Outcome(REJECTED, NOUN, None, f"{error.message}; {error.hint}" if error.hint else error.message)

    def _write(self, values: Mapping[str, Any], person: Match) -> int:
        row = {name: values[name] for name in COLUMNS if values.get(name) not in (None, "")}
        row["subject"] = str(row.get("subject") or "Follow up")[:LONGEST_SUBJECT]
        row["all_day"] = int(bool(row.get("all_day")))
        row.setdefault("first_due_at", row.get("due_at"))
        if row.get("status") in ("done", "cancelled"):
            row.setdefault("closed_at", self.app.now)
        return self.gate.insert(NOUN, {**row, f"{person.noun}_id": person.id, "owner_id": self._owner(values)})

    def _owner(self, values: Mapping[str, Any]) -> int:
        """The member of the team whose calendar it is; else who imports."""
        for address in values.get("team", ()):
            if str(address).casefold() in self.users:
                return self.users[str(address).casefold()]
        return self.gate.actor.id

    def _update(self, known: int, values: Mapping[str, Any]) -> bool:
        row = self.gate.fetch(NOUN, known)
        if row["deleted_at"] is not None or row["status"] != "open":
            return False
        changed = {name: values[name] for name in CHANGED if values.get(name) not in (None, "")}
        if "all_day" in changed:
            changed["all_day"] = int(bool(changed["all_day"]))
        if self.options.on_match in ("fill", "skip"):
            changed = {}
        if values.get("status") in ("done", "cancelled"):
            changed.update(status=values["status"], closed_at=values.get("closed_at") or self.app.now)
        return bool(changed) and self.gate.update(NOUN, known, changed)
