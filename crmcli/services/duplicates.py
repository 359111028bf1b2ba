"""Records that may be the same: finding them, saying why, and remembering what was decided."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.kernel.errors import UsageError
from crmcli.kernel.ids import key_of, ref
from crmcli.kernel.page import Page
from crmcli.services.pairing import firms, persons
from crmcli.services.pairing.blocks import Pair
from crmcli.services.pairing.companies import Organisations
from crmcli.services.pairing.contacts import People
from crmcli.services.pairing.verdicts import Record, Verdict
from crmcli.services.uniting.fields import Rules
from crmcli.services.who import Match
from crmcli.store import duplicates, parties
from crmcli.store.duplicates import NAME
from crmcli.store.merges import Links, refusal
from crmcli.store.nouns import PARTIES

if TYPE_CHECKING:
    from crmcli.app import App

LEAST_SCORE = 40
SLICE = 500
# What is read of both records to weigh them, and what is told of each.
PARTS = ("emails", "phones", "addresses", "companies", "domains", "external_ids", "parent")
TOLD = {
    "contact": ("emails", "phones", "companies", "addresses", "external_ids"),
    "company": ("emails", "phones", "domains", "addresses", "external_ids"),
}
TIMES = ("last_inbound_at", "last_outbound_at", "created_at", "updated_at")


class Found(NamedTuple):
    """A pair and its verdict; the smaller key first."""

    noun: str
    first: int
    second: int
    verdict: Verdict


class Merged(NamedTuple):
    """A record that was kept, and those that are a part of it now."""

    kept: Match
    gone: list[Match]


class Duplicates:
    """Pairs of records that may be one."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def page(
        self,
        nouns: Sequence[str] = PARTIES,
        text: str = "",
        *,
        limit: int | None = None,
        least: int = LEAST_SCORE,
        certain: bool = False,
    ) -> Page:
        """The pairs that may be one, the surest first; those that somebody refused are left out.

        Args:
            nouns: contact, company or both.
            text: a filter; of each pair one record at least matches it.
            limit: how many at most; None for all.
            least: the lowest score, 0 to 100.
            certain: only those that may be merged unasked.
        """
        found = [pair for noun in nouns for pair in self._found(noun, text)]
        wanted = [pair for pair in found if pair.verdict.score >= least and (pair.verdict.certain or not certain)]
        wanted.sort(key=lambda pair: (-pair.verdict.score, pair.noun, pair.first, pair.second))
        shown = wanted if limit is None else wanted[:limit]
        return Page(self._records(shown), len(shown) < len(wanted))

    def refuse(self, who: Sequence[str]) -> list[str]:
        """Remember that records are not the same, each from each; returns the ids of the pairs.

        Raises:
            UsageError: there are fewer than two, or contacts and companies are mixed.
            NotFound, Ambiguous: see `Who.find`.
        """
        found = list(dict.fromkeys(self.app.who.find(one) for one in who))
        if len(found) < 2:
            raise UsageError("two records are needed", "name those that are not the same: c1 c2")
        if len({match.noun for match in found}) > 1:
            raise UsageError("a contact and a company are never taken for one", "name two contacts or two companies")
        noun = found[0].noun
        pairs = list(combinations(sorted(match.id for match in found), 2))
        with self.app.writing() as gate:
            for first, second in pairs:
                if refusal(self.app.store, noun, first, second) is None:
                    pair = {"noun": noun, "first_id": first, "second_id": second}
                    gate.insert("distinct_pair", {**pair, "decided_at": gate.now})
        return [pair_id(noun, *pair) for pair in pairs]

    def is_open(self, noun: str, first: int, second: int) -> bool:
        """Whether a pair is still to be decided: both records are there, and nobody refused it."""
        living = duplicates.rows_of(self.app.store, noun, [first, second])
        return len(living) == 2 and refusal(self.app.store, noun, first, second) is None

    def merge_certain(self, pairs: Sequence[Mapping[str, Any]], *, dry_run: bool = False) -> list[Merged]:
        """Merge pairs that `page` returned as certain, in one transaction; returns what became of them.

        Of more than two that are one, each must be certain with each. With `dry_run` all is done and taken back.
        """
        merged = []
        with self.app.writing(rehearsal=dry_run) as gate:
            for noun in PARTIES:
                groups = _groups([pair for pair in pairs if pair["noun"] == noun])
                links = Links(self.app.store, noun)
                for group in groups:
                    if len(duplicates.rows_of(self.app.store, noun, group)) < len(group):
                        continue  # another process was faster
                    records = [Match(noun, key, str(gate.fetch(noun, key)[NAME[noun]])) for key in group]
                    done = self.app.merging.write(gate, noun, records, Rules(), links)
                    merged.append(Merged(done.kept, done.gone))
        return merged

    def _found(self, noun: str, text: str) -> Iterator[Found]:
        """The pairs of a noun that anything speaks for."""
        keys = self._matching(noun, text)
        store = self.app.store
        known = People(store) if noun == "contact" else Organisations(store)
        blocks = known.pairs()
        self.app.notes.extend(blocks.notes(noun))
        refused = duplicates.refused(store, noun)
        pairs = sorted(pair for pair in blocks.pairs - refused if keys is None or not keys.isdisjoint(pair))
        judge = _judge(known)
        for start in range(0, len(pairs), SLICE):
            part = pairs[start : start + SLICE]
            records = self._read(noun, {key for pair in part for key in pair}, PARTS)
            for first, second in part:
                verdict = judge.weigh(records[first], records[second])
                if verdict.score:
                    yield Found(noun, first, second, verdict)

    def _matching(self, noun: str, text: str) -> set[int] | None:
        """The keys of the records that match a filter; None for all."""
        if not text.strip():
            return None
        service = self.app.contacts if noun == "contact" else self.app.companies
        return {key_of(found) for found in service.matching(text)}

    def _read(self, noun: str, keys: Collection[int], parts: Collection[str] | None) -> dict[int, dict[str, Any]]:
        rows = duplicates.rows_of(self.app.store, noun, sorted(keys))
        records = parties.records(self.app.store, noun, rows, parts)
        return {row["id"]: record for row, record in zip(rows, records, strict=True)}

    def _records(self, pairs: Sequence[Found]) -> list[dict[str, Any]]:
        """What is told of each pair; the records are read in slices, so that their number costs no memory."""
        told = []
        for start in range(0, len(pairs), SLICE):
            part = pairs[start : start + SLICE]
            for noun in PARTIES:
                keys = {key for pair in part if pair.noun == noun for key in (pair.first, pair.second)}
                records = self._read(noun, keys, None)
                told += [_record(pair, records[pair.first], records[pair.second]) for pair in part if pair.noun == noun]
        order = {(pair.noun, pair.first, pair.second): place for place, pair in enumerate(pairs)}
        return sorted(told, key=lambda item: order[item["noun"], *pair_keys(item)])


