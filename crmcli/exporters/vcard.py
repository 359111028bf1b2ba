"""vCard 4.0 (RFC 6350) and 3.0 (RFC 2426), for address books, phones and mail programs, and for reading in again.

What vCard has no property for is written as X-CRM-…, which other programs pass over, so that nothing of a record is
lost on the way out and in. Ids and times are left out: they belong to this database.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Any

from crmcli.importers.vcard_terms import APPLE_WEBSITE, OWN, TYPES, as_data, own_columns
from crmcli.kernel import contentlines
from crmcli.kernel.contentlines import escape
from crmcli.kernel.errors import UsageError

VERSIONS = ("4.0", "3.0")
PRODUCT = "-//crmcli//crmcli//EN"

Record = Mapping[str, Any]

_NAME = ("family_name", "given_name", "additional_name", "honorific_prefix", "honorific_suffix")
_ADDRESS = (
    "post_office_box",
    "extended_address",
    "street_address",
    "locality",
    "region",
    "postal_code",
    "country_code",
)
_CONSENT = ("purpose", "channel", "state", "legal_basis", "source", "at")
# Properties that a card has once: one that was kept word for word stands instead of ours.
_ONCE = {"contact": ("KIND",), "company": ("KIND", "N", "ORG", "X-ABSHOWAS")}
# Properties that are of the card itself, and never taken from what was kept.
_NEVER = frozenset(("BEGIN", "END", "VERSION", "PRODID", "UID", "REV"))


def write(records: Iterable[Mapping[str, Any]], noun: str, version: str = "4.0") -> Iterator[str]:
    """A vCard for each record, one by one. Their line ends are CR LF, and must not be changed on the way to the file.

    Args:
        records: contacts or companies as `crmcli.store.parties.records` gives them with all parts; beside those
            `extra`, the lines of vCards that have no other place.
        noun: contact or company.
        version: one of VERSIONS.

    Raises:
        UsageError: there is no such version.
    """
    if version not in VERSIONS:
        raise UsageError(f"there is no vCard {version} to write", f"use one of: {', '.join(VERSIONS)}")
    return (_Card(record, noun, version).text() for record in records)


class _Card:
    """One card as it grows."""

    def __init__(self, record: Record, noun: str, version: str) -> None:
        self.record = record
        self.noun = noun
        self.new = version == "4.0"
        self.version = version
        self.lines: list[str] = []
        found = (contentlines.parse(_one_line(line)) for line in record.get("extra") or ())
        self.extra = [one for one in found if one is not None and one.key not in _NEVER]
        self.kept = {one.key for one in self.extra}
        taken = {one.group.lower() for one in self.extra if one.group}
        self.groups = (group for group in (f"item{number}" for number in count(1)) if group not in taken)

    def text(self) -> str:
        """The whole card."""
        self._add("BEGIN", "VCARD")
        self._add("VERSION", self.version)
        self._add("PRODID", PRODUCT)
        if self.record.get("uid"):
            self._add("UID", f"urn:uuid:{self.record['uid']}")
        if self.noun == "company":
            self._company()
        else:
            self._contact()
        self._reach()
        self._shared()
        for one in self.extra:
            found = (contentlines.parse(as_data(one) or "") if self.new else None) or one
            name = f"{found.group}.{found.name}" if found.group else found.name
            self.lines.append(contentlines.write(name, found.value, found.raw))
        self._add("END", "VCARD")
        return "".join(self.lines)

    def _add(self, name: str, value: str, params: str = "") -> None:
        """A line, unless a kept one says the same."""
        if name not in _ONCE[self.noun] or name not in self.kept:
            self.lines.append(contentlines.write(name, value, params))

    def _text(self, name: str, text: Any, params: str = "") -> None:
        """A line of one text, if there is any."""
        if text is not None and text is not False and text != "":
            self._add(name, escape(str(text)), params)

    # --- who

    def _contact(self) -> None:
        record = self.record
        if self.new:
            self._add("KIND", "individual")
        self._text("FN", record["display_name"])
        names = [escape(record.get(name) or "") for name in _NAME]
        if any(names) or not self.new:  # vCard 3.0 demands it
            self._add("N", ";".join(names))
        self._text("NICKNAME", record.get("nickname"))
        self._text("X-PHONETIC-FIRST-NAME", record.get("phonetic_given_name"))
        self._text("X-PHONETIC-LAST-NAME", record.get("phonetic_family_name"))
        self._work()
        if record.get("birth_date"):
            self._birthday(record["birth_date"])

    def _company(self) -> None:
        name = escape(self.record["name"])
        if self.new:
            self._add("KIND", "org")
        else:
            self._add("X-ABSHOWAS", "COMPANY")
        self._add("FN", name)
        if not self.new:
            self._add("N", ";;;;")
        self._add("ORG", name)

    def _work(self) -> None:
        """Companies, the primary one first, with the department in it; several are told apart by groups."""
        record = self.record
        companies = record.get("companies") or []
        department = record.get("department")
        self._text("TITLE", record.get("job_title"))
        if department and not companies:
            self._add("ORG", f";{escape(department)}")
        grouped = len(companies) > 1 or any(one.get("started_on") or one.get("ended_on") for one in companies)
        for place, one in enumerate(companies):
            group = f"{next(self.groups)}." if grouped else ""
            unit = f";{escape(department)}" if department and not place else ""
            self._add(f"{group}ORG", escape(one["name"]) + unit)
            self._text(f"{group}ROLE", one.get("role"))
            self._text(f"{group}{OWN}STARTED-ON", one.get("started_on"))
            self._text(f"{group}{OWN}ENDED-ON", one.get("ended_on"))

    def _birthday(self, day: str) -> None:
        if self.new:
            self._add("BDAY", f"--{day[2:].replace('-', '')}" if day.startswith("--") else day.replace("-", ""))
        elif day.startswith("--"):
            self._add("BDAY", f"1604-{day[2:]}", ";X-APPLE-OMIT-YEAR=1604")
        else:
            self._add("BDAY", day)

    # --- how to reach

    def _reach(self) -> None:
        for row in self.record.get("emails") or ():
            self._entry("EMAIL", escape(row["value"]), row)
        for row in self.record.get("phones") or ():
            self._entry("TEL", escape(row["raw"]), row)
        for row in self.record.get("addresses") or ():
            self._entry("ADR", ";".join(escape(row.get(name) or "") for name in _ADDRESS), row)
        for row in self.record.get("urls") or ():
            # A comma or semicolon is part of a URI, and not escaped in it.
            self._entry("URL", row["value"].replace("\\", "\\\\").replace("\n", "\\n"), row)

    def _entry(self, name: str, value: str, row: Record) -> None:
        """A line with its label as TYPE, or through a group where no TYPE says it; the primary one is preferred."""
        label = row.get("label")
        types = list(TYPES.get(label or "", ()))
        params = ""
        if row.get("is_primary"):
            if self.new:
                params += ";PREF=1"
            else:
                types.append("pref")
        if types:
            params = f";TYPE={','.join(types)}{params}"
        for flag in ("opted_out", "invalid"):
            if row.get(flag):
                params += f";{OWN}{flag.upper().replace('_', '-')}=yes"
        group = f"{next(self.groups)}." if label and label not in TYPES else ""
        self._add(group + name, value, params)
        if group:
            self._add(f"{group}X-ABLabel", APPLE_WEBSITE if label == "website" else escape(label or ""))

    # --- the rest

    def _shared(self) -> None:
        record = self.record
        self._text("LANG", record.get("preferred_language"))
        self._text("TZ", record.get("timezone"), "" if self.new else ";VALUE=text")
        if record.get("tags"):
            self._add("CATEGORIES", ",".join(escape(tag) for tag in record["tags"]))
        self._text("NOTE", record.get("notes"))
        for name, word in own_columns(self.noun).items():
            value = record.get(word)
            if isinstance(value, Mapping):  # the company that owns this one
                value = value["name"]
            self._text(name, "yes" if value is True else value)
        for domain in record.get("domains") or ():
            self._text(f"{OWN}DOMAIN", domain)
        for name, key in (("FIELD", "custom"), ("PREFERENCE", "preferences")):
            for word, text in (record.get(key) or {}).items():
                self._add(OWN + name, f"{escape(word)};{escape(str(text))}")
        for key in record.get("external_ids") or ():
            self._text(f"{OWN}EXTERNAL-ID", key)
        for entry in record.get("consents") or ():
            self._add(f"{OWN}CONSENT", ";".join(escape(str(entry.get(name) or "")) for name in _CONSENT))


def _one_line(line: str) -> str:
    """A line that was kept, without line ends, which it never had."""
    return line.replace("\r\n", "\n").replace("\n", "\\n")
