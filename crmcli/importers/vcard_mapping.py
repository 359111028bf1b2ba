"""What the properties of a vCard mean here.

What has no place of its own is kept as a line, so that it comes back at export.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from crmcli.importers import vcard_values
from crmcli.importers.vcard_terms import OWN, PLACE, REASON, inline, own_columns
from crmcli.importers.vcard_values import together
from crmcli.kernel import codes
from crmcli.kernel.contentlines import Property
from crmcli.kernel.errors import UsageError
from crmcli.kernel.text import FIRST_IDEOGRAPH

Values = dict[str, Any]

# Properties of the file and not of the person; read and forgotten.
_FORGOTTEN = frozenset(("VERSION", "BEGIN", "END", "PRODID", "REV", "PROFILE", PLACE, REASON))
_HELPERS = ("X-ABLABEL", "X-ABADR")
"""Properties that say something about another one of their group."""
_NAME = ("family_name", "given_name", "additional_name", "honorific_prefix", "honorific_suffix")
_CONSENT = ("purpose", "channel", "state", "legal_basis", "source", "at")
_NICKNAME = "vnd.android.cursor.item/nickname"
# What Google puts every contact of a person into.
_EVERYBODY = "myContacts"


class NamesNobody(ValueError):
    """There is nothing in a card by which to call the person or company."""


class NotAParty(ValueError):
    """The card is of something else: a group of people."""


def values_of(properties: Sequence[Property]) -> tuple[str, Values]:
    """The noun, contact or company, and the values that the properties of a card mean; see `Draft`.

    Raises:
        NamesNobody: there is no name, nor anything to call the record by.
        NotAParty: the card is of a group.
    """
    return _Card(properties).read()


class _Card:
    """One card on its way to values."""

    def __init__(self, properties: Sequence[Property]) -> None:
        self.properties = properties
        self.values: Values = {}
        self.extra: list[Property] = []
        self.mapped_groups: set[str] = set()
        self.helpers: dict[tuple[str, str], str] = {}
        self.companies: list[tuple[str, Values]] = []
        self.units: list[str] = []
        self.titles: list[Property] = []
        self.roles: list[Property] = []
        first: dict[str, Property] = {}
        for found in properties:
            if found.key not in first:
                first[found.key] = found
            if found.group and found.key in _HELPERS:
                self.helpers.setdefault((found.group.lower(), found.key), found.text())
        self.first = first
        self.noun = self._noun()

    def _noun(self) -> str:
        first = self.first
        kind = first.get("KIND") or first.get("X-ADDRESSBOOKSERVER-KIND")
        word = kind.text().lower() if kind else ""
        if word == "group":
            raise NotAParty("the card is of a group, not of a person or company")
        if word == "org" or ("X-ABSHOWAS" in first and first["X-ABSHOWAS"].text().upper() == "COMPANY"):
            return "company"
        if word == "individual" or "ORG" not in first or self._has("FN") or self._has("N"):
            return "contact"
        return "contact" if any(self._has(name) for name in ("NICKNAME", "TITLE", "ROLE", "BDAY")) else "company"

    def _has(self, name: str) -> bool:
        """Whether a property says anything."""
        found = self.first.get(name)
        return found is not None and any(found.pieces())

    def read(self) -> tuple[str, Values]:
        """The noun and the values."""
        handlers = _HANDLERS[self.noun]
        for found in self.properties:
            handler = handlers.get(found.key)
            if handler is None or not handler(self, found):
                self.extra.append(found)
            elif found.group:
                self.mapped_groups.add(found.group.lower())
        if self.noun == "contact":
            self._employ()
        self._name()
        for name in ("email", "phone", "address", "url"):
            vcard_values.choose_primary(self.values.get(name, ()))
        # A helper is kept where what it helps is kept.
        extra = [one for one in self.extra if one.key not in _HELPERS or one.group.lower() not in self.mapped_groups]
        if extra:
            self.values["extra"] = [inline(found) or found.line() for found in extra]
        return self.noun, self.values

    # --- names

    def _name(self) -> None:
        values = self.values
        if "name" in values:
            return
        parts = [values.get(name, "") for name in ("honorific_prefix", "given_name", "additional_name", "family_name")]
        if (values.get("family_name") or " ")[0] >= FIRST_IDEOGRAPH:  # there the family name comes first
            parts = [values["family_name"], values.get("given_name", "")]
        parts.append(values.get("honorific_suffix", ""))
        name = " ".join(part for part in parts if part) or values.get("nickname", "")
        if not name and self.companies:
            name = self.companies[0][1]["name"]
        if not name:
            entries = [*values.get("email", ()), *values.get("phone", ())]
            name = entries[0]["value"] if entries else ""
        if not name:
            raise NamesNobody("the card names nobody: it has neither FN nor N, ORG, EMAIL or TEL")
        values["name"] = name

    def fn(self, found: Property) -> bool:
        text = found.text()
        return not text or self._once("name", text) or text == self.values["name"]

    def n(self, found: Property) -> bool:
        if any(name in self.values for name in _NAME):
            return not found.value.strip(" ;,")
        pieces = [together(piece, " ") for piece in found.lists()]
        self.values.update({name: piece for name, piece in zip(_NAME, pieces, strict=False) if piece})
        sort_as = found.params.get("SORT-AS") if found.raw else None
        if sort_as and any((self.values.get(name) or " ")[0] >= FIRST_IDEOGRAPH for name in _NAME[:2]):
            # In Chinese, Japanese and Korean names are sorted by how they are read; elsewhere it is only an order.
            reading = re.split("[;,]", ";".join(sort_as))
            for name, piece in zip(("phonetic_family_name", "phonetic_given_name"), reading, strict=False):
                self._once(name, piece.strip())
        return True

    def nickname(self, found: Property) -> bool:
        return self._add_nickname(together(found.pieces(",") if not found.old else [found.text()], ", "))

    def android(self, found: Property) -> bool:
        kind, *rest = found.pieces()
        return kind == _NICKNAME and bool(rest) and self._add_nickname(rest[0])

    def _add_nickname(self, text: str) -> bool:
        known = self.values.get("nickname")
        if text:
            self.values["nickname"] = f"{known}, {text}" if known else text
        return True

    def phonetic_given(self, found: Property) -> bool:
        return self._reading("phonetic_given_name", found.text())

    def phonetic_family(self, found: Property) -> bool:
        return self._reading("phonetic_family_name", found.text())

    def _reading(self, name: str, text: str) -> bool:
        if text:
            self.values[name] = text
        return True

    def sound(self, found: Property) -> bool:
        if "x-irmc-n" not in found.types:  # how Japanese phones say how a name is read
            return False
        for name, piece in zip(("phonetic_family_name", "phonetic_given_name"), found.pieces(), strict=False):
            self._once(name, piece)
        return True

    def company_name(self, found: Property) -> bool:
        name, *units = found.pieces()
        if name and not self._has("FN"):
            self._once("name", name)
        shown = self.first["FN"].text() if self._has("FN") else self.values.get("name", "")
        return name in ("", shown) and not any(units)

    def company_n(self, found: Property) -> bool:
        return not found.value.strip(" ;,")

    # --- work

    def org(self, found: Property) -> bool:
        name, *units = found.pieces()
        department = ", ".join(unit for unit in units if unit)
        if department and not self.companies and "department" not in self.values:
            self.values["department"] = department
            department = ""
        if name:
            self.companies.append((found.group.lower(), {"name": name}))
            self.units.append(department)
        return bool(name) or not department

    def title(self, found: Property) -> bool:
        text = found.text()
        if text and not self._once("job_title", text):
            self.titles.append(found)
        return True

    def role(self, found: Property) -> bool:
        if found.text():
            self.roles.append(found)
        return True

    def started(self, found: Property) -> bool:
        return self._of_company(found, "started_on")

    def ended(self, found: Property) -> bool:
        return self._of_company(found, "ended_on")

    def _of_company(self, found: Property, name: str) -> bool:
        for group, entry in self.companies:
            if group and group == found.group.lower():
                entry[name] = found.text()
                return True
        return False

    def _employ(self) -> None:
        """Say who has which role where; a second title is that in the second company."""
        for found in self.roles:
            if not self._give_role(found, [entry for group, entry in self.companies if group == found.group.lower()]):
                self._role_elsewhere(found)
        for place, found in enumerate(self.titles, 1):
            if not self._give_role(found, [entry for _, entry in self.companies[place : place + 1]]):
                self.extra.append(found)
        for (_, entry), unit in zip(self.companies, self.units, strict=True):
            if unit:  # the department in a further company belongs to what a person is there
                entry["role"] = f"{entry['role']}, {unit}" if "role" in entry else unit
        if self.companies:
            self.values["company"] = [entry for _, entry in self.companies]

    def _role_elsewhere(self, found: Property) -> None:
        if not self._give_role(found, [entry for _, entry in self.companies]):
            placed = not self.companies and self._once("job_title", found.text())
            if not placed:
                self.extra.append(found)

    def _give_role(self, found: Property, entries: Iterable[Values]) -> bool:
        for entry in entries:
            if "role" not in entry:
                entry["role"] = found.text()
                return True
        return False

    # --- how to reach

    def email(self, found: Property) -> bool:
        return self._entry("email", found, vcard_values.email_address(found.text()))

    def phone(self, found: Property) -> bool:
        return self._entry("phone", found, vcard_values.phone_number(found.text()))

    def url(self, found: Property) -> bool:
        text = found.text()
        return self._entry("url", found, text if len(text) <= vcard_values.LONGEST_URL else None)

    def _entry(self, name: str, found: Property, text: str | None) -> bool:
        if not text:
            return not found.value.strip()
        given = self._helper(found, "X-ABLABEL")
        return self._list(name, {"value": text, **vcard_values.details(found, given)})

    def address(self, found: Property) -> bool:
        parts = vcard_values.address(found, self._helper(found, "X-ABADR"))
        if not parts:
            return parts is not None
        return self._list("address", {**parts, **vcard_values.details(found, self._helper(found, "X-ABLABEL"))})

    def _helper(self, found: Property, name: str) -> str:
        return self.helpers.get((found.group.lower(), name), "") if found.group else ""

    # --- the rest

    def birthday(self, found: Property) -> bool:
        day = vcard_values.birth_date(found.text(), found.param("X-APPLE-OMIT-YEAR"))
        return self._once("birth_date", day) if day else not found.value.strip()

    def note(self, found: Property) -> bool:
        text = found.whole().strip("\n")
        if text.strip():
            known = self.values.get("notes")
            self.values["notes"] = f"{known}\n\n{text}" if known else text
        return True

    def categories(self, found: Property) -> bool:
        tags = [tag for tag in found.pieces(",") if tag and tag != _EVERYBODY]
        if tags:
            self.values.setdefault("tag", []).extend(tags)
        return True

    def uid(self, found: Property) -> bool:
        text = found.text()
        uuid = vcard_values.uuid(text)
        if uuid:
            self._once("uid", uuid)
        elif text and len(text) <= vcard_values.LONGEST_KEY:
            self._list("external", f"vcard:{text}")
        return True

    def language(self, found: Property) -> bool:
        try:
            return self._once("preferred_language", codes.check_language(found.text()))
        except UsageError:
            return False

    def zone(self, found: Property) -> bool:
        name = vcard_values.zone(found.text())
        return name is not None and self._once("timezone", name)

    def forget(self, found: Property) -> bool:
        return True

    def kind(self, found: Property) -> bool:
        return found.text().lower() in ("", "individual", "org")

    def shown_as(self, found: Property) -> bool:
        return found.text().upper() == "COMPANY"

    def own_field(self, found: Property) -> bool:
        return self._own_pair("set", found)

    def own_preference(self, found: Property) -> bool:
        return self._own_pair("prefer", found)

    def _own_pair(self, name: str, found: Property) -> bool:
        key, *rest = found.whole_pieces()
        return len(rest) == 1 and bool(key.strip()) and self._list(name, {key: rest[0]})

    def own_external(self, found: Property) -> bool:
        source, colon, key = found.text().partition(":")
        return bool(source.strip() and colon and key.strip()) and self._list("external", found.text())

    def own_domain(self, found: Property) -> bool:
        return self._list("domain", found.text())

    def own_consent(self, found: Property) -> bool:
        entry = {name: text for name, text in zip(_CONSENT, found.whole_pieces(), strict=False) if text}
        return "purpose" in entry and "state" in entry and self._list("consent", entry)

    def _once(self, name: str, text: str) -> bool:
        """Set a value that there is only one of; False when there is one already."""
        if not text:
            return True
        return self.values.setdefault(name, text) is text

    def _list(self, name: str, value: Any) -> bool:
        self.values.setdefault(name, []).append(value)
        return True


_Handler = Callable[[_Card, Property], bool]
"""Puts a property where it belongs; False when it has no place."""


def _own_columns(noun: str) -> dict[str, _Handler]:
    def handler(word: str) -> _Handler:
        return lambda card, found: card._once(word, found.text())

    return {name: handler(word) for name, word in own_columns(noun).items()}


_SHARED: dict[str, _Handler] = {
    **dict.fromkeys(_FORGOTTEN, _Card.forget),
    "FN": _Card.fn,
    "EMAIL": _Card.email,
    "TEL": _Card.phone,
    "ADR": _Card.address,
    "URL": _Card.url,
    "NOTE": _Card.note,
    "CATEGORIES": _Card.categories,
    "UID": _Card.uid,
    "LANG": _Card.language,
    "TZ": _Card.zone,
    "KIND": _Card.kind,
    f"{OWN}FIELD": _Card.own_field,
    f"{OWN}PREFERENCE": _Card.own_preference,
    f"{OWN}EXTERNAL-ID": _Card.own_external,
}
_HANDLERS: dict[str, dict[str, _Handler]] = {
    "contact": {
        **_SHARED,
        **_own_columns("contact"),
        "N": _Card.n,
        "NICKNAME": _Card.nickname,
        "X-ANDROID-CUSTOM": _Card.android,
        "X-PHONETIC-FIRST-NAME": _Card.phonetic_given,
        "X-PHONETIC-LAST-NAME": _Card.phonetic_family,
        "SOUND": _Card.sound,
        "ORG": _Card.org,
        "TITLE": _Card.title,
        "ROLE": _Card.role,
        "BDAY": _Card.birthday,
        f"{OWN}STARTED-ON": _Card.started,
        f"{OWN}ENDED-ON": _Card.ended,
        f"{OWN}CONSENT": _Card.own_consent,
    },
    "company": {
        **_SHARED,
        **_own_columns("company"),
        "N": _Card.company_n,
        "ORG": _Card.company_name,
        "X-ABSHOWAS": _Card.shown_as,
        f"{OWN}DOMAIN": _Card.own_domain,
    },
}