def _judge(known: People | Organisations) -> persons.Judge | firms.Judge:
    if isinstance(known, People):
        domains = {ref("company", key): found for key, found in known.domains.items()}
        return persons.Judge(known.names, known.emails, known.phones, domains)
    return firms.Judge(known.emails, known.phones)


def pair_id(noun: str, first: int, second: int) -> str:
    """What a pair is called: `c1:c2`."""
    return f"{ref(noun, first)}:{ref(noun, second)}"


def pair_keys(item: Mapping[str, Any]) -> Pair:
    """The keys of the two records of a pair."""
    return key_of(item["first"]["id"]), key_of(item["second"]["id"])


def _record(pair: Found, first: Record, second: Record) -> dict[str, Any]:
    return {
        "id": pair_id(pair.noun, pair.first, pair.second),
        "noun": pair.noun,
        "score": pair.verdict.score,
        "certain": pair.verdict.certain,
        "reasons": list(pair.verdict.reasons),
        "first": _brief(pair.noun, first),
        "second": _brief(pair.noun, second),
        "proposal": propose(first, second),
    }


def _brief(noun: str, record: Record) -> dict[str, Any]:
    told = {"id": record["id"], "name": record[NAME[noun]]}
    return told | {name: record[name] for name in (*TOLD[noun], *TIMES)}


def propose(first: Record, second: Record) -> dict[str, Any]:
    """Which of two records to keep, and why: the one of which more is known, else the one that was there first."""
    known = [sum(len(value) if isinstance(value, list | dict) else bool(value) for value in record.values())
             for record in (first, second)]  # fmt: skip
    if known[0] == known[1]:
        return {"keep": first["id"], "reason": "it was there first"}
    return {"keep": (first if known[0] > known[1] else second)["id"], "reason": "more is known of it"}


def _groups(pairs: Sequence[Mapping[str, Any]]) -> list[list[int]]:
    """The records that are one, the one to keep first; every two of a group are a pair."""
    sure = {pair_keys(pair) for pair in pairs}
    groups: dict[int, list[int]] = {}
    for one, other in (pair_keys(pair) for pair in pairs):
        mine, theirs = groups.get(one, [one]), groups.get(other, [other])
        if mine is theirs:
            continue
        if all((min(a, b), max(a, b)) in sure for a in mine for b in theirs):
            together = [*mine, *theirs]
            groups.update(dict.fromkeys(together, together))
    wanted = Counter(key_of(pair["proposal"]["keep"]) for pair in pairs)
    found = {id(group): group for group in groups.values()}.values()
    return [sorted(group, key=lambda key: (-wanted[key], key)) for group in found]
