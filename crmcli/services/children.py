"""What hangs on a contact or company: addresses, numbers, tags and the like, from what flags, files or scripts give.

Every function takes the values as lists and says whether anything changed. A value that is there already is not written
again, so that the same command given twice changes nothing the second time.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crmcli.kernel import codes
from crmcli.kernel.errors import UsageError
from crmcli.kernel.ids import ref
from crmcli.kernel.similarity import nearest
from crmcli.kernel.text import check_text
from crmcli.services.flags import key_name
from crmcli.services.values import choice
from crmcli.services.who import Match
from crmcli.store import names
from crmcli.store.connection import Row
from crmcli.store.derive import digits, email_key, name_key
from crmcli.store.matching import external_key
from crmcli.store.schema import TABLES

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

LABELS = (
    "work",
    "home",
    "mobile",
    "main",
    "private",
    "office",
    "billing",
    "shipping",
    "fax",
    "pager",
    "website",
    "other",
)
PARTS = ("street_address", "extended_address", "post_office_box", "locality", "region", "postal_code", "country_code")
SHORT_PARTS = {
    "street": "street_address",
    "city": "locality",
    "postcode": "postal_code",
    "zip": "postal_code",
    "country": "country_code",
}
# Table -> the column that a row is named by, as it was written.
NAMED_BY = {"email": "value", "phone": "raw", "url": "value", "company_domain": "domain"}
DETAILS = ("label", "is_primary", "opted_out", "invalid")


class Children:
    """Writing the child rows of one contact or company.

    Args:
        app: the App.
        gate: of the open transaction.
        party: the contact or company.
    """

    def __init__(self, app: "App", gate: "Gate", party: Match) -> None:
        self.app = app
        self.gate = gate
        self.party = party
        self.owner = f"{party.noun}_id"
        # (table, key) of what this edit wrote: who adds a value in a new spelling and removes it in the old one has
        # changed the row, and does not take it away.
        self.written: set[tuple[str, int]] = set()

    def apply(self, given: Mapping[str, Any]) -> bool:
        """Write all that `given` names, in a fixed order: what is added before what is removed.

        Raises:
            UsageError: a value that cannot be understood.
        """
        steps: dict[str, Callable[[list[Any]], bool]] = {
            "address": self._addresses,  # before phones: its country tells how they are dialled
            "email": self._emails,
            "phone": self._phones,
            "url": self._urls,
            "domain": self._domains,
            "tag": self._tags,
            "untag": self._untag,
            "set": self._set,
            "unset": self._unset,
            "prefer": self._prefer,
            "external": self._external,
            "consent": self._consent,
            "extra": self._extra,
            "remove_email": lambda values: self._remove("email", values),
            "remove_phone": lambda values: self._remove("phone", values),
            "remove_url": lambda values: self._remove("url", values),
            "remove_address": self._remove_addresses,
            "remove_domain": lambda values: self._remove("company_domain", values),
        }
        changed = [step(as_list(given[name])) for name, step in steps.items() if given.get(name)]
        for name in ("email", "phone", "url"):
            if given.get(f"primary_{name}"):
                changed.append(self._make_primary(name, str(given[f"primary_{name}"])))
        return any(changed)

    # --- e-mail, phone, link, address

    def _emails(self, values: list[Any]) -> bool:
        changed = False
        for value in values:
            text, entry = self._entry("email", value)
            address, problem = self.app.emails.check(text)
            if problem:
                self.app.notes.append(f"'{address}' is kept, but looks wrong: {problem}")
                entry.setdefault("invalid", 1)
            known = self._named("email", address)
            if not known:
                self.app.suppressions.refuse([email_key(address)], address)
            changed |= self._put("email", known, {"value": address, **entry})
            self._warn_shared("email", "value_key", email_key(address), address)
        return changed

    def _phones(self, values: list[Any]) -> bool:
        changed = False
        for value in values:
            text, entry = self._entry("phone", value)
            told = value.get("e164") if isinstance(value, Mapping) else None
            raw, e164 = self.app.phones.check(text, self._country(), told)
            known = self._named("phone", raw)
            if e164 is not None:
                entry["e164"] = e164
            elif not known:
                self.app.notes.append(
                    f"'{raw}' is kept as written; for other notations to find it, add the country: +44 …"
                )
            if not known:
                self.app.suppressions.refuse_number(raw, e164)
            changed |= self._put("phone", known, {"raw": raw, **entry})
        return changed

    def _country(self) -> str | None:
        row = self._first("SELECT country_code FROM address WHERE {owner} = ? AND country_code IS NOT NULL ORDER BY id")
        return row["country_code"] if row else None

    def _urls(self, values: list[Any]) -> bool:
        changed = False
        for value in values:
            text, entry = self._entry("url", value)
            changed |= self._put("url", self._named("url", text), {"value": text, **entry})
        return changed

    def _addresses(self, values: list[Any]) -> bool:
        changed = False
        for value in values:
            entry = address_parts(value)
            changed |= self._put("address", self._at(entry), entry)
        return changed

    def _domains(self, values: list[Any]) -> bool:
        changed = False
        for value in values:
            domain = domain_name(str(value))
            changed |= self._put("company_domain", self._named("company_domain", domain), {"domain": domain})
        return changed

    def _entry(self, table: str, value: Any) -> tuple[str, dict[str, Any]]:
        """The text of a value, and the details that were given with it as they are stored; None empties one.

        Raises:
            UsageError: there is no text, or a detail that such a row has not.
        """
        given = labelled(value)
        given.pop("e164", None)  # follows from the text where that can be understood
        texts = [given.pop(name, None) for name in dict.fromkeys(("value", NAMED_BY[table]))]
        text = next((str(text).strip() for text in texts if text), "")
        if not text:
            raise UsageError(f"the {table} is empty", f"take one away with --remove-{table}")
        columns = TABLES[table].columns
        known = [name for name in DETAILS if name in columns]
        entry = {}
        for name, detail in given.items():
            if name not in known:
                raise UsageError(f"an entry of {table} has no '{name}'", _did_you_mean(name, known))
            entry[name] = self.app.values.read(columns[name], "" if detail is None else detail)
        return text, entry

    def _named(self, table: str, value: Any) -> list[Row]:
        """The rows of a table that a text means, in whatever spelling."""
        text, rows = str(value).strip(), self._rows(table)
        if table == "email":
            return [row for row in rows if row["value_key"] == email_key(text)]
        if table == "phone":
            dialled = self.app.phones.e164(text, self._country()) or text
            numbers = {digits(text), digits(dialled)} - {""}
            return [row for row in rows if row["raw"] == text or row["digits"] in numbers]
        text = domain_name(text) if table == "company_domain" else text
        return [row for row in rows if row[NAMED_BY[table]] == text]

    def _at(self, parts: Mapping[str, Any]) -> list[Row]:
        """The rows of exactly this address."""
        return [row for row in self._rows("address") if all(row[name] == parts.get(name) for name in PARTS)]

    def _put(self, table: str, known: Sequence[Row], entry: dict[str, Any]) -> bool:
        """Update the row that is known already, or add one."""
        primary = entry.pop("is_primary", None)
        if known:
            row_id = known[0]["id"]
            changed = self.gate.update(table, row_id, entry)
        else:
            row_id = self.gate.insert(table, {**entry, self.owner: self.party.id, "is_primary": self._is_first(table)})
            changed = True
        self.written.add((table, row_id))
        return (self._set_primary(table, row_id) if primary else False) or changed

    def _is_first(self, table: str) -> int:
        return int(not self._rows(table))

    def _remove(self, table: str, values: Sequence[Any]) -> bool:
        gone: set[int] = set()
        for value in values:
            named = self._named(table, value)
            if not named:
                have = ", ".join(row[NAMED_BY[table]] for row in self._rows(table))
                what = table.removeprefix("company_")
                raise UsageError(f"{self.party.name} has no {what} '{value}'", f"there is: {have}" if have else "")
            gone |= {row["id"] for row in named}
        return self._delete(table, gone)

    def _remove_addresses(self, values: Sequence[Any]) -> bool:
        """Remove addresses, each named by all its parts (an object) or by a text that is in just one of them."""
        gone: set[int] = set()
        for value in values:
            named = self._at(address_parts(value)) if isinstance(value, Mapping) else self._holding(str(value))
            if len(named) != 1:
                message = f"{len(named)} addresses of {self.party.name} hold '{value}'"
                raise UsageError(message, "give a part of just one")
            gone.add(named[0]["id"])
        return self._delete("address", gone)

    def _holding(self, text: str) -> list[Row]:
        """The addresses that were there before this edit and have a text in them."""
        rows = [row for row in self._rows("address") if ("address", row["id"]) not in self.written]
        return [row for row in rows if name_key(text) in name_key(" ".join(row[part] or "" for part in PARTS))]

    def _delete(self, table: str, keys: Collection[int]) -> bool:
        gone = sorted(key for key in keys if (table, key) not in self.written)
        for key in gone:
            self.gate.delete(table, key)
        left = self._rows(table)
        if left and not any(row["is_primary"] for row in left):
            self.gate.update(table, left[0]["id"], {"is_primary": 1})
        return bool(gone)

    def _make_primary(self, table: str, value: str) -> bool:
        rows = self._named(table, value)
        if not rows:
            raise UsageError(f"{self.party.name} has no {table} '{value}'", f"add it with --{table}")
        return self._set_primary(table, rows[0]["id"])

    def _set_primary(self, table: str, row_id: int) -> bool:
        return any(
            [self.gate.update(table, row["id"], {"is_primary": int(row["id"] == row_id)}) for row in self._rows(table)]
        )

    def _warn_shared(self, table: str, column: str, key: str, shown: str) -> None:
        sql = (
            f"SELECT c.id, c.display_name FROM {table} t JOIN contact c ON c.id = t.contact_id"
            f" WHERE t.{column} = ? AND c.deleted_at IS NULL"
        )
        for row in self.app.store.rows(
            f"{sql} AND c.id <> ? LIMIT 1", [key, self.party.id if self.party.noun == "contact" else -1]
        ):
            self.app.notes.append(f"{shown} also belongs to c{row['id']} {row['display_name']}")

    # --- tags, fields, preferences, foreign keys, consent

    def _tags(self, values: Sequence[Any]) -> bool:
        changed = False
        for name in split_commas(values):
            row = self.app.store.row("SELECT id FROM tag WHERE name_key = ?", [name_key(name)[:400]])
            tag = (
                row["id"]
                if row
                else self.gate.insert("tag", {"name": check_text(name, what="tag", max_length=100, required=True)})
            )
            if not self._first("SELECT id FROM tagging WHERE {owner} = ? AND tag_id = ?", tag):
                self.gate.insert("tagging", {"tag_id": tag, self.owner: self.party.id})
                changed = True
            self.written.add(("tag", tag))
        return changed

    def _untag(self, values: Sequence[Any]) -> bool:
        changed = False
        for name in split_commas(values):
            sql = (
                "SELECT g.id, g.tag_id FROM tagging g JOIN tag t ON t.id = g.tag_id"
                " WHERE g.{owner} = ? AND t.name_key = ?"
            )
            row = self._first(sql, name_key(name)[:400])
            if row and ("tag", row["tag_id"]) not in self.written:
                self.gate.delete("tagging", row["id"])
                changed = True
        return changed

    def _set(self, values: Sequence[Any]) -> bool:
        changed = False
        for key, text in pairs(values, "--set source=fair"):
            if not text.strip():
                changed |= self._unset([key])
                continue
            field = self.app.fields.ensure(self.gate, key)
            value = self.app.fields.read(field, text)
            row = self._first("SELECT id FROM custom_value WHERE {owner} = ? AND field_id = ?", field["id"])
            if row:
                changed |= self.gate.update("custom_value", row["id"], {"value": value})
            else:
                self.gate.insert("custom_value", {"field_id": field["id"], self.owner: self.party.id, "value": value})
                changed = True
        return changed

    def _unset(self, values: Sequence[Any]) -> bool:
        changed = False
        for key in values:
            sql = (
                "SELECT v.id FROM custom_value v JOIN custom_field f ON f.id = v.field_id"
                " WHERE v.{owner} = ? AND f.name = ?"
            )
            row = self._first(sql, key_name(str(key)))
            if row:
                self.gate.delete("custom_value", row["id"])
                changed = True
        return changed

    def _prefer(self, values: Sequence[Any]) -> bool:
        changed = False
        for key, text in pairs(values, "--prefer channel=email"):
            row = self._first("SELECT id FROM preference WHERE {owner} = ? AND key = ?", key)
            if row and not text:
                self.gate.delete("preference", row["id"])
                changed = True
            elif row:
                changed |= self.gate.update("preference", row["id"], {"value": text})
            elif text:
                self.gate.insert("preference", {self.owner: self.party.id, "key": key, "value": text})
                changed = True
        return changed

    def _external(self, values: Sequence[Any]) -> bool:
        changed = False
        for value in values:
            source, colon, key = str(value).partition(":")
            if not colon or not source.strip() or not key.strip():
                raise UsageError(f"'{value}' is not an external id", "write SOURCE:KEY, for example hubspot:1234")
            source, key = source.strip().lower(), key.strip()
            row = self.app.store.row("SELECT * FROM external_id WHERE source = ? AND key = ?", [source, key])
            if row is None:
                self.app.suppressions.refuse([external_key(source, key)], f"{source}:{key}")
                self.gate.insert("external_id", {"source": source, "key": key, self.owner: self.party.id})
                changed = True
            elif row[self.owner] != self.party.id:
                raise self._taken(f"{source}:{key}", row)
        return changed

    def _taken(self, text: str, row: Row) -> UsageError:
        """The error that tells whose an external id is; a deleted record keeps its own, to come back with it."""
        noun = "contact" if row["contact_id"] is not None else "company"
        key = row[f"{noun}_id"]
        other = ref(noun, key)
        living = names.by_id(self.app.store, noun, key)
        if living:
            return UsageError(f"{text} belongs to {living[0]['name']} ({other})", f"see: crm show {other}")
        name = names.by_id(self.app.store, noun, key, deleted=True)[0]["name"]
        message = f"{text} belongs to {name} ({other}), which is deleted"
        return UsageError(message, f"bring it back with: crm {noun} restore {other}")

    def _consent(self, values: Sequence[Any]) -> bool:
        if self.party.noun != "contact":
            raise UsageError("consent is a person's", "set it on a contact")
        changed = False
        for entry in (consent_entry(given, self.gate.now) for given in values):
            wanted = entry["purpose"], entry["channel"]
            rows = [row for row in self._rows("consent") if (row["purpose"], row["channel"]) == wanted]
            if not rows:
                self.gate.insert("consent", {"contact_id": self.party.id, **entry})
                changed = True
            # What was said last counts; what bears a moment to come, from a wrong clock or file, silences nobody now.
            elif rows[0]["state"] != entry["state"] and entry["at"] >= min(rows[0]["at"], self.gate.now):
                changed |= self.gate.update("consent", rows[0]["id"], entry)
        return changed

    def _extra(self, values: Sequence[Any]) -> bool:
        """Keep the vCard lines that have no other place, each once."""
        known = {row["line"] for row in self._rows("extra_property")}
        fresh = [line for line in dict.fromkeys(map(str, values)) if line not in known]
        for line in fresh:
            name = re.split("[:;]", line.rpartition(".")[2] if "." in line.split(":")[0] else line)[0]
            self.gate.insert("extra_property", {self.owner: self.party.id, "name": name[:200], "line": line})
        return bool(fresh)

    # --- reading

    def _rows(self, table: str) -> list[Row]:
        return self.app.store.rows(f"SELECT * FROM {table} WHERE {self.owner} = ? ORDER BY id", [self.party.id])

    def _first(self, sql: str, *parameters: object) -> Row | None:
        return self.app.store.row(sql.replace("{owner}", self.owner), [self.party.id, *parameters])


def as_list(value: Any) -> list[Any]:
    """A list of what was given: scripts may give one value where many are allowed."""
    return list(value) if isinstance(value, list | tuple) else [value]


def split_commas(values: Sequence[Any]) -> list[str]:
    """Words, of which several may stand in one value with commas between."""
    return [word.strip() for value in values for word in str(value).split(",") if word.strip()]


def labelled(value: Any) -> dict[str, Any]:
    """A value with its label: an object as it is, or a text such as `work=ada@engines.example`."""
    if isinstance(value, Mapping):
        return dict(value)
    label, equals, rest = str(value).partition("=")
    if equals and label.strip().lower() in LABELS:
        return {"value": rest.strip(), "label": label.strip().lower()}
    return {"value": str(value).strip()}


def pairs(values: Sequence[Any], example: str) -> list[tuple[str, str]]:
    """Keys and values: `key=value` texts, or objects. Keys are as `key_name` gives them."""
    found = []
    for value in values:
        if isinstance(value, Mapping):
            found += [(key_name(str(key)), "" if text is None else str(text)) for key, text in value.items()]
            continue
        key, equals, text = str(value).partition("=")
        if not equals or not key.strip():
            raise UsageError(f"'{value}' is not KEY=VALUE", f"for example: {example}")
        found.append((key_name(key), text.strip()))
    return found


def consent_entry(given: Any, now: str) -> dict[str, Any]:
    """A consent as it is stored: from `marketing/email=granted`, or an object that may also say its basis and time."""
    columns = TABLES["consent"].columns
    if not isinstance(given, Mapping) or "purpose" not in given:
        key, text = pairs([given], "--consent marketing/email=granted")[0]
        purpose, _, channel = key.partition("/")
        given = {"purpose": purpose, "channel": channel, "state": text}
    entry: dict[str, Any] = {"purpose": key_name(str(given["purpose"])), "at": str(given.get("at") or now)}
    entry["state"] = choice(columns["state"], str(given.get("state") or ""))
    for name in ("channel", "legal_basis"):
        entry[name] = choice(columns[name], str(given[name])) if given.get(name) else None
    entry["source"] = str(given["source"]) if given.get("source") else None
    return entry


def address_parts(value: Any) -> dict[str, Any]:
    """The parts of a postal address: an object, `city=Berlin; country=DE`, or a line that is kept as the street.

    Raises:
        UsageError: it has no part, or one that addresses have not.
    """
    if not isinstance(value, Mapping):
        text = str(value)
        if "=" not in text:
            return {"street_address": check_text(text, what="address", max_length=500, required=True)}
        value = dict(
            pairs([part for part in text.split(";") if part.strip()], "--address 'street=…; city=Berlin; country=DE'")
        )
    entry: dict[str, Any] = {}
    for key, content in value.items():
        name = SHORT_PARTS.get(key_name(str(key)), key_name(str(key)))
        if name == "is_primary":
            entry[name] = content is True
        elif name in (*PARTS, "label"):
            text = "" if content is None else str(content).strip()
            entry[name] = codes.check_country(text) if text and name == "country_code" else text or None
        else:
            raise UsageError(f"an address has no '{key}'", _did_you_mean(name, (*PARTS, *SHORT_PARTS)))
    if not any(entry.get(name) for name in PARTS):
        raise UsageError("the address is empty", f"parts: {', '.join(PARTS)}")
    return entry


def domain_name(text: str) -> str:
    """An internet domain as it is stored, from a domain or the address of a web site.

    Raises:
        UsageError: it is neither.
    """
    domain = text.strip().lower().removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/.")
    if "." not in domain or any(letter.isspace() or letter in "@/:" for letter in domain):
        raise UsageError(f"'{text}' is not an internet domain", "a domain looks like engines.example")
    return domain


def _did_you_mean(name: str, known: Sequence[str]) -> str:
    close = nearest(name, known, count=1)
    return f"did you mean {close[0]}?" if close else f"there is: {', '.join(known)}"
