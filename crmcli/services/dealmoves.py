"""Moving deals: to another stage, won, lost, open again; and what follows from that for the customer."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from crmcli.kernel.clock import instant
from crmcli.kernel.errors import UsageError
from crmcli.kernel.ids import key_of, ref
from crmcli.kernel.pipelines import parted
from crmcli.kernel.spans import parse_span
from crmcli.kernel.text import clip
from crmcli.services.dealreading import DealReading
from crmcli.services.promotion import CUSTOMER, promote
from crmcli.services.users import ME
from crmcli.services.who import Match
from crmcli.store import deals, pipelines
from crmcli.store.connection import Row

if TYPE_CHECKING:
    from crmcli.store.gate import Gate

REQUIRABLE = {
    "amount": "--amount 12000",
    "currency": "--currency EUR",
    "close_date": "--close eoq",
    "contact": "--contact WHO",
    "company": "--company WHO",
    "owner": "--owner me",
    "source": "--source fair",
    "probability": "--probability 60",
    "note": "--note TEXT",
    "lines": "--add-line '2 x Red apples @ 7.50'",
    "roles": "--role 'c2=decision maker'",
}
"""What a stage may require of a deal that gets there, each with the flags that say it; and `custom.KEY`."""
NOTHING: Mapping[str, Any] = MappingProxyType({})
ASKING = "How is it going with {name}?"


class DealMoves(DealReading):
    """Where deals go."""

    def move(
        self, which: Sequence[str], stage: str, *, pipeline: str | None = None, **given: Any
    ) -> list[dict[str, Any]]:
        """Move deals to a stage; returns the records.

        Args:
            which: ids or names.
            stage: the name of a stage, an unambiguous part of it, or `next`.
            pipeline: the pipeline that it is of; without it that of each deal.
            given: as for `won` and `lost`, where the stage is such a one; `next`, what to do next, with `next_due`.

        Raises:
            UsageError: a deal lacks what the stage requires, or is there already; nothing is changed then.
        """

        def change(gate: "Gate", row: Row) -> None:
            whose = self.app.pipelines.find(pipeline) if pipeline else self._pipeline(row)
            here = pipelines.stage(self.app.store, row["stage_id"])
            self.enter(gate, row, self.app.pipelines.stage(whose, stage, since=here), given)

        return self._each(which, change, given)

    def is_open_in(self, which: str, stage: str, pipeline: str | None = None) -> bool:
        """Whether a deal is open in the stage that `move` would move it to."""
        row = self.row(self.key(which))
        whose = self.app.pipelines.find(pipeline) if pipeline else self._pipeline(row)
        here = pipelines.stage(self.app.store, row["stage_id"])
        return bool(self.app.pipelines.stage(whose, stage, since=here)["type"] == "open")

    def won(self, which: Sequence[str], **given: Any) -> list[dict[str, Any]]:
        """Close deals as won; returns the records. The customer's life cycle goes on to `customer`.

        Args:
            which: ids or names.
            given: `at`, when it was won (now); `no_aftercare`, not to plan what the setting aftercare.won wants.

        Raises:
            UsageError: one is won already, or lacks what the stage requires; nothing is changed then.
        """
        return self._each(which, self._closer("won", given))

    def lost(self, which: Sequence[str], reason: str | None, **given: Any) -> list[dict[str, Any]]:
        """Close deals as lost; returns the records.

        Args:
            which: ids or names.
            reason: why, as the list of the pipeline has it.
            given: `at`, when it was lost (now).

        Raises:
            UsageError: one is lost already, or the reason is none of the pipeline's; nothing is changed then.
        """
        return self._each(which, self._closer("lost", {**given, "reason": reason}))

    def reopen(self, which: Sequence[str], stage: str | None = None, **given: Any) -> list[dict[str, Any]]:
        """Open closed deals again, in the stage that each was in before, or in another; returns the records.

        `given` may say when each is expected to be won now, as `close`, and what to do `next`, with `next_due`.

        Raises:
            UsageError: one is open; nothing is changed then.
        """

        def change(gate: "Gate", row: Row) -> None:
            if row["status"] == "open":
                raise UsageError(f"{ref('deal', row['id'])} is open", "there is nothing to reopen")
            pipeline = self._pipeline(row)
            target = self.app.pipelines.stage(pipeline, stage) if stage else self._before(row, pipeline)
            if target["type"] != "open":
                raise UsageError(f"'{target['name']}' is no open stage", "name one in which a deal is open")
            self.enter(gate, row, target, {})
            if given.get("close"):
                gate.update("deal", row["id"], self.app.values.clean("deal", {"close_date": given["close"]}))
            elif row["close_date"] and row["close_date"] <= self.app.clock.today().isoformat():
                # That was when it ended, which it did not.
                gate.update("deal", row["id"], {"close_date": None})
                mine = ref("deal", row["id"])
                self.app.notes.append(
                    f"{mine} has no expected close any more; say it: crm deal edit {mine} --close eoq"
                )

        return self._each(which, change, given)

    def _each(
        self, which: Sequence[str], change: "Callable[[Gate, Row], None]", given: Mapping[str, Any] = NOTHING
    ) -> list[dict[str, Any]]:
        keys = self.keys(list(which))
        with self.app.writing() as gate:
            for key in keys:
                change(gate, self.row(key))
                if given.get("next"):
                    self.plan_next(key, str(given["next"]), given.get("next_due"))
            return [self.get(key) for key in keys]

    def _closer(self, status: str, given: Mapping[str, Any]) -> "Callable[[Gate, Row], None]":
        def change(gate: "Gate", row: Row) -> None:
            if row["status"] == status:
                hint = f"to open it again: crm deal reopen {ref('deal', row['id'])}"
                raise UsageError(f"{ref('deal', row['id'])} is {status} already", hint)
            self.enter(gate, row, self.app.pipelines.first(self._pipeline(row), status), given)

        return change

    def _pipeline(self, row: Row) -> Row:
        found = [one for one in self.app.pipelines.rows() if one["id"] == row["pipeline_id"]]
        return found[0]

    def _before(self, row: Row, pipeline: Row) -> Row:
        """The open stage that a deal was in last, if that is still used; else the first one."""
        known = {stage["id"]: stage for stage in self.app.pipelines.stages(pipeline)}
        for stay in reversed(deals.stays(self.app.store, row["id"])):
            if stay["type"] == "open" and stay["stage_id"] in known:
                return known[stay["stage_id"]]
        return self.app.pipelines.first(pipeline)

    def plan_next(self, key: int, subject: str, due: object) -> dict[str, Any]:
        """Plan the next step of a deal as a follow-up with its customer; returns the follow-up.

        Raises:
            UsageError: it has no date, or the deal nobody whom it could be about.
        """
        if due is None or not str(due).strip():
            raise UsageError("the next step has no date", "give --next-due: --next-due +3d, --next-due 'next tue 3pm'")
        record = self.get(key)
        party = record["contact"] or record["company"]
        if not party:
            raise UsageError(f"{record['id']} is nobody's", f"say whose: crm deal edit {record['id']} --contact WHO")
        given = {"due": str(due), "deal": record["id"], "owner": record["owner"] or ME}
        return self.app.followups.add(str(party["id"]), subject, given)

    # --- what every move does

    def enter(self, gate: "Gate", row: Row, stage: Row, given: Mapping[str, Any]) -> None:
        """Let a deal come into a stage, with all that follows from it.

        Args:
            gate: of the open transaction.
            row: of the deal, as it is.
            stage: the row of the stage.
            given: `at`, `reason` and `no_aftercare` as for `won` and `lost`.
        """
        mine = ref("deal", row["id"])
        if stage["id"] == row["stage_id"]:
            raise UsageError(f"{mine} is in {stage['name']} already", f"see: crm deal show {mine}")
        self.require(row["id"], stage)
        at = self._moment(given.get("at"))
        values = {
            "stage_id": stage["id"],
            "pipeline_id": stage["pipeline_id"],
            "status": stage["type"],
            "stage_since": at,
        }
        values |= self.closing(stage, at, given)
        for stay in deals.stays(self.app.store, row["id"]):
            if stay["left_at"] is None:
                gate.update("deal_stage", stay["id"], {"left_at": max(at, stay["entered_at"])})
        gate.insert("deal_stage", {"deal_id": row["id"], "stage_id": stage["id"], "entered_at": at})
        gate.update("deal", row["id"], values)
        if stage["type"] != "open":
            self.closed(gate, row["id"], given)

    def shift(self, gate: "Gate", key: int, stage: Row) -> None:
        """Let a deal be in another stage of the same type, because its own is not used any more; nothing follows."""
        row = self.row(key)
        stays = deals.stays(self.app.store, key)
        if stays and stays[-1]["left_at"] is None:
            gate.update("deal_stage", stays[-1]["id"], {"left_at": max(gate.now, stays[-1]["entered_at"])})
        gate.insert("deal_stage", {"deal_id": key, "stage_id": stage["id"], "entered_at": gate.now})
        since = {"stage_since": gate.now} if row["status"] == "open" else {}
        gate.update("deal", key, {"stage_id": stage["id"], **since})

    def closing(self, stage: Row, at: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """The columns that say how a deal ended, or that it did not; `at` is a stored moment."""
        if stage["type"] == "open":
            return {"closed_at": None, "lost_reason": None}
        found: dict[str, Any] = {"closed_at": at, "lost_reason": None}
        found["close_date"] = self.app.clock.local(instant(at)).date().isoformat()
        if stage["type"] == "lost":
            whose = next(one for one in self.app.pipelines.rows() if one["id"] == stage["pipeline_id"])
            found["lost_reason"] = self.app.pipelines.reason(whose, given.get("reason"))
        return found

    def closed(self, gate: "Gate", key: int, given: Mapping[str, Any]) -> None:
        """What follows when a deal is won or lost."""
        record = self.get(key)
        left = [row for row in deals.followups(self.app.store, key, 20) if row["status"] == "open"]
        if left:
            names = " ".join(ref("followup", row["id"]) for row in left)
            self.app.notes.append(f"{record['id']} has open follow-ups; to close them: crm followup cancel {names}")
        if record["status"] == "won":
            promote(self.app, gate, self.row(key), CUSTOMER)
            if not given.get("no_aftercare"):
                self._ask_later(record)

    def require(self, key: int, stage: Row, *, new: bool = False) -> None:
        """Refuse a stage that a deal lacks something for. Raises UsageError, which names all that is missing.

        A `new` deal is not there any more when that is read: it is told by its name, and what to add to its command.
        """
        wanted = parted(stage["required_fields"])
        if not wanted:
            return
        record = self.whole(key)
        has = {**record, "roles": record["contacts"], "probability": record["own_probability"]}
        has |= {f"custom.{name}": value for name, value in record["custom"].items()}
        missing = [name for name in wanted if has.get(name) in (None, "", [])]
        if missing:
            how = " ".join(REQUIRABLE.get(name) or f"--set {name.removeprefix('custom.')}=…" for name in missing)
            mine = f"'{clip(record['name'], 60)}'" if new else record["id"]
            message = f"{stage['name']} requires {', '.join(missing)}, which {mine} has not"
            hint = f"add {how.replace('--add-line', '--line')}" if new else f"crm deal edit {mine} {how}"
            raise UsageError(message, hint)

    def _moment(self, text: object) -> str:
        if text is None:
            return self.app.now
        at = self.app.values.instant(str(text))
        if at > self.app.now:
            raise UsageError(f"'{text}' is still to come", "say when it was, or leave it out")
        return at

    def _ask_later(self, record: Mapping[str, Any]) -> None:
        """Plan to ask how it is going some time after a deal was won, if the setting aftercare.won says so."""
        after = self.app.config.get("aftercare.won")
        party = record["contact"] or record["company"]
        if not after or not party:
            return
        due = parse_span(after).after(date.fromisoformat(record["close_date"]))
        noun = "contact" if record["contact"] else "company"
        name = str(party.get("display_name") or party.get("name"))
        key = key_of(party["id"])
        if due < self.app.clock.today() or self.app.consents.against(Match(noun, key, name), None):
            return
        subject = ASKING.format(name=record["name"])[:200]
        given = {"due": due.isoformat(), "deal": record["id"]}
        planned = self.app.followups.add(str(party["id"]), subject, given)
        self.app.notes.append(f"Planned {planned['id']} due {self.app.followups.due_text(planned)}: {subject}")
