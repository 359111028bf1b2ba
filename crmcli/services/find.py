"""Search over everything that a person wrote, best match first.

The order: what the text names by a key of its own (an id, the number of an order or article, an e-mail address, a phone
number, a foreign key), exact full names, names that hold all words, names with words that begin so, then other texts,
newest first. Only when no name holds the words are they taken for mistyped.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.kernel.clock import stamp
from crmcli.kernel.errors import UsageError
from crmcli.kernel.excerpt import Excerpt, excerpt
from crmcli.kernel.ids import parse_ref, table_of
from crmcli.kernel.page import Page
from crmcli.kernel.similarity import nearest
from crmcli.store import find, finding_sales, findings, names
from crmcli.store.derive import digits, looks_like_phone, name_key
from crmcli.store.find import Entry, Term
from crmcli.store.findings import Finding
from crmcli.store.merges import kept
from crmcli.store.nouns import PARTIES

if TYPE_CHECKING:
    from crmcli.app import App

NOUNS = ("contact", "company", "interaction", "followup", "deal", "order", "case", "product")
LIMIT = 50
DAY = len("2026-11-28")
# Names that are ranked: where more match, the newest of them.
MOST_RANKED = 200


class Hit(NamedTuple):
    """A record that matched, `noun` being its table; `place` where that is known already.

    `corrected` is the words that it was found by.
    """

    noun: str
    id: int
    place: str = ""
    corrected: str = ""


class Find:
    """Search."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def page(self, text: str, *, nouns: Sequence[str] | None = None, limit: int = LIMIT) -> Page:
        """The records that hold all words of a text, each with the place where they stand.

        Words that were taken for mistyped, or that nothing has, are told beside the result.

        Args:
            text: words, complete or begun; words between double quotes stand together and are complete.
            nouns: the kinds of record to look among; all by default.
            limit: how many at most.

        Raises:
            UsageError: the text holds no word, or a kind is unknown.
        """
        wanted = [table_of(check_noun(noun)) for noun in nouns or NOUNS]
        sought = find.terms(text)
        if not sought:
            raise UsageError(f"'{text}' holds no letter or digit to look for", "for example: crm find muller")
        words = [word for term in sought for word in term.words]
        items, more = self._items(self._by_name(text.strip(), sought, wanted, limit), words, limit)
        named = bool(items)
        if len(items) <= limit:
            items += self._by_text(sought, words, wanted, limit + 1 - len(items), items)
        note = ""
        if not named and len(items) <= limit:
            note = self._correct(sought, words, wanted, limit, items)
        if not items:
            note = self._nothing(text, sought, wanted)
        if note:
            self.app.notes.append(note)
        return Page(items[:limit], more=more or len(items) > limit)

    def _items(self, hits: Iterator[Hit], words: Sequence[str], limit: int) -> tuple[list[dict[str, Any]], bool]:
        """One item a record, and whether there are more than `limit`."""
        ranked: dict[tuple[str, int], Hit] = {}
        for hit in hits:
            ranked.setdefault((hit.noun, hit.id), hit)
        chosen = list(ranked.values())
        found = self._read(chosen[: limit + 1])
        items = [self._item(hit, found[hit.noun, hit.id], words) for hit in chosen if (hit.noun, hit.id) in found]
        return items, len(chosen) > limit + 1

    def _read(self, hits: Sequence[Hit]) -> dict[tuple[str, int], Finding]:
        found = {}
        for noun in dict.fromkeys(hit.noun for hit in hits):
            keys = [hit.id for hit in hits if hit.noun == noun]
            for key, finding in findings.findings(self.app.store, noun, keys).items():
                found[noun, key] = finding
        return found

    def _item(self, hit: Hit, finding: Finding, words: Sequence[str]) -> dict[str, Any]:
        place, shown = _place(hit, finding, words)
        at = finding.at
        if at is not None and len(at) == DAY:
            at = stamp(self.app.clock.midnight(date.fromisoformat(at)))
        return {
            "id": finding.id,
            "noun": finding.noun,
            "name": finding.name,
            "place": place,
            "snippet": shown.text if shown else None,
            "marks": shown.marks if shown else [],
            "who": finding.who,
            "at": at,
            "status": finding.status,
            "corrected": hit.corrected or None,
        }

    # --- by key and by name

    def _by_name(self, text: str, sought: Sequence[Term], wanted: Sequence[str], limit: int) -> Iterator[Hit]:
        nouns = [noun for noun in PARTIES if noun in wanted]
        yield from self._by_key(text, wanted, nouns)
        if nouns:
            yield from (_hit(row, "name") for row in names.by_name(self.app.store, text.replace('"', " "), nouns))
            yield from self._named(sought, nouns, limit)
            if looks_like_phone(text, fewest=1):
                # A leading zero is dialled at home and not part of the number.
                plain = [Term(tuple(word.lstrip("0") or word for word in term.words)) for term in sought]
                yield from self._named(plain, nouns, limit) if plain != sought else ()

    def _by_key(self, text: str, wanted: Sequence[str], nouns: Sequence[str]) -> Iterator[Hit]:
        store = self.app.store
        named = parse_ref(text)
        if named and table_of(named[0]) in wanted:
            noun, number = table_of(named[0]), named[1]
            yield Hit(noun, kept(store, noun, number) or number, place="id")
        yield from (_hit(row, row["place"]) for row in finding_sales.by_key(store, text, wanted))
        if "@" in text:
            yield from (_hit(row, "email") for row in names.by_email(store, text, nouns))
        source, colon, key = text.partition(":")
        if colon and source and key:
            yield from (_hit(row, "external_id") for row in names.by_external_id(store, source, key, nouns))
        if looks_like_phone(text):
            e164 = self.app.phones.e164(text)
            yield from (_hit(row, "phone") for row in names.by_phone(store, e164, digits(text), nouns))

    def _named(self, sought: Sequence[Term], nouns: Sequence[str], limit: int, corrected: str = "") -> Iterator[Hit]:
        """Whole words before begun ones; of each, names that hold the first word early, then the newest."""
        seen: set[int] = set()
        most = max(MOST_RANKED, limit + 1)
        for stage, begun in _stages(sought):
            if len(seen) >= most or (seen and begun and stage is sought):
                break
            entries = find.entries(self.app.store, "search_name", stage, nouns, most, begun=begun)
            entries.sort(key=lambda entry: _rank(entry, sought))
            yield from (Hit(entry.noun, entry.record_id, "", corrected) for entry in entries if entry.id not in seen)
            seen |= {entry.id for entry in entries}
        if len(sought) == 1 and find.is_short(sought[0]):
            key = name_key(sought[0].text)
            yield from (_hit(row, "name") for row in find.beginning(self.app.store, key, nouns, most))

    # --- by other texts

    def _by_text(
        self,
        sought: Sequence[Term],
        words: Sequence[str],
        wanted: Sequence[str],
        limit: int,
        items: list[dict[str, Any]],
    ) -> list[dict[str, Any]]:
        known = {item["id"] for item in items}
        hits: dict[tuple[str, int], Hit] = {}
        for stage, begun in _stages(sought):
            if len(hits) >= limit or (hits and begun and stage is sought):
                break
            most = limit + len(items)
            for entry in find.entries(self.app.store, "search_text", stage, wanted, most, begun=begun):
                hits.setdefault((entry.noun, entry.record_id), Hit(entry.noun, entry.record_id))
        read = self._read(list(hits.values()))
        fresh = [(read[key], hit) for key, hit in hits.items() if key in read and read[key].id not in known]
        fresh.sort(key=lambda pair: pair[0].since, reverse=True)
        return [self._item(hit, finding, words) for finding, hit in fresh[:limit]]

    # --- when nothing has the words

    def _correct(
        self,
        sought: Sequence[Term],
        words: Sequence[str],
        wanted: Sequence[str],
        limit: int,
        items: list[dict[str, Any]],
    ) -> str:
        """Add what the words may have meant in names; returns what was done."""
        nouns = [noun for noun in PARTIES if noun in wanted]
        if not nouns or any(term.quoted for term in sought):
            return ""
        typed = " ".join(words)
        known = {item["id"] for item in items}
        for choice in names.corrections(self.app.store, words):
            meant = " ".join(choice)
            hits = self._named([Term((word,)) for word in choice], nouns, limit, meant) if meant != typed else iter(())
            found, _ = self._items(hits, choice, limit)
            fresh = [item for item in found if item["id"] not in known]
            if fresh:
                said = "" if items else f"no '{typed}'; showing '{meant}'"
                items += fresh
                return said
        return ""

    def _nothing(self, text: str, sought: Sequence[Term], wanted: Sequence[str]) -> str:
        """A sentence about what was not found: of several words, those that no record has."""
        missing = [term.text for term in sought if len(sought) > 1 and not self._exists(term, wanted)]
        reason = f": nothing has '{missing[0]}'" if missing else ""
        return f"nothing found for '{text}'{reason}"

    def _exists(self, term: Term, wanted: Sequence[str]) -> bool:
        tables = ("search_name", "search_text")
        return any(find.entries(self.app.store, table, [term], wanted, 1, begun=True) for table in tables)


