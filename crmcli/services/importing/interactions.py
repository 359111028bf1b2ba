"""Taking in messages and meetings as logged contacts: each once, with who took part, its thread and attachments."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crmcli.importers.base import Draft
from crmcli.kernel.errors import CrmError, DatabaseUnavailable, UsageError
from crmcli.services.importing.options import Options
from crmcli.services.importing.outcome import CREATED, REJECTED, SKIPPED, UNCHANGED, UPDATED, Outcome
from crmcli.services.importing.people import Offered, People
from crmcli.services.who import Match
from crmcli.store import interactions, messages
from crmcli.store.schema import TABLES

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

NOUN = "interaction"
COLUMNS = (
    "uid", "direction", "channel", "occurred_at", "duration", "subject", "body", "outcome", "satisfaction",
    "message_id",
)  # fmt: skip
MAIL = ("thread", "in_reply_to", "quoted")
ATTACHMENT = ("name", "media_type", "size", "digest")


class Landing:
    """Taking in interactions.

    Args:
        app: the App.
        gate: of the open transaction.
        options: how the import is meant.

    `offered` holds people who are not known: address -> name and number of messages.
    """

    def __init__(self, app: "App", gate: "Gate", options: Options) -> None:
        self.app = app
        self.gate = gate
        self.options = options
        self.people = People(app, options)
        self.users = messages.users_by_email(app.store)
        self.today = app.clock.today().isoformat()
        self._companies: dict[int, int | None] = {}

    @property
    def offered(self) -> Offered:
        """People who are not known."""
        return self.people.offered

    @offered.setter
    def offered(self, offered: Offered) -> None:
        self.people.offered = offered

    def land(self, drafts: Sequence[Draft]) -> list[Outcome]:
        """Write those that are not here yet; returns what became of each, in their order."""
        store = self.app.store
        by_message = messages.by_message_id(store, _all(drafts, "message_id"))
        by_uid = messages.by_uid(store, NOUN, _all(drafts, "uid"))
        self.people.look(drafts)
        outcomes = []
        for draft in drafts:
            message_id, uid = draft.values.get("message_id"), draft.values.get("uid")
            known = by_message.get(str(message_id)) or by_uid.get(str(uid))
            outcome = self._one(draft, known)
            outcomes.append(outcome)
            if outcome.id is not None:  # the same message may come again in this chunk
                by_message[str(message_id)] = outcome.id
        return outcomes

    def _one(self, draft: Draft, known: int | None) -> Outcome:
        values = draft.values
        if known is not None:
            return Outcome(UPDATED if self._complete(known, values) else UNCHANGED, NOUN, known)
        if self.options.since and str(values.get("occurred_at", "")) < self.options.since:
            return Outcome(SKIPPED, NOUN, None, "it is older than --since")
        try:
            with self.app.store.savepoint():
                people = self.people.of(draft)
                if not people:
                    return Outcome(SKIPPED, NOUN, None, "nobody in it is known")
                return Outcome(CREATED, NOUN, self._write(values, people))
        except CrmError as error:
            if isinstance(error, DatabaseUnavailable):
                raise
            return Outcome(REJECTED, NOUN, None, f"{error.message}; {error.hint}" if error.hint else error.message)

    def _write(self, values: Mapping[str, Any], people: Sequence[Match]) -> int:
        row = {name: values[name] for name in COLUMNS if values.get(name) not in (None, "")}
        if str(row.get("occurred_at", "")) > self.app.now:
            raise UsageError("it lies in the future", "what is planned is a follow-up")
        row["user_id"] = self._user(values)
        key = self.gate.insert(NOUN, row)
        for person in people:
            self._take_part(key, person, row)
        mail = {name: _cut("message", name, values[name]) for name in MAIL if values.get(name)}
        if mail:
            self.gate.insert("message", {"interaction_id": key, **mail})
        for entry in values.get("attachments", ()):
            self._attach(key, entry)
        self._held(values)
        return key

    def _take_part(self, key: int, person: Match, row: Mapping[str, Any]) -> None:
        contact = person.id if person.noun == "contact" else None
        company = person.id if contact is None else self._company(person.id)
        took_part = {"interaction_id": key, "contact_id": contact, "company_id": company}
        when = {"occurred_at": row["occurred_at"], "direction": row["direction"]}
        self.gate.insert("participant", {**took_part, **when})

    def _company(self, contact: int) -> int | None:
        if contact not in self._companies:
            self._companies[contact] = interactions.primary_company(self.app.store, contact, self.today)
        return self._companies[contact]

    def _user(self, values: Mapping[str, Any]) -> int:
        """The member of the team who wrote or was written to; else who imports."""
        for address in values.get("team", ()):
            if str(address).casefold() in self.users:
                return self.users[str(address).casefold()]
        return self.gate.actor.id

    def _attach(self, key: int, entry: Mapping[str, Any]) -> None:
        row = {name: entry[name] for name in ATTACHMENT}
        self.gate.insert("attachment", {"interaction_id": key, **row, "name": str(row["name"])[:500]})
        self._keep(entry)

    def _keep(self, entry: Mapping[str, Any]) -> bool:
        """Keep the bytes of an attachment where they are given and not kept yet."""
        content = entry.get("content")
        if content is None or messages.has_content(self.app.store, str(entry["digest"])):
            return False
        messages.keep_content(self.gate, str(entry["digest"]), content() if callable(content) else str(content))
        return True

    def _complete(self, known: int, values: Mapping[str, Any]) -> bool:
        """Keep attachments of a message that is here, when they are wanted now and were not before."""
        if not self.options.keep_attachments:
            return False
        kept = [self._keep(entry) for entry in values.get("attachments", ())]
        if any(kept):
            self.gate.touch(NOUN, known)
        return any(kept)

    def _held(self, values: Mapping[str, Any]) -> None:
        """Close the follow-up that an event was before it was held."""
        uid = values.get("uid") if values.get("channel") == "meeting" else None
        found = messages.by_uid(self.app.store, "followup", [str(uid)]) if uid else {}
        for key in found.values():
            if self.gate.fetch("followup", key)["status"] == "open":
                self.app.followups.done([f"f{key}"], {})


def _all(drafts: Sequence[Draft], name: str) -> list[str]:
    return [str(draft.values[name]) for draft in drafts if draft.values.get(name)]


def _cut(table: str, name: str, value: Any) -> str:
    """A text cut to what its column holds: a header can be longer than any honest one."""
    return str(value)[: TABLES[table].columns[name].length]
