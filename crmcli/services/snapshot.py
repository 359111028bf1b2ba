"""One customer at a glance: who it is, what passed between us, what is promised, and what to do next."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crmcli.kernel.clock import instant, stamp
from crmcli.kernel.days import shift_months
from crmcli.kernel.errors import NotFound, UsageError
from crmcli.kernel.ids import parse_ref
from crmcli.model.enums import LEAD_STAGES
from crmcli.services import patience
from crmcli.services.localtime import local_time
from crmcli.services.nextstep import next_step
from crmcli.services.snapshot_sales import ROOMS, kept
from crmcli.services.who import Match
from crmcli.store import replies, snapshot
from crmcli.store.cadences import are_about
from crmcli.store.due import bucket, horizon
from crmcli.store.nouns import PARTIES

if TYPE_CHECKING:
    from crmcli.app import App

MONTHS = 12
TIMELINE = 20
PEOPLE = 10
SNIPPET = 200
HISTORY = ("interaction", "followup")


class Snapshots:
    """Putting the view of one customer together."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def of(self, who: str, *, limit: int = TIMELINE) -> dict[str, Any]:
        """The snapshot of the contact or company that `who` names, of a deleted one too if it is named by id or fully.

        Args:
            who: see `Who.find`.
            limit: how many interactions the timeline has at most.

        Raises:
            NotFound, Ambiguous: see `Who.find`.
            UsageError: an interaction or follow-up is named.
        """
        party = self._find(who)
        store, noun = self.app.store, party.noun
        record = snapshot.party(store, noun, party.id)
        entries = [_with_snippet(entry) for entry in snapshot.timeline(store, noun, party.id, limit)]
        months, balance = self._activity(party)
        found: dict[str, Any] = {"id": party.ref, noun: record}
        if noun == "company":
            today = self.app.clock.today().isoformat()
            found["people"], found["people_total"] = snapshot.people(store, party.id, today, PEOPLE)
        found["local_time"] = self._local_time(record)
        for direction in ("inbound", "outbound"):
            found[f"last_{direction}"] = self._last(party, record, entries, direction)
        found["balance"] = {**balance, **self._debt(party, record, entries)}
        found["months"] = months
        at = horizon(self.app.clock)
        promised = snapshot.followups(store, noun, party.id)
        found["followups"] = [{**entry, "overdue": bucket(entry, at) == "overdue"} for entry in promised]
        found["timeline"] = entries[:limit]
        found["timeline_more"] = len(entries) > limit
        found["cadence"] = self.app.cadences.of(noun, party.id) if are_about(store, noun, party.id) else None
        found |= {name: read(self.app, party) for name, read in ROOMS.items()}
        found["retention"] = kept(found["orders"], self.app.clock.today())
        if noun == "contact" and record["lifecycle_stage"] in LEAD_STAGES:
            found |= self._score(party)
        found["next"] = next_step(found, self.app.clock)
        return found

    def _score(self, party: Match) -> dict[str, Any]:
        """The `score` of a lead; where a rule of it is wrong that is told, and the rest is shown all the same."""
        try:
            return {"score": self.app.scores.explained(party.id)}
        except UsageError as error:
            self.app.notes.append(f"no score: {error.message}")
            return {}

    def _find(self, who: str) -> Match:
        try:
            return self.app.who.find(who)
        except NotFound:
            named = parse_ref(who.strip())
            if named and named[0] in HISTORY:
                raise UsageError(
                    f"{who} is {'an' if named[0] == 'interaction' else 'a'} {named[0]}, not a customer",
                    f"try: crm {named[0]} show {who}",
                ) from None
            gone = self.app.who.matches(who, PARTIES, deleted=True)
            if len(gone) != 1:
                raise
            return gone[0]

    def _activity(self, party: Match) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """The contacts of each of the last twelve months of our calendar, this one included, and their sums."""
        clock = self.app.clock
        first = clock.today().replace(day=1)
        firsts = [shift_months(first, step) for step in range(1 - MONTHS, 1)]
        starts = [stamp(clock.midnight(day)) for day in firsts]
        found = snapshot.counts(self.app.store, party.noun, party.id, starts)
        months = [
            {"month": f"{day:%Y-%m}", "inbound": one["inbound"], "outbound": one["outbound"]}
            for day, one in zip(firsts, found, strict=True)
        ]
        sums = {name: sum(one[name] for one in found) for name in ("inbound", "outbound", "internal")}
        return months, {**sums, "since": starts[0]}

    def _last(
        self, party: Match, record: dict[str, Any], entries: list[dict[str, Any]], direction: str
    ) -> dict[str, Any] | None:
        known = record[f"last_{direction}_at"]
        if known is None:
            return None
        found = next((entry for entry in entries if entry["direction"] == direction), None)
        if found is None:
            seen = snapshot.latest(self.app.store, party.noun, party.id, direction, known)
            found = _with_snippet(seen) if seen else {}
        return {name: value for name, value in found.items() if name not in ("body", "participants")} or None

    def _debt(self, party: Match, record: dict[str, Any], entries: list[dict[str, Any]]) -> dict[str, Any]:
        """Who owes an answer, and for how many seconds; how long theirs usually takes, and by how much it is late."""
        last: Mapping[str, Any] | None = next((entry for entry in entries if replies.counts(entry)), None)
        if last is None and (record["last_inbound_at"] or record["last_outbound_at"]):
            last = replies.last_said(self.app.store, party.noun, [party.id]).get(party.id)
        owes = replies.owes(last)
        waited = None
        if last is not None and owes:
            waited = max(0, int((self.app.clock.now() - instant(last["occurred_at"])).total_seconds()))
        late, tried = patience.UNKNOWN, record["last_outbound_at"]
        if last is not None and tried and replies.expects_answer(last):
            late = self.app.patience.lateness(party.noun, {party.id: tried})[party.id]
        return {"owes": owes, "owed_seconds": waited, **late}

    def _local_time(self, record: dict[str, Any]) -> dict[str, Any] | None:
        """The time of day where the customer is: by its own zone, else by that of its company."""
        zone = record["timezone"]
        if not zone and record.get("companies"):
            named = parse_ref(record["companies"][0]["id"])
            zone = named and snapshot.company_zone(self.app.store, named[1])
        return local_time(zone, self.app.clock.now())


def _with_snippet(entry: dict[str, Any]) -> dict[str, Any]:
    """The interaction with the first line of its text that says something, cut to a readable length."""
    lines = (line.strip() for line in (entry["body"] or "")[: 20 * SNIPPET].splitlines())
    first = next((line for line in lines if line), None)
    if first and len(first) > SNIPPET:
        first = first[: SNIPPET - 1] + "…"
    return {**entry, "snippet": first}
