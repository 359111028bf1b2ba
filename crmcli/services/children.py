"""What hangs on a contact or company: addresses, numbers, tags and the like, from what flags, files or scripts give.

Every function takes the values as lists and says whether anything changed. A value that is there already is not written
again, so that the same command given twice changes nothing the second time.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crmcli.kernel import codes
from crmcli.kernel.errors import UsageError
from crmcli.kernel.similarity import nearest
from crmcli.kernel.text import check_text
from crmcli.services.who import Match
from crmcli.store.connection import Row
from crmcli.store.derive import digits, email_key, name_key
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
FLAGS = ("opted_out", "invalid")


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
            "remove_email": lambda values: self._remove("email", "value_key", values, email_key),
            "remove_phone": self._remove_phones,
            "remove_url": lambda values: self._remove("url", "value", values, str),
            "remove_address": self._remove_addresses,
            "remove_domain": lambda values: self._remove("company_domain", "domain", values, str.lower),
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
            entry = labelled(value)
            address, problem = self.app.emails.check(str(entry.pop("value")))
            if problem:
                self.app.notes.append(f"'{address}' is kept, but looks wrong: {problem}")
            entry["invalid"] = int(bool(problem)) if entry.get("invalid") is None else int(bool(entry["invalid"]))
            changed |= self._put("email", "value_key", email_key(address), {"value": address, **entry})
            self._warn_shared("email", "value_key", email_key(address), address)
        return changed

    def _phones(self, values: list[Any]) -> bool:
        changed = False
        for value in values:
            entry = labelled(value)
            raw, e164 = self.app.phones.check(str(entry.pop("value", None) or entry.pop("raw", "")), self._country())
            entry.pop("raw", None)
            entry.pop("e164", None)
            if e164 is None:
                self.app.notes.append(
                    f"'{raw}' is kept as written; for other notations to find it, add the country: +44 …"
                )
            changed |= self._put("phone", "digits", digits(e164 or raw), {"raw": raw, "e164": e164, **entry})
        return changed

    def _country(self) -> str | None:
        row = self._first("SELECT country_code FROM address WHERE {owner} = ? AND country_code IS NOT NULL ORDER BY id")
        return row["country_code"] if row else None

    def _urls(self, values: list[Any]) -> bool:
        entries = [labelled(value) for value in values]
        return any([self._put("url", "value", str(entry["value"]), entry) for entry in entries])

    def _addresses(self, values: list[Any]) -> bool:
        changed = False
        for value in values:
            entry = address_parts(value)
            same = [row for row in self._rows("address") if all(row[name] == entry.get(name) for name in PARTS)]
            if same:
                changed |= self.gate.update("address", same[0]["id"], {"label": entry.get("label") or same[0]["label"]})
            else:
                self._insert("address", entry)
                changed = True
        return changed

    def _domains(self, values: list[Any]) -> bool:
        changed = False
        for value in values:
            domain = (
                str(value)
                .strip()
                .lower()
                .removeprefix("https://")
                .removeprefix("http://")
                .removeprefix("www.")
                .rstrip("/.")
            )
            if "." not in domain or any(letter.isspace() or letter in "@/:" for letter in domain):
                raise UsageError(f"'{value}' is not an internet domain", "a domain looks like engines.example")
            changed |= self._put("company_domain", "domain", domain, {"domain": domain})
        return changed

    def _put(self, table: str, key_column: str, key: str, values: Mapping[str, Any]) -> bool:
        """Update the child with this key, or add it."""
        known = TABLES[table].columns
        entry = {
            name: int(value) if isinstance(value, bool) else value for name, value in values.items() if name in known
        }
        primary = entry.pop("is_primary", None)
        rows = [row for row in self._rows(table) if row[key_column] == key]
        if not rows:
            row_id = self._insert(table, entry)
        else:
            row_id = rows[0]["id"]
            given = {name: value for name, value in entry.items() if value is not None and (name != "invalid" or value)}
            changed = self.gate.update(table, row_id, given)
            if not primary or rows[0]["is_primary"]:
                return changed
        if primary:
            self._set_primary(table, row_id)
        return True

    def _insert(self, table: str, values: Mapping[str, Any]) -> int:
        first = not self._rows(table)
        return self.gate.insert(table, {self.owner: self.party.id, **values, "is_primary": int(first)})

    def _remove(self, table: str, key_column: str, values: Sequence[Any], key: Callable[[str], str]) -> bool:
        rows = self._rows(table)
        for value in values:
            gone = [row for row in rows if row[key_column] == key(str(value))]
            if not gone:
                have = ", ".join(str(row[key_column]) for row in rows)
                raise UsageError(f"{self.party.name} has no {table} '{value}'", f"there is: {have}" if have else "")
            self._delete(table, gone)
        return True

    def _remove_phones(self, values: Sequence[Any]) -> bool:
        return self._remove("phone", "digits", values, self._dialled)

    def _dialled(self, text: str) -> str:
        """The digits that a number in any notation comes down to."""
        return digits(self.app.phones.e164(text, self._country()) or text)

    def _remove_addresses(self, values: Sequence[Any]) -> bool:
        rows = self._rows("address")
        for value in values:
            gone = [
                row for row in rows if name_key(str(value)) in name_key(" ".join(row[part] or "" for part in PARTS))
            ]
            if len(gone) != 1:
                raise UsageError(
                    f"{len(gone)} addresses of {self.party.name} hold '{value}'", "give a part of just one"
                )
            self._delete("address", gone)
        return True

    def _delete(self, table: str, rows: Sequence[Row]) -> None:
        for row in rows:
            self.gate.delete(table, row["id"])
        left = self._rows(table)
        if left and not any(row["is_primary"] for row in left):
            self.gate.update(table, left[0]["id"], {"is_primary": 1})

    def _make_primary(self, table: str, value: str) -> bool:
        keys: dict[str, tuple[str, Callable[[str], Any]]] = {
            "email": ("value_key", email_key),
            "phone": ("digits", self._dialled),
            "url": ("value", str),
        }
        column, key = keys[table]
        rows = [row for row in self._rows(table) if row[column] == key(value)]
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
        return changed

    def _untag(self, values: Sequence[Any]) -> bool:
        changed = False
        for name in split_commas(values):
            sql = "SELECT g.id FROM tagging g JOIN tag t ON t.id = g.tag_id WHERE g.{owner} = ? AND t.name_key = ?"
            row = self._first(sql, name_key(name)[:400])
            if row:
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
            row = self._first(sql, str(key).strip().lower().replace("-", "_").replace(" ", "_"))
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
                self.gate.insert("external_id", {"source": source, "key": key, self.owner: self.party.id})
                changed = True
            elif row[self.owner] != self.party.id:
                raise UsageError(f"{source}:{key} belongs to another record", f"see: crm show {source}:{key}")
        return changed

    def _consent(self, values: Sequence[Any]) -> bool:
        if self.party.noun != "contact":
            raise UsageError("consent is a person's", "set it on a contact")
        columns = TABLES["consent"].columns
        changed = False
        for key, text in pairs(values, "--consent marketing/email=granted"):
            purpose, _, channel = key.partition("/")
            state = one_of(text, columns["state"].values, "consent state")
            wanted = one_of(channel, columns["channel"].values, "channel") if channel else None
            rows = [row for row in self._rows("consent") if row["purpose"] == purpose and row["channel"] == wanted]
            if not rows:
                entry = {"purpose": purpose, "channel": wanted, "state": state, "at": self.gate.now}
                self.gate.insert("consent", {"contact_id": self.party.id, **entry})
                changed = True
            elif rows[0]["state"] != state:
                changed |= self.gate.update("consent", rows[0]["id"], {"state": state, "at": self.gate.now})
        return changed

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
    """Keys and values: `key=value` texts, or objects."""
    found = []
    for value in values:
        if isinstance(value, Mapping):
            found += [(str(key), "" if text is None else str(text)) for key, text in value.items()]
            continue
        key, equals, text = str(value).partition("=")
        if not equals or not key.strip():
            raise UsageError(f"'{value}' is not KEY=VALUE", f"for example: {example}")
        found.append((key.strip().lower(), text.strip()))
    return found


def address_parts(value: Any) -> dict[str, Any]:
    """The parts of a postal address: an object, `city=Berlin; country=DE`, or a line that is kept as the street."""
    if not isinstance(value, Mapping):
        text = str(value)
        if "=" not in text:
            return {"street_address": check_text(text, what="address", max_length=500, required=True)}
        value = dict(
            pairs([part for part in text.split(";") if part.strip()], "--address 'street=…; city=Berlin; country=DE'")
        )
    entry = {}
    for key, text in value.items():
        name = SHORT_PARTS.get(key, key)
        if name not in (*PARTS, "label", "is_primary"):
            close = nearest(name, (*PARTS, *SHORT_PARTS), count=1)
            raise UsageError(
                f"an address has no '{key}'", f"did you mean {close[0]}?" if close else f"parts: {', '.join(PARTS)}"
            )
        if name != "is_primary" and text:
            entry[name] = codes.check_country(text) if name == "country_code" else str(text)
    return entry


def one_of(text: str, allowed: Sequence[str], what: str) -> str:
    """One of a closed list of words."""
    word = text.strip().lower().replace("-", "_")
    if word not in allowed:
        raise UsageError(f"'{text}' is not a {what}", f"use one of: {', '.join(allowed)}")
    return word
