"""Records as they were: whom is meant, and the program as it was at that moment."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from crmcli.kernel import dates
from crmcli.kernel.clock import instant, stamp
from crmcli.kernel.errors import NotFound, UsageError
from crmcli.kernel.ids import parse_ref, ref, table_of
from crmcli.kernel.relative import moment_label
from crmcli.store import merges, past
from crmcli.store.nouns import PARTIES
from crmcli.store.store import Store

if TYPE_CHECKING:
    from crmcli.app import App


class Then(NamedTuple):
    """The program at a moment of the past: over one record and what belongs to it as they were."""

    app: "App"
    noun: str
    key: int
    at: str
    last: int
    """The last operation of that moment, by its key."""

    @property
    def ref(self) -> str:
        """The id of the record."""
        return ref(self.noun, self.key)


class Pasts:
    """Looking at records as they were."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def then(self, when: str, who: str, nouns: Sequence[str]) -> Then:
        """The program as it was at a moment, for one record.

        Args:
            when: the moment; a day means its end, today means now.
            who: the id of a record, deleted, merged and undone ones included; of a customer also what finds it now.
            nouns: which kinds of record may be meant.

        Raises:
            UsageError: the moment is still to come, or not understood, or it is no such id.
            NotFound: there was no such record then; the hint says since when there is one, or that it was erased.
        """
        at = self._moment(when)
        noun, key = self._record(who.strip(), nouns)
        last = past.last_operation(self.app.store, at)
        record = (table_of(noun), key)
        found = past.rebuild(self.app.store, record, last)
        if record not in found.rows:
            raise self._not_there(noun, key, at, last, erased=record in found.erased)
        if found.erased:
            self.app.notes.append("some of what was there then was erased since")
        then = self.app.elsewhere(Store(lambda _: found.connection, lambda: found.connection), instant(at))
        following = merges.kept(then.store, noun, key) if noun in PARTIES else None
        if following is not None and found.rows.get((noun, following), {"deleted_at": at})["deleted_at"]:
            following = None  # nobody to be led to
        if following is not None:
            self.app.notes.append(f"{ref(noun, key)} had been merged into {ref(noun, following)} by then")
        told = moment_label(instant(at), self.app.clock)
        then.out.message(f"As it was on {told} {self.app.clock.zone_name}")
        return Then(then, noun, key if following is None else following, at, last)

    def _moment(self, text: str) -> str:
        clock = self.app.clock
        when = dates.parse(text, clock)
        if when.instant > clock.now():
            raise UsageError(f"{dates.describe(when, clock)} is still to come", "name a moment of the past")
        if when.time is not None:
            return stamp(when.instant)
        end = clock.end_of(when.date) - timedelta(seconds=1)
        return stamp(min(end, clock.now()))

    def _record(self, who: str, nouns: Sequence[str]) -> tuple[str, int]:
        named = parse_ref(who)
        if named and named[0] in nouns:
            if past.made(self.app.store, table_of(named[0]), named[1]) is None:
                raise NotFound(f"there is no {named[0]} {who}, and never was", f"see: crm {named[0]} list")
            return named
        parties = [noun for noun in nouns if noun in PARTIES]
        if not parties:
            return nouns[0], self.app.who.record(who, nouns[0])
        try:
            found = self.app.who.find(who, parties)
        except NotFound:
            gone = self.app.who.matches(who, parties, deleted=True)
            if len(gone) != 1:
                raise
            found = gone[0]
        return found.noun, found.id

    def _not_there(self, noun: str, key: int, at: str, last: int, *, erased: bool) -> NotFound:
        mine, clock, store = ref(noun, key), self.app.clock, self.app.store
        if erased:
            return NotFound(f"{mine} was erased", "what was erased stays gone, from the past, too")
        told = moment_label(instant(at), clock)
        first = past.made(store, table_of(noun), key)
        if first is not None and first["id"] > last:
            since = f"it was made on {moment_label(instant(first['at']), clock)}, by {ref('operation', first['id'])}"
            return NotFound(f"there was no {noun} {mine} on {told}", since)
        gone = past.went(store, table_of(noun), key, last)
        by = f"{ref('operation', gone['id'])} ({gone['command']}) had taken it away" if gone else ""
        return NotFound(f"there was no {noun} {mine} on {told}", by)
