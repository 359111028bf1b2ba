"""Taking in contacts and companies: new ones together, known ones one by one."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crmcli.kernel.bloom import BloomFilter
from crmcli.kernel.errors import CrmError, DatabaseUnavailable, UsageError
from crmcli.kernel.ids import ref
from crmcli.services.children import PARTS
from crmcli.services.employment import named_company
from crmcli.services.erasing.words import named_key
from crmcli.services.importing.matching import Match, Matcher, has_key, says_less
from crmcli.services.importing.newrows import NewRows
from crmcli.services.importing.options import Options
from crmcli.services.importing.outcome import CREATED, ERASED, REJECTED, SKIPPED, UNCHANGED, UPDATED, Outcome
from crmcli.services.importing.prepare import Prepared, Ready
from crmcli.services.importing.rowsof import COLUMNS
from crmcli.services.importing.team import UNKNOWN, Team
from crmcli.services.parties import Parties
from crmcli.store import matching, suppression
from crmcli.store.bulk import Bulk

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

LEAD = {"lifecycle_stage": "lead", "lead_status": "new"}
"""What a new person gets where leads are asked for."""
_STAGE, _STATUS = (COLUMNS["contact"].index(name) for name in LEAD)


class PartyLanding:
    """Taking in the records of one noun.

    Args:
        app: the App.
        gate: of the open transaction.
        bulk: writes many new rows.
        noun: contact or company.
        options: how the import is meant.
    """

    def __init__(self, app: "App", gate: "Gate", bulk: Bulk, noun: str, options: Options) -> None:
        self.app = app
        self.gate = gate
        self.bulk = bulk
        self.noun = noun
        self.options = options
        self.service: Parties = app.contacts if noun == "contact" else app.companies
        self.matcher = Matcher(app.store, noun, options.key)
        self.new = NewRows(app, gate, bulk, noun)
        self.team = Team(app.store, gate.actor.id)
        self._of_leads = options.leads and noun == "contact"
        self.suppressed = suppression.suppressed(app.store)

    def land(self, chunk: Sequence[Ready]) -> list[Outcome | None]:
        """Match and write records that were made ready; returns what became of each, in their order.

        None stands for one that has to wait, since it may be here already and cannot be looked up as long as
        `Bulk.met` is there.
        """
        if self.suppressed is None:
            return self._land(chunk)
        kept = [place for place, one in enumerate(chunk) if not self._is_suppressed(one)]
        outcomes: list[Outcome | None] = [Outcome(SKIPPED, self.noun, None, ERASED)] * len(chunk)
        for place, outcome in zip(kept, self._land([chunk[place] for place in kept]), strict=True):
            outcomes[place] = outcome
        return outcomes

    def _is_suppressed(self, one: Ready) -> bool:
        """Whether a record is of somebody who was erased."""
        assert self.suppressed is not None
        record = one.prepared()
        keys = [*one.keys, *(key for phone in record.phones for key in suppression.asked_number(phone.raw, phone.e164))]
        anything = record.emails or record.phones or record.externals
        if self.suppressed.by_name and self.noun == "contact" and not anything:
            keys.append(named_key(record.name))
        return bool(self.suppressed.among(keys))

    def _land(self, chunk: Sequence[Ready]) -> list[Outcome | None]:
        if self.bulk.met is not None:
            return self._land_unmet(chunk, self.bulk.met)
        return self._land_matched(chunk, [one.prepared() for one in chunk])

    def _land_unmet(self, chunk: Sequence[Ready], met: BloomFilter) -> list[Outcome | None]:
        outcomes: list[Outcome | None] = [None] * len(chunk)
        unmet = [place for place, one in enumerate(chunk) if not met.meet(one.keys) and self._is_simple(one)]
        self._write(chunk, unmet, outcomes)
        return outcomes

    def _is_simple(self, one: Ready) -> bool:
        """Whether a new record can be written without looking anything up.

        One that is made a second time cannot keep its foreign keys, and people are looked for in a company's domain.
        """
        creating = self.options.on_match == "create"
        keyed = one.uid or "external_id" in one.children
        return one.plain and not (creating and keyed) and "company_domain" not in one.children

    def _land_matched(self, ready: Sequence[Ready], chunk: Sequence[Prepared]) -> list[Outcome | None]:
        creating = self.options.on_match == "create"
        matches = [Match()] * len(chunk) if creating else self.matcher.matches(chunk)
        outcomes: list[Outcome | None] = [None] * len(chunk)
        waiting: list[int] = []
        taken = matching.taken(self.app.store, [pair for one in chunk for pair in one.externals])
        keys: set[str] = set()
        for place, (one, match) in enumerate(zip(chunk, matches, strict=True)):
            known_by = ready[place].keys
            if not creating and not keys.isdisjoint(known_by):
                # It may be one of this chunk: those that wait are written, and it is looked up again.
                self._write(ready, waiting, outcomes)
                waiting = []
                match = self.matcher.matches([one])[0]
            outcome = self._decide(one, match)
            if outcome is not None:
                outcomes[place] = outcome
            elif ready[place].plain and not self._is_taken(one, taken):
                waiting.append(place)
            else:
                outcomes[place] = self._add(one)
            keys.update(known_by)
        self._write(ready, waiting, outcomes)
        return outcomes

    def _is_taken(self, one: Prepared, taken: set[tuple[str, str]]) -> bool:
        """Whether a key that only one record may have is another's, or may be: the service then says whose."""
        unsure = self.options.on_match == "create" or self.options.key
        return not taken.isdisjoint(one.externals) or bool(unsure and (one.externals or "uid" in one.values))

    def _decide(self, one: Prepared, match: Match) -> Outcome | None:
        """What becomes of a record that needs no new one; None for a new one."""
        if match.doubt:
            return Outcome(REJECTED, self.noun, None, match.doubt)
        if match.deleted:
            assert match.id is not None
            return Outcome(SKIPPED, self.noun, match.id, f"deleted here; crm {self.noun} restore ID brings it back")
        if match.id is not None:
            return self._update(one, match.id)
        if self.options.key and not has_key(one, self.options.key):
            return Outcome(REJECTED, self.noun, None, f"it has no {self.options.key}, by which records are to be known")
        return None

    def _write(self, chunk: Sequence[Ready], places: Sequence[int], outcomes: list[Outcome | None]) -> None:
        if places:
            written = self.new.write([self._as_lead(chunk[place]) for place in places])
            for place, outcome in zip(places, written, strict=True):
                outcomes[place] = outcome

    def _as_lead(self, one: Ready) -> Ready:
        """A new person as a new lead, where leads are asked for and the source says nothing of a stage of life."""
        if not self._of_leads or one.row[_STAGE] is not None:
            return one
        row = list(one.row)
        row[_STAGE], row[_STATUS] = LEAD["lifecycle_stage"], row[_STATUS] or LEAD["lead_status"]
        return one._replace(row=tuple(row))

    def _add(self, one: Prepared) -> Outcome:
        """Write a new record by the service's own rules."""
        values = self._given(one)
        if self._of_leads and not values.get("lifecycle_stage"):
            values = {**LEAD, **values}
        try:
            with self.app.store.savepoint():
                record = self.service.add(one.name, values)
        except CrmError as error:
            self.new.forget()
            return _refused(self.noun, error)
        return Outcome(CREATED, self.noun, _number(record["id"]))

    def _update(self, one: Prepared, key: int) -> Outcome:
        """Bring a known record up to date, as far as the import may."""
        if self.options.on_match == "skip":
            return Outcome(UNCHANGED, self.noun, key)
        values = self._given(one)
        values.pop("uid", None)
        if one.named and not says_less(one.name, matching.name_of(self.app.store, self.noun, key)):
            values["name"] = one.name
        if self.options.on_match == "fill":
            values = self._filling(values, key)
        self._known_details(values)
        if "address" in values:
            self._known_addresses(values, key)
        try:
            with self.app.store.savepoint():
                _, changed = self.service.edit(ref(self.noun, key), values)
        except CrmError as error:
            self.new.forget()
            return _refused(self.noun, error)
        return Outcome(UPDATED if changed else UNCHANGED, self.noun, key)

    def _given(self, one: Prepared) -> dict[str, Any]:
        """The values of a record as the service takes them.

        An owner who is no user here, and a parent that is no company, refuse no record: what was said is kept.
        """
        values = {**one.values, **self.new.left_over(one)}
        if self.options.on_match == "create":  # another record cannot have the same
            values = {name: value for name, value in values.items() if name not in ("uid", "external")}
        unknown = {}
        try:
            self.app.users.key(str(values.get("owner", "me")))
        except CrmError:
            key = self.team.named(str(values["owner"]))
            if key is None:
                unknown[UNKNOWN] = values.pop("owner")
            else:
                values["owner"] = ref("user", key)
        if "parent" in values:
            try:
                values["parent"] = ref("company", named_company(self.app, self.gate, str(values["parent"])))
            except CrmError:
                unknown["parent_text"] = values.pop("parent")
        if unknown:
            values["set"] = [*values.get("set", ()), unknown]
        return values

    def _filling(self, values: dict[str, Any], key: int) -> dict[str, Any]:
        """The values without those whose fields hold something already; lists may always grow."""
        record = self.service.get(key)
        custom = record["custom"]
        kept = {name: value for name, value in values.items() if isinstance(value, list) or not record.get(name)}
        kept.pop("name", None)
        if "set" in kept:
            kept["set"] = [
                {field: text for field, text in entry.items() if not custom.get(field)} for entry in kept["set"]
            ]
        return kept

    def _known_addresses(self, values: dict[str, Any], key: int) -> None:
        """Leave out addresses that are known with more in them, and let fuller ones take the place of those known."""
        known = [_parts(entry) for entry in self.service.get(key)["addresses"]]
        fresh = []
        for entry in values["address"]:
            parts = _parts(entry)
            if any(parts.items() <= other.items() for other in known):
                continue
            fresh.append(entry)
            less = [other for other in known if other.items() < parts.items()]
            values["remove_address"] = [*values.get("remove_address", ()), *less]
        values["address"] = fresh

    def _known_details(self, values: dict[str, Any]) -> None:
        """Leave out the details of addresses and numbers that say nothing: they would empty what is known."""
        for field in ("email", "phone", "url"):
            if field in values:
                entries = [entry if isinstance(entry, dict) else {"value": entry} for entry in values[field]]
                values[field] = [{name: detail for name, detail in entry.items() if detail} for entry in entries]


def _parts(address: Mapping[str, Any]) -> dict[str, Any]:
    return {part: address[part] for part in PARTS if address.get(part)}


def _refused(noun: str, error: CrmError) -> Outcome:
    if isinstance(error, DatabaseUnavailable):
        raise error
    hint = f"; {error.hint}" if error.hint and isinstance(error, UsageError) else ""
    return Outcome(REJECTED, noun, None, f"{error.message}{hint}")


def _number(text: str) -> int:
    return int(text.lstrip("abcdefghijklmnopqrstuvwxyz"))
