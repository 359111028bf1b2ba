"""A record as a TOML document that a person edits, and what they changed in it as values that flags would give."""

import tomllib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import tomli_w

from crmcli.kernel.errors import UsageError
from crmcli.kernel.similarity import nearest
from crmcli.services.children import PARTS
from crmcli.services.flags import flag_name, key_name, settable
from crmcli.store.derive import name_key

if TYPE_CHECKING:
    from crmcli.app import App

Values = dict[str, Any]
NAMES = {"contact": "display_name", "company": "name"}
# Key of the document -> the flag that adds an entry, and the keys of an entry. One that is left out is empty.
ENTRIES = {
    "emails": ("email", ("value", "label", "opted_out")),
    "phones": ("phone", ("raw", "label", "opted_out")),
    "urls": ("url", ("value", "label")),
    "addresses": ("address", (*PARTS, "label")),
}
COMPANY = ("id", "name", "role")
PERIOD = ("started_on", "ended_on")
# How an empty list would be filled.
EXAMPLES = {
    "emails": '[{ value = "", label = "" }]',
    "phones": '[{ raw = "", label = "" }]',
    "urls": '[{ value = "", label = "" }]',
    "addresses": '[{ street_address = "", postal_code = "", locality = "", country_code = "" }]',
    "companies": '[{ name = "", role = "" }]',
    "domains": '[""]',
    "tags": '[""]',
}


