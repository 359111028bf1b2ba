"""Making a draft ready: every value read as its column stores it, before the database is asked anything.

Nothing here needs a database, so it can be done in another process, and most of the work of an import is here. What the
file says is never thrown away: a value that its field cannot hold is kept as a custom field of its own.
"""

import marshal
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from crmcli.importers.rowreader import free_key
from crmcli.kernel import codes, dates
from crmcli.kernel.clock import Clock, check_zone
from crmcli.kernel.countrynames import country_code
from crmcli.kernel.errors import UsageError
from crmcli.kernel.text import tokens
from crmcli.services.children import LABELS, PARTS, SHORT_PARTS, domain_name
from crmcli.services.emails import Emails
from crmcli.services.flags import aliases, flag_name, key_name, settable
from crmcli.services.importing.orderready import OrderPreparer
from crmcli.services.importing.rowsof import child_rows, link, record_row, refuse_long
from crmcli.services.phones import Phones
from crmcli.services.values import choice, yes_or_no
from crmcli.store import search
from crmcli.store.derive import digits, email_domain, email_key, name_key
from crmcli.store.description import Column
from crmcli.store.matching import external_key, named_key
from crmcli.store.nouns import PARTIES

Values = dict[str, Any]
NAME_PARTS = ("honorific_prefix", "given_name", "additional_name", "family_name", "honorific_suffix")
LONGEST_NAME, LONGEST_PHONE = 500, 100
# Values by which programs and people say that there is none.
NOTHING = frozenset({"-", "--", "n/a", "na", "none", "null", "nil", "unknown", "keine", "?", "#n/a"})
# What a draft may hold and still be written with many others at once; the rest goes one by one.
PLAIN = frozenset(
    {"name", "uid", "email", "phone", "url", "address", "company", "domain", "role", "tag", "set", "external"}
)
POINTING = ("tag", "set", "company", "role")
"""Of those, what points to what other records may point to as well: tags, custom fields, companies."""


class Email(NamedTuple):
    """An address, the key it is found by, and its details."""

    value: str
    key: str
    label: str | None
    opted_out: int
    invalid: int
    is_primary: int


class Phone(NamedTuple):
    """A number as it was written, as it is dialled, and its details."""

    raw: str
    e164: str | None
    label: str | None
    opted_out: int
    is_primary: int


class Prepared(NamedTuple):
    """A contact or company that can be matched.

    `values` is all of the draft, as `add` and `edit` of the service take it; `named` tells whether the source gave its
    name, and `companies` are the keys of the names of those it belongs to.
    """

    noun: str
    place: int
    name: str
    named: bool
    values: Values
    emails: tuple[Email, ...]
    phones: tuple[Phone, ...]
    externals: tuple[tuple[str, str], ...]
    companies: tuple[str, ...]


class Ready(NamedTuple):
    """A contact or company that can be written as it is, if it is new.

    `keys` is what another record may be matched by. `plain` says that it can be written with many others at once: `row`
    is then its own row, `children` are those of its children, see `rowsof`, and `pointing` the values of POINTING.
    `spelt`, `called` and `written` are its words for the search: of its names, of all that it is called by, and of
    everything else. `marshalled` is the `Prepared` in bytes, since of many that are new nobody looks at it.
    """

    place: int
    uid: str | None
    keys: tuple[str, ...]
    plain: bool
    row: tuple[Any, ...]
    children: dict[str, list[tuple[Any, ...]]]
    pointing: Values
    spelt: str
    called: str
    written: str
    marshalled: bytes

    def prepared(self) -> Prepared:
        """All that is known of it."""
        one = Prepared._make(marshal.loads(self.marshalled))
        emails, phones = tuple(map(Email._make, one.emails)), tuple(map(Phone._make, one.phones))
        return one._replace(emails=emails, phones=phones)


Packed = tuple[Any, ...]
"""The fields of a `Ready` or `ReadyOrder`, or (place, reason) of a record that is refused."""


