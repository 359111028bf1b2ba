"""Which record here a prepared one is: by uid, foreign key, e-mail, phone, then name with company or domain."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from crmcli.kernel.errors import UsageError
from crmcli.kernel.ids import ref
from crmcli.kernel.legalforms import firm
from crmcli.kernel.personnames import compare, person_name
from crmcli.services.flags import key_name
from crmcli.services.importing.prepare import Prepared
from crmcli.store import matching
from crmcli.store.derive import digits, email_domain, name_key
from crmcli.store.matching import Known, Namesakes
from crmcli.store.store import Store

KEYS = ("uid", "external", "email", "phone", "name")
"""What `--key` takes, beside `set.FIELD`."""


Look = Callable[[Prepared], tuple[Sequence[Known], str, bool]]
"""What gives the candidates for a prepared record, in what they agree, and whether that is enough."""


class Match(NamedTuple):
    """The record that a prepared one is; `deleted` when it is there and was deleted, and `doubt` says why none was
    chosen of several."""

    id: int | None = None
    deleted: bool = False
    doubt: str = ""


NONE = Match()


class Matcher:
    """Finding the records of a chunk.

    Args:
        store: the store.
        noun: contact or company.
        key: the field that alone decides; "" for the usual order.
    """

    def __init__(self, store: Store, noun: str, key: str = "") -> None:
        self.store = store
        self.noun = noun
        self.key = key
        self.namesakes: Namesakes | None = None

    def matches(self, chunk: Sequence[Prepared]) -> list[Match]:
        """For each prepared record the one that it is."""
        if self.key:
            return self._by_key(chunk)
        steps = (self._uid, self._external, self._email, self._phone)
        found: list[Match] = [NONE] * len(chunk)
        open_places = list(range(len(chunk)))
        for step in steps:
            open_places = self._step(step, chunk, open_places, found)
        self._by_name(chunk, [place for place in open_places if found[place] is NONE], found)
        return found

    def _step(
        self,
        step: "Callable[[Sequence[Prepared]], Look | None]",
        chunk: Sequence[Prepared],
        places: Sequence[int],
        found: list[Match],
    ) -> list[int]:
        look = step([chunk[place] for place in places])
        if look is None:
            return list(places)
        left = []
        for place in places:
            candidates, words, sure = look(chunk[place])
            found[place] = _choose(self.noun, chunk[place], list(dict.fromkeys(candidates)), words, sure=sure)
            if found[place].id is None and not found[place].doubt:
                left.append(place)
        return left

    # Each of these gives None where the whole chunk has no candidates, as in a first import.

    def _uid(self, chunk: Sequence[Prepared]) -> Look | None:
        known = matching.by_uid(self.store, self.noun, [_uid(one) for one in chunk if "uid" in one.values])
        return (lambda one: (known.get(_uid(one), ()), "uid", True)) if known else None

    def _external(self, chunk: Sequence[Prepared]) -> Look | None:
        keys = [pair for one in chunk for pair in one.externals]
        known = matching.by_external(self.store, self.noun, keys)
        if not known:
            return None
        return lambda one: ([hit for pair in one.externals for hit in known.get(pair, ())], "external id", True)

    def _email(self, chunk: Sequence[Prepared]) -> Look | None:
        known = matching.by_email(self.store, self.noun, [entry.key for one in chunk for entry in one.emails])

        def look(one: Prepared) -> tuple[list[Known], str, bool]:
            return [hit for entry in one.emails for hit in known.get(entry.key, ())], "e-mail", False

        return look if known else None

    def _phone(self, chunk: Sequence[Prepared]) -> Look | None:
        dialled = [entry.e164 for one in chunk for entry in one.phones if entry.e164]
        plain = [digits(entry.raw) for one in chunk for entry in one.phones if not entry.e164]
        known = matching.by_e164(self.store, self.noun, dialled)
        known_plain = matching.by_digits(self.store, self.noun, plain)

        def look(one: Prepared) -> tuple[list[Known], str, bool]:
            hits = [
                hit
                for entry in one.phones
                for hit in (known.get(entry.e164, ()) if entry.e164 else known_plain.get(digits(entry.raw), ()))
            ]
            return [hit for hit in hits if not hit.deleted], "phone", False

        return look if known or known_plain else None

    # --- by name

    def _by_name(self, chunk: Sequence[Prepared], places: Sequence[int], found: list[Match]) -> None:
        """People of the same name in the same company or mail domain; companies of the same name."""
        if self.noun == "company":
            keys = {place: [(name_key(chunk[place].name), "")] for place in places}
            named = matching.by_name(self.store, self.noun, [pair[0] for pairs in keys.values() for pair in pairs])
            known = {(key, ""): records for key, records in named.items()}
        else:
            keys = {place: _named(chunk[place]) for place in places}
            self.namesakes = self.namesakes or Namesakes(self.store)
            known = self.namesakes.of([pair for pairs in keys.values() for pair in pairs])
            told = set(range(len(chunk))).difference(places)  # others may be known by what these say
            self.namesakes.remember([pair for place in told for pair in _named(chunk[place])])
        if not known:
            return
        for place, pairs in keys.items():
            records = list(dict.fromkeys(hit for pair in pairs for hit in known.get(pair, ())))
            if records:
                found[place] = _choose(self.noun, chunk[place], records, "name", sure=True)

    # --- by one key

    def _by_key(self, chunk: Sequence[Prepared]) -> list[Match]:
        steps = {"uid": self._uid, "external": self._external, "email": self._email, "phone": self._phone}
        if self.key in steps:
            look = steps[self.key](chunk)
            if look is None:
                return [NONE] * len(chunk)
            return [_choose(self.noun, one, list(dict.fromkeys(look(one)[0])), self.key, sure=True) for one in chunk]
        if self.key == "name":
            known = matching.by_name(self.store, self.noun, [name_key(one.name) for one in chunk])
            return [_choose(self.noun, one, known.get(name_key(one.name), []), "name", sure=True) for one in chunk]
        field = custom_key(self.key)
        known = matching.by_custom(self.store, self.noun, field, [custom_value(one, field) for one in chunk])
        return [_choose(self.noun, one, known.get(custom_value(one, field), []), self.key, sure=True) for one in chunk]


def check_key(key: str) -> str:
    """The field that `--key` names. Raises UsageError when records cannot be known by it."""
    key = key.strip().lower()
    if key in ("", *KEYS) or custom_key(key):
        return key
    raise UsageError(f"records cannot be known by '{key}'", f"use {', '.join(KEYS)} or set.FIELD")


def custom_key(key: str) -> str:
    """The custom field of `set.FIELD`; "" for other keys."""
    prefix, _, name = key.partition(".")
    return key_name(name) if prefix in ("set", "custom") else ""


def custom_value(one: Prepared, field: str) -> str:
    """What a prepared record says of a custom field; "" for nothing."""
    for entry in one.values.get("set", ()):
        for key, text in entry.items():
            if key_name(str(key)) == field:
                return str(text)
    return ""


def has_key(one: Prepared, key: str) -> bool:
    """Whether a prepared record says anything of the field that decides."""
    if key == "name":
        return one.named
    plain = {"uid": _uid(one), "external": one.externals, "email": one.emails, "phone": one.phones}
    return bool(plain[key] if key in plain else custom_value(one, custom_key(key)))


def _uid(one: Prepared) -> str:
    return str(one.values.get("uid", ""))


def _named(one: Prepared) -> list[tuple[str, str]]:
    """A person's name with each company and mail domain that it is known by: what tells people of one name apart."""
    name = name_key(one.name)
    others = {*one.companies, *(email_domain(entry.key) for entry in one.emails)} - {""}
    return [(name, other) for other in sorted(others)]