class Documents:
    """Writing and reading documents of contacts and companies."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def write(self, noun: str, record: Mapping[str, Any]) -> str:
        """The document: every field that may be edited; empty ones stand as comments."""
        values: Values = {NAMES[noun]: record[NAMES[noun]]}
        empty = []
        for column in settable(noun):
            name = flag_name(column)
            value = record[name]["id"] if isinstance(record[name], dict) else record[name]
            if value is None:
                empty.append(f'# {name} = ""  # {column.help}')
            else:
                values[name] = value
        lists = {"tags": record["tags"]}
        if noun == "contact":
            lists["companies"] = [_filled(entry, (*COMPANY, *PERIOD)) for entry in record["companies"]]
        else:
            lists["domains"] = record["domains"]
        lists.update({key: [_filled(row, keys) for row in record[key]] for key, (_, keys) in ENTRIES.items()})
        empty += [f"# {key} = {EXAMPLES[key]}" for key, rows in lists.items() if not rows]
        values.update({key: rows for key, rows in lists.items() if rows})
        values["preferences"] = record["preferences"]
        values["custom"] = record["custom"]
        head = (
            f"# {noun} {record['id']}. Save and leave to apply; leave without saving to change nothing.\n"
            "# The first of several addresses or numbers is the primary one.\n"
        )
        return head + "\n".join(empty) + "\n" + tomli_w.dumps(values, multiline_strings=True)

    def read(self, noun: str, record: Mapping[str, Any], text: str) -> Values:
        """What the document says otherwise than the one that was written of the record, as flags name it.

        Raises:
            UsageError: it is not TOML, or has a key or a kind of value that the record has not.
        """
        try:
            new = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise UsageError(f"the document is not valid TOML: {error}", "nothing was changed") from error
        old = tomllib.loads(self.write(noun, record))
        columns = {flag_name(column): column for column in settable(noun)}
        words = {"tags": ("tag", "untag")}
        if noun == "company":
            words["domains"] = ("domain", "remove_domain")
        pairs = {"preferences": "prefer", "custom": "set"}
        known = [NAMES[noun], *columns, *words, *(["companies"] if noun == "contact" else []), *ENTRIES, *pairs]
        _check_keys(new, known, f"a {noun}")
        changes: Values = {}
        for name in (NAMES[noun], *columns):
            if new.get(name) != old.get(name):
                empty = False if name in columns and columns[name].kind == "bool" else ""
                changes["name" if name == NAMES[noun] else name] = _one(name, new.get(name, empty))
        for key, (flag, keys) in ENTRIES.items():
            changes |= _entry_changes(flag, keys, old.get(key, []), _tables(key, new), record[key])
        for key, (add, remove) in words.items():
            changes |= _word_changes(add, remove, old.get(key, []), _words(key, new))
        for key, flag in pairs.items():
            changes |= _pair_changes(flag, old.get(key, {}), _table(key, new))
        if noun == "contact":
            changes |= _company_changes(old.get("companies", []), _tables("companies", new))
        return changes


def _filled(row: Mapping[str, Any], keys: Sequence[str]) -> Values:
    return {key: row[key] for key in keys if row[key] is not None}


# --- what the document holds, by its shape


def _check_keys(values: Mapping[str, Any], known: Sequence[str], what: str) -> None:
    for key in values:
        if key not in known:
            close = nearest(key, sorted(known), count=1)
            hint = f"did you mean {close[0]}?" if close else f"there is: {', '.join(known)}"
            raise UsageError(f"{what} has no field '{key}'", hint)


def _one(name: str, value: Any) -> Any:
    if isinstance(value, dict | list):
        raise UsageError(f"{name} is a list or table in the document", f'it takes one value: {name} = "…"')
    return value


def _words(key: str, values: Values) -> list[str]:
    words = values.get(key, [])
    if not isinstance(words, list):
        raise UsageError(f"{key} is not a list", f'for example: {key} = ["…", "…"]')
    return [str(_one(key, word)) for word in words]


def _table(key: str, values: Values) -> Values:
    table = values.get(key, {})
    if not isinstance(table, dict):
        raise UsageError(f"{key} is not a table", f"[{key}] on a line of its own begins one")
    return {key_name(name): _one(name, value) for name, value in table.items()}


def _tables(key: str, values: Values) -> list[Values]:
    rows = values.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UsageError(f"{key} is not a list of tables", f"[[{key}]] on a line of its own begins one")
    return [{name: _one(name, value) for name, value in row.items()} for row in rows]


# --- what differs


def _entry_changes(
    flag: str, keys: Sequence[str], old: list[Values], new: list[Values], rows: Sequence[Mapping[str, Any]]
) -> Values:
    """What differs in a list of addresses or numbers. `rows` are the entries of `old` as the record has them."""
    given = []
    for row in new:
        _check_keys(row, keys, f"an entry of {flag}")
        leads = row is new[0] and [row] != old[:1]
        if leads or row not in old:
            given.append({**dict.fromkeys(keys), **row, **({"is_primary": True} if leads else {})})
    gone = [_name_of(flag, row) for row, before in zip(rows, old, strict=True) if before not in new]
    return {name: values for name, values in ((flag, given), (f"remove_{flag}", gone)) if values}


def _name_of(flag: str, row: Mapping[str, Any]) -> Any:
    """What tells an entry from all others, whatever else changes in the same edit."""
    if flag == "address":
        return {part: row[part] for part in PARTS}
    return row["e164"] or row["raw"] if flag == "phone" else row["value"]


def _word_changes(add: str, remove: str, old: list[str], new: list[str]) -> Values:
    fresh = [word for word in new if word not in old]
    gone = [word for word in old if word not in new]
    return {name: words for name, words in ((add, fresh), (remove, gone)) if words}


def _pair_changes(flag: str, old: Values, new: Values) -> Values:
    different = {key: value for key, value in new.items() if old.get(key) != value}
    different.update({key: "" for key in old if key not in new})
    return {flag: [different]} if different else {}


def _company_changes(old: list[Values], new: list[Values]) -> Values:
    names = {row["id"]: row["name"] for row in old}
    kept = {str(row.get("id")) for row in new}
    given = []
    for row in new:
        _check_keys(row, (*COMPANY, *PERIOD), "an entry of companies")
        key, name = row.get("id"), str(row.get("name", ""))
        if key is None:
            # The line was left out: a company of this name that is in no other entry is the one that is meant.
            key = next((one for one in names if one not in kept and name_key(names[one]) == name_key(name)), None)
            row = row if key is None else {"id": key, **row}
            kept.add(str(key))
        elif key in names and name and name_key(name) != name_key(names[key]):
            hint = f"for another company take out the id; to rename this one: crm company edit {key} --name …"
            raise UsageError(f"{key} is {names[key]}, not '{name}'", hint)
        if row not in old:
            given.append({"role": None, **dict.fromkeys(PERIOD, ""), **row})
    gone = [key for key in names if key not in kept]
    return {name: values for name, values in (("company", given), ("remove_company", gone)) if values}