class Preparer:
    """Making drafts ready.

    Args:
        clock: for dates.
        country: whose phone numbers are written without a prefix.
        currency: that of orders without one; "" where nobody said.
    """

    def __init__(self, clock: Clock, country: str | None, currency: str = "") -> None:
        self.clock = clock
        self.currency = currency
        self.emails = Emails()
        self.phones = Phones(country)
        self.columns = {noun: _by_flag(noun) for noun in PARTIES}
        self.readers: dict[str, Callable[[Column, str], Any]] = {
            "enum": choice,
            "time": lambda column, text: dates.parse(text, clock).date.isoformat(),
            "day": lambda column, text: dates.parse(text, clock).date.isoformat(),
            "birth": lambda column, text: dates.parse_birth_date(text),
            "language": lambda column, text: codes.check_language(text),
            "timezone": lambda column, text: check_zone(text),
            "currency": lambda column, text: codes.check_currency(text),
            "bool": yes_or_no,
            "integer": _whole_number,
        }

    def packed(self, drafts: Sequence[tuple[str, Values, int]]) -> list[Packed]:
        """Each draft, given as noun, values and place, made ready or refused."""
        found: list[Packed] = []
        orders = OrderPreparer(self.currency, lambda noun, values, place: tuple(self.one(noun, values, place)))
        for noun, values, place in drafts:
            try:
                if noun == "order":
                    _refuse_broken(values)
                    found.append(tuple(orders.one(values, place)))
                else:
                    found.append(tuple(self.one(noun, values, place)))
            except UsageError as error:
                found.append((place, f"{error.message}; {error.hint}" if error.hint else error.message))
        return found

    def one(self, noun: str, given: Mapping[str, Any], place: int) -> Ready:
        """The values of a draft made ready.

        Raises:
            UsageError: it names nobody, an e-mail address is none, or a text is too long or no text.
        """
        values = {key: value for key, value in given.items() if value or value == 0}
        _refuse_broken(values)
        if "uid" in values:
            values["uid"] = str(values["uid"]).strip().lower()
        if noun == "contact":
            for text in values.pop("domain", ()):  # a company has domains
                keep(values, "domain", str(text))
        row, plain = self._row(noun, values)
        companies: tuple[str, ...] = ()
        if "company" in values:
            entries = [entry for entry in _companies(values) if isinstance(entry, dict)]
            plain = plain and all(entry.keys() <= {"name", "role"} for entry in entries)
            companies = tuple(name_key(entry["name"]) for entry in entries if entry.get("name"))
        elif "role" in values:
            values.setdefault("set", []).append({"role": values.pop("role")})
        emails = self._emails(values)
        addresses = self._addresses(values)
        phones = self._phones(values, addresses)
        name, named = self._name(noun, values, row, emails, phones)
        externals = _externals(values)
        refuse_long(values, externals)
        key = name_key(name)
        details = (noun, place, name, named, values, tuple(map(tuple, emails)), tuple(map(tuple, phones)))
        return Ready(
            place,
            values.get("uid"),
            _keys(noun, key, values, emails, phones, externals, companies),
            plain,
            record_row(noun, name, key, row) if plain else (),
            child_rows(values, emails, phones, externals) if plain else {},
            {field: values[field] for field in POINTING if field in values},
            *_words(noun, name, row, values, emails, phones),
            marshal.dumps((*details, externals, companies)),
        )

    # --- columns of the record itself

    def _row(self, noun: str, values: Values) -> tuple[Values, bool]:
        columns = self.columns[noun]
        row: Values = {}
        plain = True
        for key in list(values):
            column = columns.get(key)
            if column is None:
                plain = plain and key in PLAIN
                continue
            text = str(values[key]).strip()
            if column.kind == "text":
                row[column.name] = values[key] = _short(column, text)
            elif column.kind == "long":
                row[column.name] = values[key] = _short(column, str(values[key]).replace("\r\n", "\n").strip("\n"))
            elif column.kind == "ref":
                plain = False
            elif text.lower() in NOTHING:
                del values[key]
            else:
                self._read(column, key, text, row, values)
        return {name: value for name, value in row.items() if value != ""}, plain

    def _read(self, column: Column, key: str, text: str, row: Values, values: Values) -> None:
        """Read a value; one that its field cannot hold is kept as a field of its own."""
        try:
            row[column.name] = self.readers[column.kind](column, text)
        except UsageError:
            del values[key]
            keep(values, f"{key}_text", text)

    def _name(
        self, noun: str, values: Values, row: Values, emails: Sequence[Email], phones: Sequence[Phone]
    ) -> tuple[str, bool]:
        """The name to show, and whether the source gave one: who has none is called by e-mail, phone or company."""
        name = " ".join(str(values.pop("name", "")).split())
        if not name and noun == "contact":
            name = " ".join(str(row[part]) for part in NAME_PARTS if part in row)
        if name:
            if len(name) > LONGEST_NAME:
                raise UsageError(f"the name has {len(name):,} characters", f"at most {LONGEST_NAME} are kept")
            return name, True
        others = [row.get("nickname"), row.get("legal_name"), *(entry.value for entry in emails)]
        others += [entry.raw for entry in phones]
        others += [str(domain) for domain in values.get("domain", ())]
        others += [entry.get("name") for entry in _companies(values) if isinstance(entry, dict)]
        for other in others:
            if other:
                return str(other)[:LONGEST_NAME], False
        raise UsageError("the record names nobody", "it has no name, e-mail, phone or company")

    # --- addresses and numbers

    def _emails(self, values: Values) -> tuple[Email, ...]:
        found: dict[str, Email] = {}
        for entry in _entries(values, "email", "value"):
            value, problem = self.emails.check(entry["value"])
            key = email_key(value)
            if key not in found:
                invalid = int(bool(problem)) or _yes(entry.get("invalid"))
                details = (_yes(entry.get("opted_out")), invalid, _yes(entry.get("is_primary")))
                found[key] = Email(value, key, _label(entry), *details)
        emails = _one_primary(list(found.values()))
        if emails:
            values["email"] = [
                {"value": one.value, "label": one.label, "opted_out": one.opted_out == 1, "invalid": one.invalid == 1}
                for one in emails
            ]
        return emails

    def _phones(self, values: Values, addresses: Sequence[Values]) -> tuple[Phone, ...]:
        found: dict[str, Phone] = {}
        country = next((address["country_code"] for address in addresses if "country_code" in address), None)
        for entry in _entries(values, "phone", "raw"):
            text = entry["raw"]
            if len(text) > LONGEST_PHONE or len(digits(text)) < 3:
                keep(values, "phone_text", text)
                continue
            _, e164 = self.phones.check(text, country, str(entry.get("e164") or ""))
            if (e164 or text) not in found:
                details = (_yes(entry.get("opted_out")), _yes(entry.get("is_primary")))
                found[e164 or text] = Phone(text, e164, _label(entry), *details)
        phones = _one_primary(list(found.values()))
        if phones:
            values["phone"] = [
                {"value": one.raw, "e164": one.e164, "label": one.label, "opted_out": one.opted_out == 1}
                for one in phones
            ]
        return phones

    def _addresses(self, values: Values) -> list[Values]:
        found = []
        for given in values.pop("address", ()):
            entry = _address(given, values)
            if any(entry.get(part) for part in PARTS) and entry not in found:
                found.append(entry)
        if found:
            values["address"] = found
        return found


