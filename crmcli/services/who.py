"""Who is meant: the record that an id, an address, a number, a foreign key or a name stands for."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from crmcli.kernel.errors import Ambiguous, NotFound, UsageError
from crmcli.kernel.ids import PREFIXES, parse_ref, ref, table_of
from crmcli.kernel.text import tokens
from crmcli.store import names
from crmcli.store.connection import Row
from crmcli.store.derive import digits, looks_like_phone
from crmcli.store.merges import kept
from crmcli.store.nouns import PARTIES

if TYPE_CHECKING:
    from crmcli.app import App

MOST_CANDIDATES = 10
UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Match(NamedTuple):
    """A record that was named: what it is, its key, and the name it is shown by."""

    noun: str
    id: int
    name: str

    @property
    def ref(self) -> str:
        """The id that people use."""
        return ref(self.noun, self.id)


class Who:
    """Finding the contact or company that a person names."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def find(self, text: str, nouns: Sequence[str] = PARTIES, *, deleted: bool = False) -> Match:
        """The one record that `text` names.

        On a terminal the person picks among several.

        Args:
            text: an id, uid, e-mail address, phone number, `source:key`, full name or an unambiguous part of one. The
                id of a record that was merged means the one that was kept, which is told beside the result.
            nouns: which kinds of record may be meant.
            deleted: look among deleted records (by id or full name).

        Raises:
            NotFound: there is none; the hint names the nearest.
            Ambiguous: there are several, and nobody to ask.
        """
        return self.one(self.matches(text, nouns, deleted=deleted), text, nouns)

    def one(self, matches: Sequence[Match], text: str, nouns: Sequence[str]) -> Match:
        """The only match, or the one that the person picks; raises as `find` does."""
        if len(matches) == 1:
            return matches[0]
        kind = " or ".join(nouns)
        if not matches:
            raise NotFound(f"there is no {kind} '{text}'", self._nearest(text, nouns))
        shown = matches[:MOST_CANDIDATES]
        labels = names.labels(self.app.store, [(match.noun, match.id) for match in shown])
        options = [(match.ref, f"{match.name}{labels.get((match.noun, match.id), '')}") for match in shown]
        picked = self.app.choose(f"Which {kind} is '{text}'?", [(key, f"{key}  {label}") for key, label in options])
        if picked is not None:
            return next(match for match in shown if match.ref == picked)
        more = "" if len(matches) <= MOST_CANDIDATES else "; there are more"
        raise Ambiguous(
            f"'{text}' may be any of these", options, f"say it with the id, for example {options[0][0]}{more}"
        )

    def record(self, text: str, noun: str) -> int:
        """The key of a record that is only known by its id, such as an interaction.

        Raises:
            UsageError: it is not an id of that kind.
            NotFound: there is no such record.
        """
        named = parse_ref(text.strip())
        if named is None or named[0] != noun:
            raise UsageError(f"'{text}' is not the id of a {noun}", f"an id looks like {PREFIXES[noun]}12")
        row = self.app.store.row(f"SELECT deleted_at FROM {table_of(noun)} WHERE id = ?", [named[1]])
        if row is None:
            raise NotFound(f"there is no {noun} {text}", f"see: crm {noun} list")
        return named[1]

    def matches(self, text: str, nouns: Sequence[str], *, deleted: bool = False) -> list[Match]:
        """All records that `text` may name, by the first way of reading it that finds any.

        Only a name may be given in part: an id, an address or a number names nobody but whom it belongs to.
        """
        text = text.strip()
        if not text:
            raise UsageError("no name was given", f"name a {' or '.join(nouns)}: an id, e-mail, phone or name")
        named = parse_ref(text)
        is_id = named is not None and named[0] in PARTIES
        if named is not None and is_id:
            found = self._by_id(named[0], named[1], deleted=deleted)
            if found and named[0] not in nouns:
                raise UsageError(f"{text} is a {named[0]}", f"name a {' or '.join(nouns)}")
            if found:
                return _matches(found)
        if deleted:
            return _matches(names.by_name(self.app.store, text, nouns, deleted=True))
        whole = self._by_key(text, nouns) or _matches(names.by_name(self.app.store, text, nouns))
        if whole or is_id or "@" in text or looks_like_phone(text):
            return whole
        return _matches(names.by_part(self.app.store, text, nouns, MOST_CANDIDATES + 1))

    def _by_key(self, text: str, nouns: Sequence[str]) -> list[Match]:
        if "@" in text:
            return _matches(names.by_email(self.app.store, text, nouns))
        if UID.fullmatch(text.lower()):
            holder = names.by_uid(self.app.store, text.lower(), nouns)
            return _matches(self._by_id(*holder)) if holder else []
        source, colon, key = text.partition(":")
        if colon and source and key:
            found = names.by_external_id(self.app.store, source, key, nouns)
            if found:
                return _matches(found)
        if looks_like_phone(text):
            return self._by_phone(text, nouns)
        if "." in text and " " not in text and "company" in nouns:
            return _matches(names.by_domain(self.app.store, text))
        return []

    def _by_id(self, noun: str, key: int, *, deleted: bool = False) -> list[Row]:
        """The record with this key, or the one that it is a part of since it was merged."""
        found = names.by_id(self.app.store, noun, key, deleted=deleted)
        following = None if found or deleted else kept(self.app.store, noun, key)
        if following is None:
            return found
        found = names.by_id(self.app.store, noun, following)
        for row in found:
            self.app.notes.append(f"{ref(noun, key)} was merged into {row['name']} ({ref(noun, following)})")
        return found

    def _by_phone(self, text: str, nouns: Sequence[str]) -> list[Match]:
        number = text.strip()
        if number.startswith("00"):
            number = f"+{number[2:]}"
        plain = digits(number)
        found = names.by_phone(self.app.store, self.app.phones.e164(number), plain, nouns)
        if not found and not number.startswith("+"):
            # Dialled at home: without the country's code, and with a zero that is not part of the number.
            found = names.by_part(self.app.store, plain.lstrip("0"), nouns, MOST_CANDIDATES + 1, begun=False)
        return _matches(found)

    def _nearest(self, text: str, nouns: Sequence[str]) -> str:
        named = parse_ref(text.strip())
        if named and named[0] in nouns and names.by_id(self.app.store, *named, deleted=True):
            following = kept(self.app.store, *named)
            if following is not None:
                now = ref(named[0], following)
                return f"it was merged into {now}, which is deleted; crm {named[0]} restore {now} brings it back"
            return f"it is deleted; crm {named[0]} restore {text.strip()} brings it back"
        close = names.nearest_names(self.app.store, tokens(text), nouns, 3)
        if close:
            return "did you mean: " + ", ".join(f"{ref(row['noun'], row['id'])} {row['name']}" for row in close)
        noun = nouns[0]
        return f"see: crm {noun} list, or add one: crm {noun} add NAME"


def _matches(rows: Sequence[Row]) -> list[Match]:
    return [Match(row["noun"], row["id"], row["name"]) for row in rows]
