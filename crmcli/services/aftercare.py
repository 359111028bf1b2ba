"""After-care: asking whether it was solved, some days after a contact that ended so.

The settings say after which outcomes (`aftercare.outcomes`, none by default) and how much later (`aftercare.after`).
What is planned is a follow-up like any other, in the transaction of what it follows.
"""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from crmcli.kernel.clock import instant
from crmcli.kernel.spans import parse_span
from crmcli.services.who import Match
from crmcli.store import interactions, replies

if TYPE_CHECKING:
    from crmcli.app import App

SUBJECT = "Did that solve it?"
# What the setting aftercare.after is without being set.
AFTER = "3d"
# On these the question is asked as the matter was dealt with; on others the person who asks chooses.
ASKED_ON = ("call", "email")


CONTENT = 3
"""The least satisfaction of somebody who does not complain."""


def outcome(satisfaction: object) -> str | None:
    """The outcome of an answer to the question, where none was told: only who complains waits for a reply."""
    try:
        return "replied" if int(str(satisfaction)) >= CONTENT else None
    except ValueError:
        return None


class AfterCare:
    """Planning to ask."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def follow(self, party: Match, interaction: int, values: Mapping[str, Any]) -> dict[str, Any] | None:
        """Plan to ask after a contact that was logged, if the settings want that of its outcome; see `plan`.

        Args:
            party: with whom it was.
            interaction: its key.
            values: its `direction`, `outcome`, `channel` and `occurred_at`.
        """
        if not self._is_wanted(values):
            return None
        day = self.app.clock.local(instant(values["occurred_at"])).date()
        return self.plan(party, day, channel=values["channel"], interaction=interaction, case=values.get("case_id"))

    def settle(self, interaction: int, values: Mapping[str, Any]) -> dict[str, Any] | None:
        """Plan to ask after a contact whose outcome was told later: counted from today, since it is solved now.

        The first who took part is asked, unless something promised in that contact is still to be done, or the contact
        was the answer to that very question.

        Args:
            interaction: its key.
            values: its columns, with the new outcome.
        """
        store = self.app.store
        if not self._is_wanted(values) or replies.promised(store, [interaction]):
            return None
        if replies.closed_by(store, interaction, SUBJECT):
            return None
        asked = interactions.first_who_took_part(store, interaction)
        if asked is None:
            return None
        today, case = self.app.clock.today(), values["case_id"]
        return self.plan(Match(*asked), today, channel=values["channel"], interaction=interaction, case=case)

    def _is_wanted(self, values: Mapping[str, Any]) -> bool:
        """Whether the settings want to ask after a contact with these values."""
        outcomes = (self.app.config.get("aftercare.outcomes") or "").replace(",", " ").split()
        return values["direction"] != "internal" and values.get("outcome") in outcomes

    def plan(
        self,
        party: Match,
        solved_on: date,
        *,
        channel: str | None = None,
        interaction: int | None = None,
        case: int | None = None,
    ) -> dict[str, Any] | None:
        """Plan to ask whether it was solved, once; returns the follow-up, or None.

        Whatever gets solved can call it, in its own transaction: a logged contact does, by `follow`, and a case that is
        resolved. Nothing is planned about a customer who is not to be contacted, for a day that is over, or a second
        time for the same interaction or while the same case is to be asked about anyway.

        Args:
            party: whom to ask.
            solved_on: the day, in the person's zone, from which the span of the setting is counted.
            channel: how it was dealt with; a call or an e-mail is asked after in the same way.
            interaction: the key of the interaction that solved it.
            case: the key of the case that was solved.
        """
        try:
            due = parse_span(self.app.config.get("aftercare.after") or AFTER).after(solved_on)
        except OverflowError:
            return None
        if due < self.app.clock.today():
            return None
        if interaction is not None and replies.promised_in(self.app.store, interaction, SUBJECT):
            return None
        if case is not None and replies.asked_about(self.app.store, case, SUBJECT):
            return None
        with self.app.writing():
            if self.app.consents.against(party, channel):
                return None
            given = {"due": due.isoformat(), "interaction_id": interaction, "case_id": case}
            if channel in ASKED_ON:
                given["channel"] = channel
            record = self.app.followups.add(party.ref, SUBJECT, given)
        about = f"{SUBJECT} ({party.name} {party.ref})"
        self.app.notes.append(f"Planned {record['id']} due {self.app.followups.due_text(record)}: {about}")
        return record