def _keys(
    noun: str,
    name: str,
    values: Mapping[str, Any],
    emails: Sequence[Email],
    phones: Sequence[Phone],
    externals: Sequence[tuple[str, str]],
    companies: Sequence[str],
) -> tuple[str, ...]:
    """What another record may be matched by, in the forms of `crmcli.store.matching.keys`; `name` is that of a name."""
    found = [entry.key for entry in emails]
    found += [digits(entry.e164 or entry.raw) for entry in phones]
    found += [external_key(source, key) for source, key in externals]
    others = ("",) if noun == "company" else {*companies, *(email_domain(entry.key) for entry in emails)}
    found += [named_key(name, other) for other in others]
    if "uid" in values:
        found.append(values["uid"])
    return tuple(found)


def keep(values: Values, name: str, text: str) -> None:
    """Keep a text as a custom field; where there is one of that name, numbered: `phone_text_2`."""
    given = values.setdefault("set", [])
    values["set"] = [*given, {free_key(name, given): text}]


def _by_flag(noun: str) -> dict[str, Column]:
    return {name: column for column in settable(noun) for name in (flag_name(column), *aliases(column))}


def _whole_number(column: Column, text: str) -> int:
    plain = re.sub(r"[,._' \u00a0]", "", text.removesuffix(".0"))
    if not plain.isascii() or not plain.isdigit() or len(plain) > 18:
        raise UsageError(f"'{text}' is not a {column.name}", "write a whole number")
    return int(plain)


