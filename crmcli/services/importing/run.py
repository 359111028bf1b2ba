"""One import: records of a source, chunk by chunk, into what is there; what became of each is counted."""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.importers.base import Draft, Format, Item, Refused
from crmcli.importers.source import Source
from crmcli.services.importing import pool
from crmcli.services.importing.deals import DealLanding
from crmcli.services.importing.followups import Landing as FollowupLanding
from crmcli.services.importing.interactions import Landing as InteractionLanding
from crmcli.services.importing.options import Options
from crmcli.services.importing.orderready import ReadyOrder
from crmcli.services.importing.orders import OrderLanding
from crmcli.services.importing.outcome import KINDS, REJECTED, SKIPPED, UNCHANGED, Outcome
from crmcli.services.importing.ownsales import OWN, OwnLanding
from crmcli.services.importing.parties import PartyLanding
from crmcli.services.importing.prepare import Packed, Ready
from crmcli.services.importing.session import Session
from crmcli.services.importing.spill import Spill
from crmcli.store import imports, matching
from crmcli.store.bulk import Bulk
from crmcli.store.nouns import PARTIES

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

CHUNK = 2000
# Cells of a chunk: of 2000 rows of an ordinary table.
ROOM = 50_000
# When more wait than this, looking up has become the larger part: the indexes come back.
MOST_LATER = 20_000
MOST_REASONS = 100
DEALINGS = ("order", "deal", *OWN)
"""What is about a customer, or sold, and is known again by its digest as people are."""
# What is made ready beside this process, and as what it comes back.
READY: dict[str, Any] = {"contact": Ready, "company": Ready, "order": ReadyOrder}


LANDINGS: dict[str, Any] = {"order": OrderLanding, "deal": DealLanding, **dict.fromkeys(OWN, OwnLanding)}


class Job(NamedTuple):
    """A source, how it is read, and about how many records it has."""

    source: Source
    format: Format
    expected: int


class Chunk(NamedTuple):
    """Some records in their order, and the digests of some of them by their place in `items`.

    `fresh` are those that were not seen before, as far as that was looked up; `twins` are the same as one that is still
    to be written.
    """

    items: Sequence[Item]
    fresh: dict[int, str]
    twins: dict[int, str]
    looked_up: bool