def check_noun(noun: str) -> str:
    """The noun, if it can be searched; else UsageError with the nearest."""
    if noun in NOUNS:
        return noun
    close = nearest(noun, NOUNS, count=1)
    hint = f"did you mean {close[0]}?" if close else f"look among: {', '.join(NOUNS)}"
    raise UsageError(f"cannot look among '{noun}'", hint)


def _hit(row: dict[str, Any], place: str) -> Hit:
    return Hit(row["noun"], row["id"], place)


def _rank(entry: Entry, sought: Sequence[Term]) -> tuple[int, int]:
    return f" {entry.text}".find(f" {sought[0].text}"), -entry.id


def _stages(sought: Sequence[Term]) -> Iterator[tuple[Sequence[Term], bool]]:
    """The terms as they are looked for, and whether they may be only begun: all whole, then the last one begun.

    That one is still being typed. Only where nothing was found are all taken for begun: to look for the beginnings of
    several words at once costs much.
    """
    yield sought, False
    yield [*(term._replace(quoted=True) for term in sought[:-1]), sought[-1]], True
    if len(sought) > 1:
        yield sought, True


def _place(hit: Hit, finding: Finding, words: Sequence[str]) -> tuple[str, Excerpt | None]:
    """The place whose text holds most of the words, the first of equals."""
    best, shown = hit.place, None
    for place, text in finding.texts:
        if not hit.place or place == hit.place:
            held = excerpt(text, words)
            if held and (shown is None or held.words > shown.words):
                best, shown = place, held
                if held.words == len(words):
                    break
    return best, shown