def _refuse_broken(values: Mapping[str, Any]) -> None:
    """Refuse what no database can store: NUL and halves of surrogate pairs."""
    text = str(values)
    if "\\x00" in text or "\\ud" in text:
        whole = "".join(_texts(values))
        if "\0" in whole or re.search("[\ud800-\udfff]", whole):
            raise UsageError("a value holds a NUL or a broken character", "remove it; everything else is kept as it is")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
    else:
        yield str(value)


def _short(column: Column, text: str) -> str:
    if column.length and len(text) > column.length:
        message = f"{flag_name(column)} has {len(text):,} characters"
        raise UsageError(message, f"at most {column.length:,} are kept; put long text into the notes")
    return text


def _entries(values: Values, field: str, part: str) -> Iterator[Values]:
    """The entries of a list as objects with a text, without those that say that there is none."""
    given = values.pop(field, ())
    for entry in given if isinstance(given, list | tuple) else [given]:
        one = dict(entry) if isinstance(entry, Mapping) else {part: entry}
        text = str(one.get(part) or one.get("value") or "").strip()
        if text and text.lower() not in NOTHING:
            one[part] = text
            yield one


def _label(entry: Mapping[str, Any]) -> str | None:
    """The label of an entry; the usual ones in lower case."""
    text = str(entry.get("label") or "").strip()[:100]
    plain = text.lower()
    return plain if plain in LABELS else text or None


def _yes(value: Any) -> int:
    return int(value in (1, True, "1", "true", "True", "yes"))


def _one_primary(entries: list[Any]) -> tuple[Any, ...]:
    """The entries with exactly one primary one, which comes first; the last field of each tells which it is."""
    if len(entries) > 1:
        entries.sort(key=lambda entry: -entry.is_primary)
    return tuple(entry._make((*entry[:-1], int(place == 0))) for place, entry in enumerate(entries))


def _address(given: Any, values: Values) -> Values:
    """The parts of an address; a country that is not known by name is kept as a field of its own."""
    if not isinstance(given, Mapping):
        given = {"street_address": str(given)}
    entry: Values = {}
    for key, content in given.items():
        name = SHORT_PARTS.get(key_name(str(key)), key_name(str(key)))
        text = str(content or "").strip()
        if name == "country_code" and text:
            code = country_code(text)
            if code is None:
                keep(values, "country_text", text)
            else:
                entry[name] = code
        elif name in PARTS and text:
            entry[name] = " ".join(text.split()) if name != "street_address" else ", ".join(_lines(text))
    label = _label(given)
    if label and entry:
        entry["label"] = label
    return entry


def _lines(text: str) -> list[str]:
    return [line.strip(" ,") for line in text.splitlines() if line.strip(" ,")]


def _companies(values: Mapping[str, Any]) -> list[Any]:
    given = values.get("company") or []
    return list(given) if isinstance(given, list | tuple) else [{"name": str(given)}]


def _externals(values: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    found = []
    for text in values.get("external", ()):
        source, _, key = str(text).partition(":")
        if source.strip() and key.strip():
            found.append((source.strip().lower(), key.strip()))
    return tuple(dict.fromkeys(found))


def _words(
    noun: str, name: str, row: Values, values: Values, emails: Sequence[Email], phones: Sequence[Phone]
) -> tuple[str, str, str]:
    """The words that the search finds the record by, as `crmcli.store.search` has them."""
    spelt = [name, *(row[column] for column in search.NAMES[noun][1:] if column in row)]
    called: list[str | None] = [entry.value for entry in emails]
    for phone in phones:
        called += [phone.raw, phone.e164] if phone.e164 else [phone.raw]
    called += search.national([phone.e164 for phone in phones])
    called += [domain_name(str(domain)) for domain in values.get("domain", ()) if "." in str(domain)]
    texts = [str(row[column]) for column in search.TEXTS[noun] if column in row]
    for entry in values.get("address", ()):
        texts += [str(entry[part]) for part in PARTS[:-1] if part in entry]
    texts += [link(entry)[0] for entry in values.get("url", ())]
    texts += [str(text) for entry in values.get("set", ()) for text in entry.values()]
    texts += [part for pair in _externals(values) for part in pair]
    texts += [str(tag) for tag in values.get("tag", ())]
    names = " ".join(tokens(" ".join(spelt)))
    return names, search.called([*spelt, *called]), " ".join(tokens(" ".join(texts))) if texts else ""
