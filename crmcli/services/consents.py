"""Consent: whom we may contact, for what purpose, by what channel, and why not.

The one answer is `kernel.reach.refusal`.
"""

from collections.abc import Mapping
from json import loads
from typing import TYPE_CHECKING, Any

from crmcli.kernel.errors import NotFound, UsageError
from crmcli.kernel.ids import ref
from crmcli.kernel.page import Page
from crmcli.kernel.reach import EVERYDAY, MARKED, refusal
from crmcli.services.flags import key_name
from crmcli.services.values import choice
from crmcli.services.who import Match
from crmcli.store import origins
from crmcli.store.consents import allowed
from crmcli.store.schema import TABLES

if TYPE_CHECKING:
    from crmcli.app import App

Record = Mapping[str, Any]
SAID = ("state", "legal_basis", "source", "at")


class Consents:
    """What people agreed to."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def against(self, party: Match, channel: str | None = None) -> str | None:
        """Why everyday contact with somebody was not wanted; who merely has no address has not said so."""
        return refusal(self._record(party), EVERYDAY, channel, strict=False)

    def warn(self, party: Match, channel: str | None = None) -> None:
        """Note, where something is planned or was done with somebody, that it is not wanted."""
        reason = self.against(party, channel)
        if reason is not None:
            words = f"is {MARKED}" if reason == MARKED else f"does not want that: {reason}"
            self.app.notes.append(f"{party.name} ({party.ref}) {words}")

    def warn_of(self, which: str, channel: str | None) -> None:
        """As `warn`, of the contact or company with this id; nothing is told of one that was deleted."""
        try:
            party = self.app.who.find(which)
        except NotFound:
            return
        self.warn(party, channel)

    def _record(self, party: Match) -> dict[str, Any]:
        service = self.app.contacts if party.noun == "contact" else self.app.companies
        return service.get(party.id)

    def say(self, who: str, state: str, purpose: str, given: Mapping[str, Any]) -> tuple[Match, bool]:
        """Write down what somebody said; returns the contact, and whether that was new.

        Args:
            who: the contact.
            state: one of CONSENT_STATE.
            purpose: what for; `contact` for any contact at all.
            given: `channel`, `legal_basis`, `source`, and `at`, a date as people write it.

        Raises:
            UsageError: a value that cannot be understood, or a time that is still to come.
            NotFound, Ambiguous: see `Who.find`.
        """
        party = self.app.who.find(who, ("contact",))
        entry = {**given, "purpose": purpose_and_channel(purpose)[0], "state": state}
        entry.setdefault("channel", purpose_and_channel(purpose)[1])
        if state == "granted":
            entry.setdefault("legal_basis", "consent")
        if given.get("at"):
            entry["at"] = self.app.values.instant(str(given["at"]))
            if entry["at"] > self.app.now:
                raise UsageError(f"'{given['at']}' is still to come", "say when it was said, or leave it out")
        _, changed = self.app.contacts.edit(party.ref, {"consent": [entry]})
        return party, changed

    def show(self, who: str) -> tuple[Match, Page]:
        """What somebody agreed to, each purpose and channel with its history, the newest first.

        Records have `id` (purpose/channel), `contact`, `purpose`, `channel`, `state`, `legal_basis`, `source`, `at`,
        `may` (whether we may contact the person so), `reason` (why not), and `history`, a list of `at`, `state`,
        `source`, `by` and `operation`.
        """
        party = self.app.who.find(who, ("contact",))
        return party, Page(self.of(party))

    def of(self, party: Match) -> list[dict[str, Any]]:
        """The records of `show` of a contact."""
        record = self._record(party)
        history = self._history(party)
        found = []
        for one in record["consents"]:
            reason = refusal(record, one["purpose"], one["channel"])
            name = "/".join(filter(None, (one["purpose"], one["channel"])))
            known = history.get((one["purpose"], one["channel"]), [])
            about = {"id": name, "contact": party.ref, **one, "may": reason is None, "reason": reason}
            found.append({**about, "history": known})
        return found

    def _history(self, party: Match) -> dict[tuple[str, str | None], list[dict[str, Any]]]:
        """What the journal says of each purpose and channel, the newest first."""
        keys = [party.id, *origins.merged_into(self.app.store, "contact", party.id)]
        changes = [row for row in origins.changes(self.app.store, "contact", keys) if row["table_name"] == "consent"]
        operations = origins.operations(self.app.store, {row["operation_id"] for row in changes})
        rows: dict[int, dict[str, Any]] = {}
        found: dict[tuple[str, str | None], list[dict[str, Any]]] = {}
        for change in changes:
            if change["after"] is None:
                continue
            after = loads(change["after"])
            row = rows.setdefault(change["row_id"], {})
            row.update(after)
            if "state" in after and "purpose" in row:
                said = {name: row.get(name) for name in SAID}
                by = operations[change["operation_id"]]
                entry = {**said, "by": by["actor"], "operation": ref("operation", by["id"])}
                found.setdefault((row["purpose"], row.get("channel")), []).insert(0, entry)
        return found


def purpose_and_channel(text: str) -> tuple[str, str | None]:
    """`marketing/email` as purpose and channel. Raises UsageError for a channel that there is not."""
    purpose, _, channel = text.strip().partition("/")
    if not purpose.strip():
        raise UsageError("no purpose was named", "for example: marketing, or marketing/email")
    return key_name(purpose), choice(TABLES["consent"].columns["channel"], channel) if channel else None


def condition(text: str) -> tuple[str, list[object]]:
    """Who may be contacted for `marketing/email`, as SQL; see `crmcli.store.consents.allowed`."""
    return allowed(*purpose_and_channel(text))