def _choose(noun: str, one: Prepared, candidates: list[Known], words: str, *, sure: bool) -> Match:
    """The one candidate that fits; of several the one of the same name, and of people none whose name says otherwise.

    An address or a number may be shared: by a family, by an office. Somebody with quite another name is somebody else.
    """
    living = [known for known in candidates if not known.deleted]
    if not sure:
        living = [known for known in living if _compatible(one, known.name_key, words)]
    if not living:
        gone = [known for known in candidates if known.deleted and (sure or known.name_key == name_key(one.name))]
        return Match(gone[0].id, deleted=True) if gone else NONE
    if len(living) > 1:
        same = [known for known in living if known.name_key == name_key(one.name)]
        if len(same) != 1:
            which = ", ".join(ref(noun, known.id) for known in living[:5])
            hint = f"crm {noun} merge them, or use --on-match create"
            return Match(doubt=f"it may be any of {which} (same {words}); {hint}")
        living = same
    return Match(living[0].id)


def _compatible(one: Prepared, other: str, by: str) -> bool:
    """Whether two records that share an address or a number may be one, by their names.

    People may be called by a nickname, an initial, family name first, a name more. Of an e-mail address it is enough
    that the given names agree: family names change.
    """
    if not one.named:
        return True
    if one.noun == "company":
        firms = set(firm(one.name).words), set(firm(other).words)
        return firms[0] <= firms[1] or firms[1] <= firms[0]
    mine, theirs = person_name(one.name), person_name(other)
    if not mine.words or not theirs.words:
        return True
    if mine.generation and theirs.generation and mine.generation != theirs.generation:
        return False
    likeness = compare(mine.words, theirs.words)
    if likeness.alike or likeness.kind in ("part", "unknown"):
        return True
    return by == "e-mail" and likeness.kind == "shared" and compare(mine.words[:1], theirs.words[:1]).alike


def says_less(name: str, known: str) -> bool:
    """Whether a name is a poorer form of the one that is known: an initial for a name, a letter without its accent."""
    mine, theirs = name_key(name).split(), name_key(known).split()
    if mine == theirs:
        return len(name) <= len(known) and name.isascii() and not known.isascii()
    if len(mine) != len(theirs):
        return False
    pairs = zip(mine, theirs, strict=True)
    return all(word == full or (len(word.rstrip(".")) == 1 and full[0] == word[0]) for word, full in pairs)