class Run:
    """The records of one source.

    `counts` has a number for each of KINDS and `total`; `refused` what was rejected, with its reason; `offered` people
    in messages who are not known.
    """

    def __init__(self, app: "App", job: Job, options: Options, session: Session) -> None:
        self.app = app
        self.job = job
        self.options = options
        self.session = session
        self.counts = dict.fromkeys(("total", *KINDS), 0)
        self.refused = Spill()
        self.reasons: list[dict[str, Any]] = []
        self.skips: dict[str, int] = {}
        self.offered: dict[str, tuple[str, int]] = {}
        self.odd: dict[str, int] = {}
        self._landings: dict[str, Any] = {}
        self._bulk: Bulk
        self._told = 0
        self._in_flight: set[str] = set()
        # Records that may be here already, kept until that can be looked up, and their digests.
        self._later: list[Item] = []
        self._later_digests: set[str] = set()
        self._unlucky: Newest = Newest(CHUNK * (pool.AHEAD + 2))
        columns = job.format.columns(job.source).targets if job.format.columns else ()
        salt = "\x1f".join((job.format.name, options.on_match, options.key, *columns))
        self._salt = blake2b(salt.encode(), digest_size=32).digest()

    def take(self, gate: "Gate", items: Iterator[Item], most: int | None = None) -> int:
        """Take in the next records, `most` of them at the most; returns how many there were."""
        self._landings, self._bulk = {}, Bulk(gate)
        before = self.counts["total"]
        stream = items if most is None else islice(items, most)
        expected = self.job.expected if most is None else min(self.job.expected, most)
        bulk = self._bulk
        orders = self.job.format.noun == "order"
        self._told = len(self.app.notes)
        try:
            for chunk, packed in self._packed(stream, expected):
                self._land(gate, chunk, packed)
                left = expected - (self.counts["total"] - before)
                bulk.expect(left, matching=bool(self.options.key), orders=orders)
            self._catch_up(gate)
            self._finish()
        except BaseException:
            bulk.abandon()
            raise
        return self.counts["total"] - before

    def _packed(self, items: Iterable[Item], expected: int) -> Iterator[tuple[Chunk, Sequence[Packed]]]:
        app = self.app
        return pool.packed(self._chunks(items), app.clock, app.country, expected, self.options.currency)

    def _finish(self) -> None:
        """What is done once for all orders, deals and follow-ups."""
        for landing in (self._landings[noun] for noun in (*LANDINGS, "followup") if noun in self._landings):
            landing.finish()
            for odd, count in landing.odd.items():
                self.odd[odd] = self.odd.get(odd, 0) + count
            landing.odd = {}

    def _chunks(self, items: Iterable[Item]) -> Iterator[tuple[Chunk, Sequence[Draft]]]:
        """The records in chunks, each with those drafts that are to be made ready: not seen before, and of people."""
        stream = iter(items)
        while chunk := _taken(stream):
            digests = {
                place: self._digest(one)
                for place, one in enumerate(chunk)
                if isinstance(one, Draft) and (one.noun in PARTIES or one.noun in DEALINGS)
            }
            looked_up = self._bulk.met is None
            known = matching.seen(self.app.store, list(digests.values())) if looked_up else set()
            fresh: dict[int, str] = {}
            twins: dict[int, str] = {}
            for place, digest in digests.items():
                if digest in self._in_flight:
                    twins[place] = digest
                elif digest not in known:
                    self._in_flight.add(digest)
                    fresh[place] = digest
            yield Chunk(chunk, fresh, twins, looked_up), [chunk[place] for place in _to_prepare(chunk, fresh)]  # type: ignore[misc]

    def _digest(self, draft: Draft) -> str:
        raw = draft.raw if isinstance(draft.raw, str) else "\x1f".join(map(str, draft.raw))
        # Of orders without a number two may read the same: they are told apart by what they are known by.
        known_by = draft.values["external"][0] if draft.noun == "order" and "external" in draft.values else ""
        data = f"{draft.noun}{known_by}\x1f{raw}".encode("utf-8", "surrogatepass")
        return b64encode(blake2b(data, digest_size=15, key=self._salt).digest()).decode()

    def _land(self, gate: "Gate", chunk: Chunk, packed: Sequence[Packed]) -> None:
        """Take in a chunk, of which `packed` are the fresh records made ready; what may be here already is put off."""
        if self._bulk.met is not None and any(_looks_up(one) for one in chunk.items):
            self._catch_up(gate)
        if self._bulk.met is None and not chunk.looked_up:
            self._take_again(gate, chunk.items, chunk.fresh.values())
            return
        ready = dict(zip(_to_prepare(chunk.items, chunk.fresh), packed, strict=True))
        fates: dict[str, Outcome] = {}
        landing = self._sorted(chunk, ready, fates)
        for noun, places in landing.items():
            these = [READY[noun]._make(ready[place]) if place in ready else chunk.items[place] for place in places]
            for place, outcome in zip(places, self._landing(gate, noun).land(these), strict=True):
                if outcome is None:
                    self._put_off(chunk.items[place], chunk.fresh[place])
                    continue
                self._count(chunk.items[place], outcome)
                if place in chunk.fresh:
                    fates[chunk.fresh[place]] = outcome
        self._remember(gate, fates)
        self._in_flight -= set(chunk.fresh.values()) - self._later_digests
        for place, digest in chunk.twins.items():
            if digest in self._later_digests:
                self._later.append(chunk.items[place])
            else:
                self._count(chunk.items[place], self._twin(digest, fates))
        del self.app.notes[self._told :]  # what a single change would tell, a thousand would drown in
        self.session.progress(self.job.source.name, self.counts["total"], self.job.expected)
        if len(self._later) > MOST_LATER:
            self._catch_up(gate)

    def _sorted(self, chunk: Chunk, ready: Mapping[int, Packed], fates: dict[str, Outcome]) -> dict[str, list[int]]:
        """The places of the records that are to land, by noun; what becomes of the others is counted."""
        landing: dict[str, list[int]] = {}
        met = self._bulk.met
        for place, one in enumerate(chunk.items):
            digest = chunk.fresh.get(place)
            if isinstance(one, Refused):
                self._count(one, Outcome(REJECTED, "", None, one.reason))
            elif place in ready and len(ready[place]) == 2:
                assert digest is not None
                fates[digest] = Outcome(REJECTED, one.noun, None, ready[place][1])
                self._count(one, fates[digest])
            elif digest is not None and met is not None and met.meet((digest,)):
                met.meet(Ready._make(ready[place]).keys)  # a later form of it must not overtake it
                self._put_off(one, digest)
            elif digest is not None or (one.noun not in PARTIES and one.noun not in DEALINGS):
                landing.setdefault(one.noun, []).append(place)
            elif place not in chunk.twins:
                self._count(one, Outcome(UNCHANGED, one.noun))
        return landing

    def _put_off(self, item: Item, digest: str) -> None:
        self._later.append(item)
        self._later_digests.add(digest)

    def _catch_up(self, gate: "Gate") -> None:
        """Make everything findable again, and take in what was put off until then."""
        self._bulk.finish()
        self._finish()
        self._landings = {}  # what they know of this load does not hold what was written meanwhile
        items, digests = self._later, self._later_digests
        self._later, self._later_digests = [], set()
        self._take_again(gate, items, digests)

    def _take_again(self, gate: "Gate", items: Sequence[Item], digests: Iterable[str]) -> None:
        """Take in records of these digests which were not looked up."""
        self._in_flight.difference_update(digests)
        for chunk, packed in self._packed(items, len(items)):
            self._land(gate, chunk, packed)

    def _remember(self, gate: "Gate", fates: Mapping[str, Outcome]) -> None:
        taken = [digest for digest, outcome in fates.items() if outcome.kind not in (REJECTED, SKIPPED)]
        if taken and gate.changes:  # where nothing changed there is no operation to keep them by
            imports.remember(gate, taken)
        # Chunks that are made ready by now may hold the same: they are met with what became of it.
        for digest, outcome in fates.items():
            if outcome.kind in (REJECTED, SKIPPED):
                self._unlucky[digest] = outcome

    def _twin(self, digest: str, fates: Mapping[str, Outcome]) -> Outcome:
        """What becomes of a record that stands in the source twice: it is one record."""
        first = fates.get(digest) or self._unlucky.get(digest)
        if first is None or first.kind not in (REJECTED, SKIPPED):
            return Outcome(UNCHANGED, first.noun if first else "", first.id if first else None)
        return first

    def _count(self, item: Item, outcome: Outcome) -> None:
        self.counts["total"] += 1
        self.counts[outcome.kind] += 1
        if outcome.kind == REJECTED:
            self.refused.add(Refused(item.place, item.raw, outcome.reason))
            if len(self.reasons) < MOST_REASONS:
                self.reasons.append({"line": item.place, "reason": outcome.reason})
        elif outcome.kind == SKIPPED:
            self.skips[outcome.reason] = self.skips.get(outcome.reason, 0) + 1

    def _landing(self, gate: "Gate", noun: str) -> Any:
        if noun not in self._landings:
            if noun in PARTIES:
                made: Any = PartyLanding(self.app, gate, self._bulk, noun, self.options)
            elif noun in LANDINGS:
                made = LANDINGS[noun](self.app, gate, self._bulk, self.options)
            elif noun == "interaction":
                made = InteractionLanding(self.app, gate, self.options)
            else:
                made = FollowupLanding(self.app, gate, self.options)
            if noun in ("interaction", "followup"):
                made.offered = self.offered
            self._landings[noun] = made
        return self._landings[noun]


def _to_prepare(items: Sequence[Item], fresh: Iterable[int]) -> list[int]:
    """The places of those fresh records that are made ready beside this process."""
    return [place for place in fresh if items[place].noun in READY]  # type: ignore[union-attr]


def _looks_up(item: Item) -> bool:
    """Whether a record is about people and companies who have to be looked up: a message, a meeting, a follow-up."""
    return isinstance(item, Draft) and item.noun not in PARTIES


class Newest(dict[str, Outcome]):
    """The outcomes of the newest digests, `most` of them at the most."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def __setitem__(self, digest: str, outcome: Outcome) -> None:
        super().__setitem__(digest, outcome)
        while len(self) > self.most:
            del self[next(iter(self))]


def begin(job: Job) -> None:
    """Read the first record of a source and let go of it. Raises UsageError for what is no file of its kind."""
    next(job.format.read(job.source), None)


def _taken(stream: Iterator[Item]) -> list[Item]:
    """The next records: a chunk, or fewer where each is a row of very many cells, which take memory once read."""
    chunk: list[Item] = []
    room = ROOM
    for one in islice(stream, CHUNK):
        chunk.append(one)
        room -= len(one.raw) if isinstance(one.raw, list) else 0
        if room < 0:
            break
    return chunk
