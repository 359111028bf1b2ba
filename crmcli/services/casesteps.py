"""The life of a case: answering, waiting for the customer, solving, closing, opening it again.

Each step is kept with its time. What a logged contact means for the case that it belongs to is decided here, too.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crmcli.kernel.casewords import until
from crmcli.kernel.errors import UsageError
from crmcli.kernel.ids import ref
from crmcli.services import aftercare
from crmcli.services.caseclock import PAUSED
from crmcli.services.replies import first_line
from crmcli.services.users import ME
from crmcli.services.who import Match
from crmcli.store import cases, followups
from crmcli.store.casedue import ENDED
from crmcli.store.connection import Row
from crmcli.store.nouns import PARTIES

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

NEW = "new"
OF_NEW = ("priority", "type", "product", "order")
"""What may be said of a case that a logged contact opens."""

Record = dict[str, Any]


class CaseSteps:
    """The steps of cases."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def reply(self, which: str, text: str | None, given: Mapping[str, Any]) -> Record:
        """Log an answer to the customer; returns the record of the case, which is open then.

        Args:
            which: the case.
            text: what was said; see `Interactions.write`.
            given: as for `Interactions.write`, and `pending`, to wait for the customer from now on.

        Raises:
            UsageError: it is resolved or closed, or nobody is there to answer.
        """
        key = self.app.cases.key(which)
        row = self._still_open(key, "reply to it")
        party = self._asker(row)
        with self.app.writing() as gate:
            said = {"channel": row["channel"], **given, "case": ref("case", key), "no_aftercare": True}
            self.app.interactions.write("out", [party.ref], text, said)
            self._move(gate, key, "pending" if given.get("pending") else "open")
            gate.refresh()
            return self.app.cases.get(key)

    def pending(self, which: Sequence[str]) -> list[Record]:
        """Wait for the customer: the clocks of open cases stand still; returns the records."""
        return self._each(which, "pending", "wait for the customer")

    def resolve(self, which: Sequence[str], given: Mapping[str, Any]) -> list[Record]:
        """Resolve open cases; returns the records.

        What was not answered before is answered with it. After some days to ask is planned, see `AfterCare`.

        Args:
            which: the cases.
            given: `resolution`, how it was solved; `satisfaction`, 1 to 5; `no_aftercare`.

        Raises:
            UsageError: one of them is resolved already, or a value cannot be understood; nothing is changed then.
        """
        values = self._told(given)
        keys = self.app.cases.keys(which)
        with self.app.writing() as gate:
            for key in keys:
                row = self._still_open(key, "resolve it")
                self._move(gate, key, "resolved", {**values, **_solved(row, gate.now)})
                if not given.get("no_aftercare") and values.get("satisfaction") is None:
                    self._ask_later(row)
            return [self.app.cases.get(key) for key in keys]

    def close(self, which: Sequence[str], given: Mapping[str, Any]) -> list[Record]:
        """Close cases for good; returns the records. One that was not resolved counts as resolved now.

        Args:
            which: the cases.
            given: `resolution` and `satisfaction`.

        Raises:
            UsageError: one of them is closed already; nothing is changed then.
        """
        values = self._told(given)
        keys = self.app.cases.keys(which)
        with self.app.writing() as gate:
            for key in keys:
                row = self.app.cases.row(key)
                if row["status"] == "closed":
                    mine = ref("case", key)
                    raise UsageError(f"{mine} is closed already", f"to open it again: crm case reopen {mine}")
                solved = {} if row["status"] == "resolved" else _solved(row, gate.now)
                self._move(gate, key, "closed", {**values, **solved, "closed_at": gate.now})
            return [self.app.cases.get(key) for key in keys]

    def reopen(self, which: Sequence[str]) -> list[Record]:
        """Open cases again that were resolved, closed or pending; returns the records.

        Of those that were resolved it is counted, their targets move on, and the question whether it was solved is not
        asked any more.

        Raises:
            UsageError: one of them is open; nothing is changed then.
        """
        keys = self.app.cases.keys(which)
        with self.app.writing() as gate:
            for key in keys:
                row = self.app.cases.row(key)
                if row["status"] not in PAUSED:
                    raise UsageError(
                        f"{ref('case', key)} is {row['status']}, not resolved", "there is nothing to reopen"
                    )
                self._again(gate, row)
            return [self.app.cases.get(key) for key in keys]

    # --- logged contacts

    def checked(self, direction: str, given: Mapping[str, Any]) -> str:
        """What a logged contact says of a case: "" for nothing, NEW, or an id.

        Raises:
            UsageError: a new one by a contact that is not the customer's, or words about a new one without it.
        """
        named = str(given.get("case") or "").strip()
        stray = [name for name in OF_NEW if name != "order" and given.get(name)]  # any contact may be about an order
        if named.lower() == NEW:
            if direction != "inbound":
                raise UsageError("only a contact of the customer opens a case", "crm log in …, or crm case open WHO …")
            return NEW
        if stray:
            raise UsageError(f"--{stray[0]} is of a case that is opened", "add --case new, or use crm case edit")
        return named

    def opened_by(self, party: Match, values: Mapping[str, Any], given: Mapping[str, Any]) -> int:
        """Open a case by a logged contact; returns its key.

        Args:
            party: the first who took part.
            values: the columns of the interaction.
            given: OF_NEW.
        """
        subject = values.get("subject") or first_line(values.get("body")) or "Without a word"
        told = {name: given.get(name) for name in OF_NEW}
        with self.app.writing() as gate:
            columns = self.app.cases.values({**told, "owner": ME, "channel": values["channel"]})
            body = values.get("body")
            columns["description"] = None if body == subject else body
            key = self.app.cases.begin(gate, party, str(subject), columns, values["occurred_at"])
        record = self.app.cases.get(key)
        self.app.notes.append(
            f"Opened {record['id']}, {record['priority']}{until(record, self.app.clock)}: {record['subject']}"
        )
        return key

    def joined(self, key: int, values: Mapping[str, Any], *, was_asked: bool = False) -> None:
        """Let a logged contact count for its case: as the first answer, as a reason to open it again, as an opinion.

        Args:
            key: of the case.
            values: the columns of the interaction.
            was_asked: it answers whether the case was solved, which alone opens no case again.
        """
        with self.app.writing() as gate:
            row = self.app.cases.row(key)
            if values.get("satisfaction") is not None:
                gate.update("support_case", key, {"satisfaction": values["satisfaction"]})
            if values["direction"] == "outbound" and row["status"] not in ENDED:
                self._answered(gate, row, values["occurred_at"])
            elif values["direction"] == "inbound" and row["status"] in PAUSED:
                self._heard(gate, row, values, was_asked=was_asked)

    def _answered(self, gate: "Gate", row: Row, at: str) -> None:
        if not row["first_response_at"] and at >= row["opened_at"]:
            due = self.app.caseclock.answered(row, at)
            gate.update("support_case", row["id"], {"first_response_at": at, "response_due_at": due})
        if row["status"] == "new":
            self._move(gate, row["id"], "open")

    def _heard(self, gate: "Gate", row: Row, values: Mapping[str, Any], *, was_asked: bool) -> None:
        """The customer said something about a case for which nothing was to be done."""
        mine, status = ref("case", row["id"]), row["status"]
        done_at = row["since"] if status == "pending" else row["resolved_at"]
        if done_at and values["occurred_at"] < done_at:
            return  # logged late: what was said before that is no answer to it
        if status == "pending":
            self._again(gate, row)
            self.app.notes.append(f"{mine} is open again: the customer answered")
        elif was_asked or values.get("satisfaction") is not None or values.get("outcome") == "resolved":
            liked = values.get("satisfaction") or (aftercare.CONTENT if values.get("outcome") == "resolved" else 0)
            if liked < aftercare.CONTENT:
                self.app.notes.append(f"{mine} stays {status}; if that did not solve it: crm case reopen {mine}")
        elif self.app.sla.may_reopen(row["resolved_at"]):
            self._again(gate, row)
            self.app.notes.append(f"{mine} was {status} and is open again; crm case resolve {mine} if that was all")
        else:
            self.app.notes.append(f"{mine} stays {status}: that is long ago; crm case reopen {mine} opens it again")

    # --- inside

    def _each(self, which: Sequence[str], status: str, what: str) -> list[Record]:
        keys = self.app.cases.keys(which)
        with self.app.writing() as gate:
            for key in keys:
                self._still_open(key, what)
                self._move(gate, key, status)
            return [self.app.cases.get(key) for key in keys]

    def _move(self, gate: "Gate", key: int, status: str, values: Mapping[str, Any] | None = None) -> None:
        """Bring a case into a status; a pause that ends moves its targets on."""
        row = self.app.cases.row(key)
        changed: dict[str, Any] = {}
        if row["status"] == "pending" and status != "pending":
            changed = self.app.caseclock.resumed(row, row["since"])
        gate.update("support_case", key, {**changed, **(values or {}), "status": status})
        if row["status"] != status:
            self._step(gate, key, status)

    def _step(self, gate: "Gate", key: int, status: str) -> None:
        for one in cases.statuses(self.app.store, key):
            if one["left_at"] is None:
                gate.update("case_status", one["id"], {"left_at": gate.now})
        gate.insert("case_status", {"case_id": key, "status": status, "entered_at": gate.now})

    def _again(self, gate: "Gate", row: Row) -> None:
        key = row["id"]
        if row["status"] not in ENDED:
            return self._move(gate, key, "open")
        moved = self.app.caseclock.resumed(row, row["resolved_at"])
        again = {"resolved_at": None, "closed_at": None, "reopen_count": row["reopen_count"] + 1}
        self._move(gate, key, "open", {**moved, **again})
        for followup in followups.of_case(self.app.store, key):
            if followup["status"] == "open" and followup["subject"] == aftercare.SUBJECT:
                mine = ref("followup", followup["id"])
                self.app.followups.cancel([mine], f"{ref('case', key)} was reopened")
                self.app.notes.append(f"Cancelled {mine}: {aftercare.SUBJECT}")

    def _told(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return self.app.cases.values({name: given.get(name) for name in ("resolution", "satisfaction")})

    def _still_open(self, key: int, what: str) -> Row:
        row = self.app.cases.row(key)
        if row["status"] in ENDED:
            mine = ref("case", key)
            raise UsageError(f"{mine} is {row['status']} already", f"to {what}, open it again: crm case reopen {mine}")
        return row

    def _asker(self, row: Row) -> Match:
        for noun in PARTIES:
            if row[f"{noun}_id"] is not None:
                return Match(noun, row[f"{noun}_id"], row[f"{noun}_name"])
        mine = ref("case", row["id"])
        raise UsageError(f"{mine} is nobody's, so there is nobody to answer", f"crm case edit {mine} --who WHO")

    def _ask_later(self, row: Row) -> None:
        if row["contact_id"] is not None or row["company_id"] is not None:
            today = self.app.clock.today()
            self.app.aftercare.plan(self._asker(row), today, channel=row["channel"], case=row["id"])


def _solved(row: Row, now: str) -> dict[str, Any]:
    """That a case is solved now; what was not answered before is answered with it."""
    return {"resolved_at": now, "first_response_at": row["first_response_at"] or now}
