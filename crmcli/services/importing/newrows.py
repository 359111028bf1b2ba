"""New contacts and companies, many at once: the rows that the service would write for each, table by table."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crmcli.kernel.errors import CrmError
from crmcli.kernel.ids import Uids
from crmcli.kernel.text import tokens
from crmcli.services.children import split_commas
from crmcli.services.customfields import check_name
from crmcli.services.flags import key_name
from crmcli.services.importing.outcome import CREATED, Outcome
from crmcli.services.importing.prepare import Prepared, Ready
from crmcli.services.importing.rowsof import CHILDREN, COLUMNS, GIVEN_BY_WRITER
from crmcli.services.who import Match
from crmcli.store import derive, matching
from crmcli.store.bulk import Bulk
from crmcli.store.derive import name_key
from crmcli.store.matching import named_key

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

Rows = dict[str, list[tuple[Any, ...]]]


# Of tables whose rows point to what several records share, the columns behind the one that names the owner.
POINTING_TABLES = {
    "tagging": ("tag_id",),
    "custom_value": ("field_id", "value", "number"),
    "employment": ("company_id", "role", "is_primary"),
}
_DOMAIN = CHILDREN["email"].index("domain")
_COMPANY_NAME = COLUMNS["company"].index("name")


class NewRows:
    """Writing new records of one noun.

    Args:
        app: the App.
        gate: of the open transaction.
        bulk: writes many rows.
        noun: contact or company.
    """

    def __init__(self, app: "App", gate: "Gate", bulk: Bulk, noun: str) -> None:
        self.app = app
        self.gate = gate
        self.bulk = bulk
        self.noun = noun
        self.owner = f"{noun}_id"
        self._tags: dict[str, int] = {}
        self._fields: dict[str, dict[str, Any]] = {}
        self._uids = Uids(gate.moment, app.randomness)

    def forget(self) -> None:
        """Forget what was looked up: a part of the transaction was rolled back, and made rows with it."""
        self._tags.clear()
        self._fields.clear()

    def left_over(self, one: Prepared) -> dict[str, Any]:
        """The custom fields of a record in the form of the service: those that their type refuses are kept as text."""
        given = [pair for entry in one.values.get("set", ()) for pair in entry.items()]
        if not given:
            return {}
        read = [self._custom(str(key), str(text)) for key, text in given]
        return {"set": [{field["name"]: text} for field, text in read]}

    def write(self, chunk: Sequence[Ready]) -> list[Outcome]:
        """Write records that are all new and plain; returns what became of each."""
        first = self.bulk.reserve(self.noun, len(chunk))
        numbered = list(enumerate(chunk, first))
        now = self.gate.now
        uids = self._uids.next(len(chunk))
        own = [(key, one.uid or uid, now, now, *one.row) for (key, one), uid in zip(numbered, uids, strict=True)]
        self.bulk.insert(self.noun, ("id", *GIVEN_BY_WRITER, *COLUMNS[self.noun]), own)
        rows: Rows = {table: [] for table in (*CHILDREN, "tagging", "custom_value", "employment")}
        for key, one in numbered:
            for table, entries in one.children.items():
                rows[table] += [(key, *entry) for entry in entries]
            if one.pointing:
                self._pointing(rows, key, one.pointing)
        if self.noun == "contact":
            jobs = self._companies(chunk)
            for key, one in numbered:
                rows["employment"] += jobs(key, one)
        for table, columns in {**CHILDREN, **POINTING_TABLES}.items():
            self.bulk.insert(table, (self.owner, *columns), rows[table])
        self.bulk.index(self.noun, ((key, one.spelt, one.called, one.written) for key, one in numbered))
        for key, one in numbered:
            if "company_domain" in one.children:
                company = Match(self.noun, key, str(one.row[_COMPANY_NAME]))
                self.app.companies.connect(self.gate, company, {"domain": one.children["company_domain"]})
        return [Outcome(CREATED, self.noun, key) for key, _ in numbered]

    def _pointing(self, rows: Rows, key: int, values: dict[str, Any]) -> None:
        """The tags and custom fields of a record."""
        if "tag" in values:
            tags = dict.fromkeys(self._tag(name) for name in split_commas(values["tag"]))
            rows["tagging"] += [(key, tag) for tag in tags]
        if "set" in values:
            custom = {}
            for entry in values["set"]:
                for name, text in entry.items():
                    field, value = self._custom(str(name), str(text))
                    if value:
                        custom[field["id"]] = value
            rows["custom_value"] += [(key, field, text, derive.number(text)) for field, text in custom.items()]

    # --- what several records share

    def _tag(self, name: str) -> int:
        key = name_key(name)[:400]
        if key not in self._tags:
            row = self.app.store.row("SELECT id FROM tag WHERE name_key = ?", [key])
            self._tags[key] = row["id"] if row else self.gate.insert("tag", {"name": name})
        return self._tags[key]

    def _custom(self, name: str, text: str) -> tuple[dict[str, Any], str]:
        """A custom field and the value as it is stored; one that its type refuses goes to a text field beside it."""
        field = self._field(name)
        if field["type"] == "text":
            return field, text.strip()
        try:
            return field, self.app.fields.read(field, text)
        except CrmError:
            return self._field(f"{field['name']}_text"), text.strip()

    def _field(self, name: str) -> dict[str, Any]:
        plain = field_name(name)
        if plain not in self._fields:
            self._fields[plain] = dict(self.app.fields.ensure(self.gate, plain))
        return self._fields[plain]

    def _companies(self, chunk: Sequence[Ready]) -> Any:
        """What gives the employments of a contact: companies by exact name, new ones made, else by its mail domain."""
        store = self.app.store
        entries = {one.place: _employers(one.pointing) for one in chunk if "company" in one.pointing}
        names = {name_key(entry["name"]): entry["name"] for found in entries.values() for entry in found}
        known = {key: found[0].id for key, found in matching.by_name(store, "company", names).items()}
        missing = [name for key, name in names.items() if key not in known]
        known.update(self._new_companies(missing))
        alone = [domain for one in chunk if not entries.get(one.place) for domain in _mail_domains(one)]
        domains = matching.by_domain(store, alone)

        def jobs(key: int, one: Ready) -> list[tuple[Any, ...]]:
            found: dict[int, tuple[Any, ...]] = {}
            for entry in entries.get(one.place, ()):
                company = known[name_key(entry["name"])]
                found.setdefault(company, (key, company, entry.get("role"), int(not found)))
            if not found:
                hits = [hit for domain in _mail_domains(one) for hit in domains.get(domain, ())]
                living = [hit for hit in hits if not hit.deleted]
                if living:
                    found[living[0].id] = (key, living[0].id, None, 1)
            return list(found.values())

        return jobs

    def _new_companies(self, names: Sequence[str]) -> dict[str, int]:
        if not names:
            return {}
        first = self.bulk.reserve("company", len(names))
        columns = ("id", "uid", "name", "do_not_contact", "created_at", "updated_at", "name_key", "sort_key")
        now, made = self.gate.now, list(enumerate(names, first))
        self.bulk.insert(
            "company",
            columns,
            [
                (key, uid, name, 0, now, now, name_key(name), name_key(name))
                for (key, name), uid in zip(made, self._uids.next(len(made)), strict=True)
            ],
        )
        if self.bulk.met is not None:
            self.bulk.met.meet(named_key(name_key(name), "") for name in names)
        words = [(key, " ".join(tokens(name))) for key, name in made]
        self.bulk.index("company", ((key, text, text, "") for key, text in words))
        return {name_key(name): key for key, name in made}


def field_name(text: str) -> str:
    """A custom field's name made of whatever a file calls it."""
    plain = "".join(letter if letter.isalnum() else "_" for letter in key_name(text)).strip("_")
    while "__" in plain:
        plain = plain.replace("__", "_")
    plain = plain[:60].strip("_") or "field"
    if not plain[0].isalpha():
        plain = f"field_{plain}"[:60]
    try:
        return check_name(plain)
    except CrmError:
        return check_name(f"{plain[:55]}_text")


def _mail_domains(one: Ready) -> list[str]:
    return [row[_DOMAIN] for row in one.children.get("email", ())]


def _employers(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The companies of a contact, with the role that the record itself names in the first of them."""
    found = []
    for entry in values["company"]:
        given = entry if isinstance(entry, dict) else {"name": str(entry)}
        name = " ".join(str(given.get("name", "")).split())
        if name:
            found.append({"name": name, "role": given.get("role")})
    if found and values.get("role"):
        found[0]["role"] = found[0]["role"] or str(values["role"]).strip()
    return found
