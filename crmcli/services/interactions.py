"""Contacts that happened: logging them in both directions, and putting right what was logged."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crmcli.kernel import dates
from crmcli.kernel.errors import NotFound, UsageError
from crmcli.kernel.ids import ref
from crmcli.kernel.page import Page
from crmcli.model.enums import FAILED
from crmcli.services.casesteps import NEW
from crmcli.services.who import Match
from crmcli.store import interactions

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

DIRECTIONS = {"in": "inbound", "out": "outbound", "note": "internal"}
USUAL_CHANNEL = {"inbound": "call", "outbound": "call", "internal": "note"}
LONGEST_SUBJECT = 80
REQUIRED = ("direction", "channel", "occurred_at")
# Without a text at least one of these says what happened.
TELLING = ("subject", "outcome", "duration", "satisfaction", "message_id")
CONTACTING = {"direction", "channel"}
"""A change of these may mean that somebody was contacted against a refusal."""
REPEATED = ("occurred_at", "direction", "deleted_at")


class Interactions:
    """The log of contacts."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def log(self, direction: str, who: Sequence[str], text: str | None, given: Mapping[str, Any]) -> dict[str, Any]:
        """Record a contact that happened; returns the record. See `write`."""
        with self.app.writing() as gate:
            key = self.write(direction, who, text, given)
            gate.refresh()
            return self.get(key)

    def write(self, direction: str, who: Sequence[str], text: str | None, given: Mapping[str, Any]) -> int:
        """Record a contact that happened; returns its key.

        Args:
            direction: `in`, `out` or `note`, or a stored direction.
            who: contacts or companies that took part, the most important first.
            text: what was said, Markdown; None when there is nothing to say beyond the other values.
            given: values as the flags of `crm log` name them: channel, outcome, at, duration, subject, satisfaction;
                `followup`, a date by which something was promised, `every`, a rule by which it is to be done again,
                and `followup_subject`; `no_aftercare`, not to plan what the settings want after some outcomes
                (`crmcli.services.aftercare`); `case`, the id of the case that it belongs to, or `new` for one that it
                opens, with `priority`, `type`, `product` and `order` (`crmcli.services.casesteps`); `was_asked`, that
                it answers whether a case was solved.

        Raises:
            UsageError: a value that cannot be understood, or a time that is still to come.
            NotFound, Ambiguous: see `Who.find`.
        """
        people = list(dict.fromkeys(self.app.who.find(one) for one in who))
        if not people:
            raise UsageError("nobody was named", "name a contact or company")
        kind = DIRECTIONS.get(direction, direction)
        if text is None and not any(given.get(name) for name in TELLING):
            raise UsageError(
                "nothing was said of what happened", "give the text, or --subject, --outcome or --duration"
            )
        with self.app.writing() as gate:
            values = {
                "direction": kind,
                "channel": USUAL_CHANNEL.get(kind),
                "occurred_at": self.app.now,
                "body": _body(text),
                "user_id": gate.actor.id,
                **self._clean(given),
            }
            values["case_id"] = self._case(people[0], values, given)
            key = gate.insert("interaction", values)
            for person in people:
                self._take_part(gate, key, person, values)
            self._warn([person.ref for person in people], values)
            if kind == "outbound" and values.get("outcome") not in FAILED:
                self.app.leads.touched(gate, [person.id for person in people if person.noun == "contact"])
            if given.get("followup") or given.get("every"):
                self._promise(people[0], key, values, given)
            elif not given.get("no_aftercare"):
                self.app.aftercare.follow(people[0], key, values)
            if values["case_id"] is not None and given.get("case") != NEW:
                self.app.casesteps.joined(values["case_id"], values, was_asked=bool(given.get("was_asked")))
            return key

    def edit(self, which: str, given: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
        """Put right what was logged; returns the record, and whether anything differed.

        `given` is as for `write`, with `direction`, `text`, `add_participant` and `remove_participant`; `case`, an id
        or "" for none, changes nothing of the case itself. A new outcome is followed by what the settings want after it
        (`AfterCare.settle`), unless `no_aftercare` is given.
        """
        key = self.app.who.record(which, "interaction")
        if self.get(key)["deleted_at"]:
            raise UsageError(f"{which} is deleted", f"bring it back first: crm interaction restore {which}")
        joining = [self.app.who.find(one) for one in given.get("add_participant") or ()]
        leaving = [self.app.who.find(one) for one in given.get("remove_participant") or ()]
        with self.app.writing() as gate:
            before = gate.changes
            values = self._clean(given)
            if given.get("text") is not None:
                values["body"] = _body(str(given["text"]))
            if given.get("case") is not None:
                values["case_id"] = self.app.cases.key(str(given["case"])) if given["case"] else None
            outcome = gate.fetch("interaction", key)["outcome"]
            gate.update("interaction", key, values)
            self._move_participants(gate, key)
            for person in joining:
                self._join(gate, key, person)
            for person in leaving:
                self._part(gate, key, person)
            if (joining or leaving) and gate.changes > before:
                gate.touch("interaction", key)
            told = gate.fetch("interaction", key)
            if gate.changes > before:
                everybody = [str(one["id"]) for one in self.get(key)["participants"]]
                self._warn(everybody if CONTACTING & values.keys() else [person.ref for person in joining], told)
            if told["outcome"] != outcome and not given.get("no_aftercare"):
                self.app.aftercare.settle(key, told)
            gate.refresh()
            return self.get(key), gate.changes > before

    def _warn(self, people: Sequence[str], values: Mapping[str, Any]) -> None:
        """Tell of those, by their ids, whom we contacted though they do not want that."""
        for who in people if values["direction"] == "outbound" else ():
            self.app.consents.warn_of(who, values["channel"])

    def remove(self, which: Sequence[str]) -> list[int]:
        """Delete logged contacts softly; returns their keys."""
        return self._mark(which, self.app.now)

    def restore(self, which: Sequence[str]) -> list[int]:
        """Bring deleted ones back; returns their keys."""
        return self._mark(which, None)

    def _mark(self, which: Sequence[str], deleted_at: str | None) -> list[int]:
        keys = [self.app.who.record(one, "interaction") for one in which]
        with self.app.writing() as gate:
            for key in keys:
                gate.update("interaction", key, {"deleted_at": deleted_at})
                self._move_participants(gate, key)
        return keys

    def get(self, key: int) -> dict[str, Any]:
        """The record with this key."""
        rows = self.app.store.rows("SELECT * FROM interaction WHERE id = ?", [key])
        return interactions.records(self.app.store, rows)[0]

    def find(self, which: str) -> dict[str, Any]:
        """The record with this id."""
        return self.get(self.app.who.record(which, "interaction"))

    def page(self, text: str = "", *, limit: int | None = None, sort: str = "-at", deleted: bool = False) -> Page:
        """What was logged and matches a filter, newest first; `sort` is `at` or `-at`."""
        if sort.lstrip("-") != "at":
            raise UsageError(f"interactions cannot be sorted by '{sort}'", "use at (oldest first) or -at")
        store = self.app.store
        where = interactions.condition(store, text, self.app.clock, self.app.users.key)
        rows = interactions.page(store, where, limit, oldest_first=sort == "at", deleted=deleted)
        more = limit is not None and len(rows) > limit
        return Page(interactions.records(store, rows[:limit] if more else rows), more)

    def _clean(self, given: Mapping[str, Any]) -> dict[str, Any]:
        known = {name: value for name, value in given.items() if name not in ("text", "body")}
        if given.get("direction"):
            known["direction"] = DIRECTIONS.get(str(given["direction"]), str(given["direction"]))
        values = self.app.values.clean("interaction", known)
        # What cannot be empty stays as it is when it is given as an empty text.
        values = {name: value for name, value in values.items() if value is not None or name not in REQUIRED}
        if values.get("occurred_at", "") > self.app.now:
            message = f"'{given.get('at') or given.get('occurred_at')}' is still to come"
            raise UsageError(message, "what is planned is a follow-up: crm followup add WHO TEXT --due WHEN")
        if known.get("message_id") is not None:
            values["message_id"] = str(known["message_id"])
        return values

    def check(self, given: Mapping[str, Any]) -> None:
        """Refuse values that cannot be understood, before a person writes a text that would be lost with them."""
        self._clean(given)
        if given.get("case") and str(given["case"]).lower() != NEW:
            self.app.cases.key(str(given["case"]))
        if given.get("followup"):
            dates.parse(str(given["followup"]), self.app.clock)
        if given.get("every"):
            self.app.recurring.check(str(given["every"]))

    def _case(self, person: Match, values: Mapping[str, Any], given: Mapping[str, Any]) -> int | None:
        """The key of the case that a contact belongs to, which it may open; None for no case."""
        named = self.app.casesteps.checked(values["direction"], given)
        if named == NEW:
            return self.app.casesteps.opened_by(person, values, given)
        return self.app.cases.key(named) if named else None

    def _take_part(self, gate: "Gate", key: int, person: Match, values: Mapping[str, Any]) -> None:
        contact = person.id if person.noun == "contact" else None
        today = self.app.clock.today().isoformat()
        company = person.id if contact is None else interactions.primary_company(self.app.store, person.id, today)
        row = {"interaction_id": key, "contact_id": contact, "company_id": company}
        gate.insert("participant", {**row, "occurred_at": values["occurred_at"], "direction": values["direction"]})

    def _move_participants(self, gate: "Gate", key: int) -> None:
        """Let the participants repeat the time, direction and deletion of their interaction."""
        row = gate.fetch("interaction", key)
        for person in interactions.participants(self.app.store, key):
            gate.update("participant", person["id"], {name: row[name] for name in REPEATED})

    def _join(self, gate: "Gate", key: int, person: Match) -> None:
        if not self._rows_of(key, person):
            self._take_part(gate, key, person, gate.fetch("interaction", key))

    def _part(self, gate: "Gate", key: int, person: Match) -> None:
        gone = self._rows_of(key, person)
        if not gone:
            raise NotFound(f"{person.name} took no part in {ref('interaction', key)}", "see: crm interaction show")
        if len(interactions.participants(self.app.store, key)) == len(gone):
            raise UsageError(f"{person.name} is the only one who took part", "add another first, or delete the whole")
        for row in gone:
            gate.delete("participant", row["id"])

    def _rows_of(self, key: int, person: Match) -> list[dict[str, Any]]:
        rows = interactions.participants(self.app.store, key)
        if person.noun == "contact":
            return [row for row in rows if row["contact_id"] == person.id]
        return [row for row in rows if row["contact_id"] is None and row["company_id"] == person.id]

    def _promise(self, person: Match, key: int, values: Mapping[str, Any], given: Mapping[str, Any]) -> None:
        first_line = (values["body"] or "").partition("\n")[0].replace("**", "").strip("#>*-_ ")
        said = values.get("subject") or first_line or "what was said"
        subject = given.get("followup_subject") or f"Follow up: {said}"
        if len(subject) > LONGEST_SUBJECT and not given.get("followup_subject"):
            subject = subject[: LONGEST_SUBJECT - 1].rstrip() + "…"
        promised = {"due": given.get("followup"), "every": given.get("every"), "interaction_id": key}
        promised |= {"since": values["occurred_at"], "deal": given.get("deal")}
        record = self.app.followups.add(person.ref, subject, promised)
        repeats = f", {record['recurrence']['words']}" if record["recurrence"] else ""
        self.app.notes.append(f"follow-up {record['id']} due {self.app.followups.due_text(record)}{repeats}")


def _body(text: str | None) -> str | None:
    """The text to store; None for none.

    Raises:
        UsageError: it was given and is empty.
    """
    if text is None:
        return None
    body = text.replace("\r\n", "\n").strip("\n")
    if not body.strip():
        raise UsageError("the text is empty", "say what happened, or leave the text out and give --outcome")
    return body
