"""Staying in touch: how often, with whom, and who is due.

A cadence is about one contact or company, or about all that match a filter. Nothing of who is due is stored: see
`crmcli.services.standings`.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.kernel import dates
from crmcli.kernel.clock import stamp
from crmcli.kernel.errors import Ambiguous, NotFound, UsageError
from crmcli.kernel.gaps import Gap, checked_gap, every
from crmcli.kernel.ids import key_of, parse_ref, ref
from crmcli.kernel.page import Page
from crmcli.kernel.spans import parse_span
from crmcli.services.queue import COUNTED
from crmcli.services.standings import Standing, Standings, by_channel, is_paused, reason
from crmcli.services.users import ME
from crmcli.services.values import choice
from crmcli.store import cadences
from crmcli.store.connection import Row
from crmcli.store.nouns import PARTIES
from crmcli.store.schema import TABLES

if TYPE_CHECKING:
    from crmcli.app import App

PLURAL = {"contact": "contacts", "company": "companies"}


class Scope(NamedTuple):
    """Whom a cadence is about: a record by its key, or all of a noun that match a filter; on one channel or any."""

    noun: str
    key: int | None
    filter: str | None
    channel: str | None

    @property
    def columns(self) -> dict[str, Any]:
        """The columns that say so."""
        found = {"noun": self.noun, "filter": self.filter, "channel": self.channel}
        return found if self.key is None else {**found, f"{self.noun}_id": self.key}


class Cadences:
    """Cadences. One that is removed is kept, marked as deleted, and `crm undo` brings it back."""

    noun = "cadence"

    def __init__(self, app: "App") -> None:
        self.app = app
        self.standings = Standings(app)

    # --- who is due

    def due(self, owner: int | None = None, *, everyone: bool = False, limit: int | None = None) -> Page:
        """The customers who are due or late, late ones first, then those due longest; each once, by the strictest.

        Args:
            owner: the key of the user whose cadences are meant, those of nobody with them; mine for None.
            everyone: everyone's cadences instead.
            limit: how many at most; None for all.

        Returns:
            Records with `id` (of the customer), `contact` or `company`, `cadence` (its id), `reason` ("every 6 weeks
            (tag:vip)"), `ideal`, `maximum`, `via`, `owner`, `last_at`, `due_on`, `late_on` (days), `state` (due or
            late) and `days`, the days since it became due.
        """
        whose = None if everyone else self.app.users.key(ME) if owner is None else owner
        return self.standings.due(whose, limit)

    def of(self, noun: str, key: int) -> dict[str, Any] | None:
        """How a contact or company stands by its strictest cadence; None where none is about it.

        The record has the `id` of the cadence, its `scope` (contact, company or filter), `filter`, `paused_until`, and
        what records of `due` have; `state` may also be ok or paused, and `days` is negative before the day it is due.
        None also for who was deleted or must not be contacted.
        """
        found = self.standings.of(noun, key)
        if found is None:
            return None
        row = found.rule.row
        scope = "filter" if row["filter"] is not None else row["noun"]
        until = row["paused_until"] if found.rule.paused else None
        about = {"id": ref("cadence", row["id"]), "scope": scope, "filter": row["filter"], "paused_until": until}
        return {**about, **found.record()}

    # --- reading

    def get(self, key: int) -> dict[str, Any]:
        """The record with this key. Raises NotFound."""
        return self._records([self._row(key)])[0]

    def find(self, which: str) -> dict[str, Any]:
        """The cadence with this id, or the only one of a customer; of several for filters the one that counts there."""
        named = parse_ref(which.strip())
        if named and named[0] == "cadence":
            return self.get(named[1])
        party = self.app.who.find(which)
        if not cadences.of(self.app.store, party.noun, party.id):
            standing = self.standings.of(party.noun, party.id)
            if standing is not None:
                return self.get(standing.rule.row["id"])
        return self.get(self._key(party.ref))

    def page(self, *, limit: int | None = None) -> Page:
        """All cadences of the team by their ids; those about one customer say how that one stands."""
        rows = cadences.page(self.app.store, limit)
        more = limit is not None and len(rows) > limit
        return Page(self._records(rows[:limit] if more else rows), more)

    def count(self, record: Mapping[str, Any]) -> int:
        """How many customers the filter of a cadence finds now; COUNTED means that many or more."""
        rule = self.standings.rule(self._row(key_of(record["id"])))
        if rule.where is None:
            return 1
        return cadences.count(self.app.store, rule.row["noun"], rule.where, rule.row["channel"], COUNTED)

    # --- changing

    def set(
        self, span: str, given: Mapping[str, Any], *, who: str = "", where: str = "", noun: str | None = None
    ) -> tuple[dict[str, Any], str]:
        """Say how often to be in touch; returns the record, and whether it was `made`, `changed` or is the `same`.

        What there is for the same customer or the same filter, and the same channel, is changed. Where another one
        counts for that customer, since the next contact is due by it first, that is noted.

        Args:
            span: the gap that is wanted: 6w, every 6 weeks.
            given: `max`, the longest gap that is borne (half as much again); `via`, the channel that counts (any);
                `owner`, who stays in touch (me; an empty text for nobody, which makes it everyone's).
            who: the contact or company, or the id of a cadence.
            where: a filter instead.
            noun: what the filter is about: contact, without it, or company.

        Raises:
            UsageError: a value that cannot be understood, a maximum that is shorter, an empty filter.
            NotFound, Ambiguous: see `Who.find`.
        """
        ideal = parse_span(span)
        maximum = parse_span(str(given["max"])) if given.get("max") is not None else None
        gap = checked_gap(ideal, maximum)
        known, scope = self._scope(who, where, noun, given.get("via"))
        with self.app.writing() as gate:
            row = known or self._same(scope)
            values: dict[str, Any] = {"ideal": str(gap.ideal), "maximum": str(gap.maximum)}
            if row is not None and maximum is None and row["ideal"] == values["ideal"]:
                del values["maximum"]  # what was said of the maximum stands as long as the gap does
            if row is None or given.get("owner") is not None:
                values |= self.app.values.clean("cadence", {"owner": given.get("owner", ME)})
            if row is None:
                key, done = gate.insert("cadence", {**scope.columns, **values}), "made"
            else:
                key, done = row["id"], "changed" if gate.update("cadence", row["id"], values) else "same"
            self._note_stricter(key, scope)
            return self.get(key), done

    def _note_stricter(self, key: int, scope: Scope) -> None:
        """Note which other cadence counts for the customer whom this one is about, if one does."""
        standing = self.standings.of(scope.noun, scope.key) if scope.key is not None else None
        if standing is not None and standing.rule.row["id"] != key and not standing.rule.paused:
            other = ref("cadence", standing.rule.row["id"])
            why = reason(standing.rule.row, standing.rule.gap)
            self.app.notes.append(f"for {ref(scope.noun, standing.key)} {other} counts, which is due first: {why}")

    def pause(self, which: Sequence[str], until: str | None = None) -> list[dict[str, Any]]:
        """Let cadences rest, for good or until a date; returns the records.

        Raises:
            UsageError: the date is over.
        """
        end = self._until(until)
        keys = self._keys(which)
        with self.app.writing() as gate:
            for key in keys:
                row = self._row(key)
                since = row["paused_at"] if is_paused(row, self.app.clock) else gate.now
                gate.update("cadence", key, {"paused_at": since, "paused_until": end})
            return [self.get(key) for key in keys]

    def resume(self, which: Sequence[str]) -> list[dict[str, Any]]:
        """Let paused cadences go on; returns the records. A pause counts as no contact: who was due is due."""
        keys = self._keys(which)
        with self.app.writing() as gate:
            for key in keys:
                if not is_paused(self._row(key), self.app.clock):
                    raise UsageError(f"{ref('cadence', key)} is not paused", "there is nothing to resume")
                gate.update("cadence", key, {"paused_at": None, "paused_until": None})
            return [self.get(key) for key in keys]

    def remove(self, which: Sequence[str]) -> list[dict[str, Any]]:
        """Remove cadences; returns the records as they were."""
        keys = self._keys(which)
        found = [self.get(key) for key in keys]
        with self.app.writing() as gate:
            for key in keys:
                gate.update("cadence", key, {"deleted_at": gate.now})
        return found

    # --- which one

    def _scope(self, who: str, where: str, noun: str | None, via: object) -> tuple[Row | None, Scope]:
        """The cadence that is named by its id, or None; and whom it is to be about."""
        channel = choice(TABLES["cadence"].columns["channel"], str(via)) if via else None
        if channel == "note":
            raise UsageError(
                "a note reaches nobody, so none counts as a contact", "name another channel, or leave it out"
            )
        if not who:
            kind = (noun or "contact").strip().lower()
            if kind not in PARTIES:
                raise UsageError(f"'{noun}' is not a noun that cadences are about", "use contact or company")
            if not where.strip():
                raise UsageError("an empty filter would mean everybody", "write a filter such as 'tag:vip'")
            self.standings.condition(kind, where, self.app.clock, None)
            return None, Scope(kind, None, where.strip(), channel)
        if noun is not None:
            raise UsageError("--noun says what a filter is about, and none was given", "add --where, or leave it out")
        named = parse_ref(who.strip())
        if named and named[0] == "cadence":
            if channel:
                raise UsageError(f"the channel of {who} cannot be changed", "name WHO or --where with the other --via")
            row = self._row(named[1])
            return row, Scope(row["noun"], row["contact_id"] or row["company_id"], row["filter"], row["channel"])
        party = self.app.who.find(who)
        self.app.consents.warn(party, channel)
        return None, Scope(party.noun, party.id, None, channel)

    def _same(self, scope: Scope) -> Row | None:
        """The cadence that is about the same already."""
        store = self.app.store
        if scope.key is not None:
            rows = cadences.of(store, scope.noun, scope.key)
        else:
            rows = [row for row in cadences.of_filters(store, scope.noun) if row["filter"] == scope.filter]
        return next((row for row in rows if row["channel"] == scope.channel), None)

    def _keys(self, which: Sequence[str]) -> list[int]:
        return list(dict.fromkeys(self._key(one) for one in which))

    def _key(self, which: str) -> int:
        named = parse_ref(which.strip())
        if named and named[0] == "cadence":
            return int(self._row(named[1])["id"])
        party = self.app.who.find(which)
        rows = cadences.of(self.app.store, party.noun, party.id)
        if len(rows) == 1:
            return int(rows[0]["id"])
        if not rows:
            raise NotFound(f"{party.name} ({party.ref}) has no cadence of its own", self._instead(party.noun, party.id))
        options = [(ref("cadence", row["id"]), f"every {row['ideal']}{by_channel(row['channel'])}") for row in rows]
        picked = self.app.choose(f"Which cadence of {party.name}?", options)
        if picked is None:
            hint = f"say it with the id, for example {options[0][0]}"
            raise Ambiguous(f"there are several cadences of {party.name}", options, hint)
        return next(int(row["id"]) for row in rows if ref("cadence", row["id"]) == picked)

    def _instead(self, noun: str, key: int) -> str:
        standing = self.standings.of(noun, key)
        if standing is None:
            return f"set one: crm cadence set {ref(noun, key)} 6w"
        row = standing.rule.row
        return f"{ref('cadence', row['id'])} is about all {PLURAL[noun]} that match '{row['filter']}'; name that one"

    def _row(self, key: int) -> Row:
        row = cadences.get(self.app.store, key)
        if row is None:
            raise NotFound(f"there is no cadence {ref('cadence', key)}", "see: crm cadence list")
        return row

    def _until(self, text: str | None) -> str | None:
        if text is None:
            return None
        when = dates.parse(text, self.app.clock)
        if when.note:
            self.app.notes.append(when.note)
        if when.instant <= self.app.clock.now():
            raise UsageError(f"{dates.describe(when, self.app.clock)} is over", "name a day to come, such as +3w")
        return stamp(when.instant)

    # --- records

    def _records(self, rows: Sequence[Row]) -> list[dict[str, Any]]:
        rules = self.standings.rules(rows)
        own = self.standings.of_own([rule for rule in rules if rule.where is None])
        standings = {one.rule.row["id"]: one for one in own}
        return [self._record(row, standings.get(row["id"])) for row in rows]

    def _record(self, row: Row, standing: Standing | None) -> dict[str, Any]:
        contact, company = row["contact_id"], row["company_id"]
        paused = is_paused(row, self.app.clock)
        now = standing.record() if standing else {"state": "paused" if paused else None}
        return {
            "id": ref("cadence", row["id"]),
            "uid": row["uid"],
            "noun": row["noun"],
            "contact": contact and {"id": ref("contact", contact), "display_name": row["contact_name"]},
            "company": company and {"id": ref("company", company), "name": row["company_name"]},
            "filter": row["filter"],
            "ideal": row["ideal"],
            "maximum": row["maximum"],
            "via": row["channel"],
            "owner": row["owner_name"],
            **{name: now.get(name) for name in ("state", "last_at", "due_on", "late_on", "days")},
            "paused_at": row["paused_at"] if paused else None,
            "paused_until": row["paused_until"] if paused else None,
            "created_at": row["created_at"],
            "updated_at": row["updated_at"],
        }


def described(record: Mapping[str, Any]) -> str:
    """How often a record says to be in touch: "every 6 weeks by call, at most 9 weeks"."""
    try:
        gap = Gap(parse_span(record["ideal"]), parse_span(record["maximum"]))
    except UsageError:  # from an archive that somebody wrote by hand
        return f"every {record['ideal']}, at most {record['maximum']}"
    return f"{every(gap.ideal)}{by_channel(record['via'])}, at most {gap.maximum.words}"
