"""Leads: adding, qualifying, converting and handing over people who may become customers.

A lead is a contact at the stage lead, marketing_qualified or sales_qualified; `lead_status` says how the work on it
stands. What can be read of leads is in `leadreading`, their history in `leadhistory`, their score in `scores`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from crmcli.kernel.errors import UsageError
from crmcli.kernel.ids import key_of, ref
from crmcli.model.enums import LEAD_STAGES
from crmcli.services.leadreading import LeadReading
from crmcli.services.users import ME
from crmcli.store import leads
from crmcli.store.connection import Row
from crmcli.store.gate import Gate

QUALIFIED = LEAD_STAGES[1:]
BEFORE = (None, "subscriber", *LEAD_STAGES)
"""The stages of life up to a lead's, in their order; who says none comes before all of them."""
DEAL = ("amount", "currency", "stage", "pipeline", "probability", "close", "next", "next_due")
"""What may be said of the deal that a conversion opens."""


class Leads(LeadReading):
    """Leads."""

    def add(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Add a contact as a lead: a new one, mine, unless `given` says otherwise; returns the record.

        Args:
            name: the name.
            given: values as for `Contacts.add`; `source` for `lead_source`.

        Raises:
            UsageError: a value that cannot be understood, or a stage that is not a lead's.
        """
        values = {"lifecycle_stage": LEAD_STAGES[0], "lead_status": "new", "owner": ME, **given}
        if values.get("source") is not None:
            values["lead_source"] = values.pop("source")
        stage = self.app.values.clean("contact", values)["lifecycle_stage"]
        if stage not in LEAD_STAGES:
            raise UsageError(f"'{stage}' is not the stage of a lead", f"use one of: {', '.join(LEAD_STAGES)}")
        with self.app.writing():
            return self.get(key_of(self.app.contacts.add(name, values)["id"]))

    def qualify(self, who: Sequence[str], *, stage: str | None = None, note: str | None = None) -> list[dict[str, Any]]:
        """Let contacts come to the next stage of a lead, or to one that is named; returns the records.

        Args:
            who: contacts.
            stage: marketing_qualified or sales_qualified; without it the one after that at which each is.
            note: why, kept as a note about each.

        Raises:
            UsageError: one is there already, or further; nothing is changed then.
        """
        asked = _qualified(stage)

        def change(gate: Gate, row: Row) -> None:
            here = row["lifecycle_stage"]
            self._refuse_further(row)
            following = asked or (QUALIFIED[0] if here in (None, "subscriber", LEAD_STAGES[0]) else QUALIFIED[1])
            done = BEFORE.index(here) > BEFORE.index(following) or (
                here == following and row["lead_status"] == "qualified"
            )
            if done:
                mine = ref("contact", row["id"])
                raise UsageError(f"{mine} is {_words(here)} already", f"convert it: crm lead convert {mine}")
            gate.update("contact", row["id"], {"lifecycle_stage": following, "lead_status": "qualified"})
            self._note(row["id"], f"Qualified: {_words(following)}", note)

        return self._each(who, change)

    def disqualify(self, who: Sequence[str], reason: str | None) -> list[dict[str, Any]]:
        """Say of leads that nobody works on them any more; returns the records.

        Args:
            who: leads.
            reason: why, kept as a note about each.

        Raises:
            UsageError: one is no lead, or not qualified already, or there is no reason; nothing is changed then.
        """
        if not reason or not reason.strip():
            raise UsageError("it is not said why", "give --reason, for example: --reason 'no budget this year'")

        def change(gate: Gate, row: Row) -> None:
            self._refuse_further(row)
            if row["lead_status"] == "unqualified":
                mine = ref("contact", row["id"])
                raise UsageError(f"{mine} is not qualified already", f"to work on it again: crm lead qualify {mine}")
            gate.update("contact", row["id"], {"lead_status": "unqualified"})
            self._note(row["id"], "Not qualified", reason)

        return self._each(who, change)

    def convert(self, who: Sequence[str], given: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Make opportunities of leads, or customers; returns the records. Nothing of the contact is lost.

        Args:
            who: leads.
            given: `deal`, the name of a deal to open with each, with DEAL for its values; `customer`, whether each is a
                customer now; `note`, kept as a note about each; `no_next`, whether a deal without a next step is not
                told.

        Raises:
            UsageError: one is no lead, or a value is wrong; nothing is changed then.
        """
        customer = given.get("customer") or False
        if not isinstance(customer, bool):
            raise UsageError("customer is neither true nor false", '"customer": true')
        about = {name: given[name] for name in DEAL if given.get(name) is not None}
        if about and not given.get("deal"):
            flag = next(iter(about)).replace("_", "-")
            raise UsageError(f"--{flag} is said of no deal", "name the deal: --deal 'Engine No. 2'")

        def change(gate: Gate, row: Row) -> None:
            self._refuse_further(row)
            life = "customer" if customer else "opportunity"
            gate.update("contact", row["id"], {"lifecycle_stage": life, "lead_status": "converted"})
            self._note(row["id"], f"Converted: {life}", given.get("note"))
            if given.get("deal"):
                self._open_deal(row, str(given["deal"]), about, told=not given.get("no_next"))

        return self._each(who, change)

    def assign(self, who: Sequence[str], user: str | None) -> list[dict[str, Any]]:
        """Give leads to somebody of the team, or to nobody for None; returns the records."""
        owner = None if user is None else self.app.users.key(user)
        return self._each(who, lambda gate, row: gate.update("contact", row["id"], {"owner_id": owner}))

    def touched(self, gate: Gate, keys: Iterable[int]) -> None:
        """Note that we contacted somebody: a new lead is contacted now."""
        for key in leads.untouched(self.app.store, keys):
            gate.update("contact", key, {"lead_status": "contacted"})

    # --- what they have in common

    def _each(self, who: Sequence[str], change: Callable[[Gate, Row], object]) -> list[dict[str, Any]]:
        keys = self.keys(who)
        with self.app.writing() as gate:
            for key in keys:
                change(gate, gate.fetch("contact", key))
            gate.refresh()
            return self.records(keys)

    def _refuse_further(self, row: Row) -> None:
        mine, here = ref("contact", row["id"]), row["lifecycle_stage"]
        if here not in BEFORE:
            hint = f"to make it one again: crm contact edit {mine} --lifecycle-stage lead --lead-status new"
            raise UsageError(f"{row['display_name']} ({mine}) is {_words(here)}, not a lead", hint)

    def _note(self, key: int, subject: str, text: object) -> None:
        if text is not None and str(text).strip():
            given = {"subject": subject, "no_aftercare": True}
            self.app.interactions.write("note", [ref("contact", key)], str(text), given)

    def _open_deal(self, row: Row, name: str, about: Mapping[str, Any], *, told: bool) -> None:
        """Open a deal with a contact, in the name of its company, which came from where the lead came from.

        Whether it has no next step is `told`.
        """
        record = self.app.contacts.get(row["id"])
        values: dict[str, Any] = {"contact": record["id"], **about}
        if record["companies"]:
            values["company"] = record["companies"][0]["id"]
        if row["lead_source"]:
            values["source"] = row["lead_source"]
        if record["owner"]:
            values["owner"] = record["owner"]
        deal = self.app.deals.add(name, values)
        self.app.notes.append(f"Opened {deal['id']} with {record['display_name']}: {deal['name']}")
        if told and deal["status"] == "open" and not deal["next"]:
            how = f"crm followup add {record['id']} TEXT --due WHEN --deal {deal['id']}"
            self.app.notes.append(f"{deal['id']} has no next step; plan one: {how}")


def _qualified(stage: str | None) -> str | None:
    if stage is None:
        return None
    word = str(stage).strip().lower().replace("-", "_").replace(" ", "_")
    if word not in QUALIFIED:
        raise UsageError(f"'{stage}' is no stage of qualified leads", f"use one of: {', '.join(QUALIFIED)}")
    return word


def _words(stage: str | None) -> str:
    return str(stage).replace("_", " ")
