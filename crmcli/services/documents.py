"""A record as a TOML document that a person edits, and what they changed in it as values that flags would give."""

import tomllib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import tomli_w

from crmcli.kernel.errors import UsageError
from crmcli.kernel.similarity import nearest
from crmcli.services.flags import flag_name, settable

if TYPE_CHECKING:
    from crmcli.app import App

# Key of the document -> flag that adds, flag that removes, and what a row is known by.
LISTS = {
    "emails": ("email", "remove_email", "value"),
    "phones": ("phone", "remove_phone", "raw"),
    "urls": ("url", "remove_url", "value"),
    "addresses": ("address", "remove_address", "street_address"),
}
NAMES = {"contact": "display_name", "company": "name"}


class Documents:
    """Writing and reading documents of contacts and companies."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def write(self, noun: str, record: Mapping[str, Any]) -> str:
        """The document: every field that may be edited; empty ones stand as comments."""
        values: dict[str, Any] = {NAMES[noun]: record[NAMES[noun]]}
        empty = []
        for column in settable(noun):
            name = flag_name(column)
            value = record[name]["id"] if isinstance(record[name], dict) else record[name]
            if value is None:
                empty.append(f'# {name} = ""   {column.help}')
            else:
                values[name] = value
        values["tags"] = record["tags"]
        if noun == "contact":
            values["companies"] = [_without_none(entry, ("name", "role")) for entry in record["companies"]]
        else:
            values["domains"] = record["domains"]
        for key in LISTS:
            hidden = ("e164", "is_primary", "invalid")
            values[key] = [_without_none({k: v for k, v in row.items() if k not in hidden}) for row in record[key]]
        values["preferences"] = record["preferences"]
        values["custom"] = record["custom"]
        head = f"# {noun} {record['id']}. Save and leave to apply; leave without saving to change nothing.\n"
        return head + "\n".join(empty) + "\n" + tomli_w.dumps(values, multiline_strings=True)

    def read(self, noun: str, record: Mapping[str, Any], text: str) -> dict[str, Any]:
        """What the document changes, as flags name it.

        Raises:
            UsageError: it is not TOML, or has a key that the record has not.
        """
        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise UsageError(f"the document is not valid TOML: {error}", "nothing was changed") from error
        columns = {flag_name(column): column for column in settable(noun)}
        known = {
            NAMES[noun],
            *columns,
            *LISTS,
            "tags",
            "preferences",
            "custom",
            "companies" if noun == "contact" else "domains",
        }
        for key in values:
            if key not in known:
                close = nearest(key, sorted(known), count=1)
                raise UsageError(f"a {noun} has no field '{key}'", f"did you mean {close[0]}?" if close else "")
        changes: dict[str, Any] = {"name": values.get(NAMES[noun], "")}
        for name, column in columns.items():
            changes[name] = values.get(name, False if column.kind == "bool" else "")
        for key, (add, remove, known_by) in LISTS.items():
            _compare_rows(changes, record[key], values.get(key, []), (add, remove, known_by))
        _compare_words(changes, record["tags"], values.get("tags", []), ("tag", "untag"))
        _compare_pairs(changes, record["preferences"], values.get("preferences", {}), "prefer")
        _compare_pairs(changes, record["custom"], values.get("custom", {}), "set")
        if noun == "contact":
            _compare_companies(changes, record["companies"], values.get("companies", []))
        else:
            _compare_words(changes, record["domains"], values.get("domains", []), ("domain", "remove_domain"))
        return changes


def _without_none(row: Mapping[str, Any], names: tuple[str, ...] = ()) -> dict[str, Any]:
    return {name: row[name] for name in (names or row) if row[name] is not None}


def _compare_rows(changes: dict[str, Any], old: Any, new: Any, names: tuple[str, str, str]) -> None:
    add, remove, known_by = names
    if not isinstance(new, list) or not all(isinstance(row, dict) for row in new):
        raise UsageError(f"{add} entries are tables", f"each begins with [[{add}s]] on a line of its own")
    kept = {row.get(known_by) for row in new}
    gone = [row[known_by] for row in old if row[known_by] not in kept and row[known_by]]
    if gone:
        changes[remove] = gone
    if new:
        changes[add] = new


def _compare_words(changes: dict[str, Any], old: Any, new: Any, names: tuple[str, str]) -> None:
    add, remove = names
    gone = [word for word in old if word not in new]
    fresh = [word for word in new if word not in old]
    changes.update({name: words for name, words in ((add, fresh), (remove, gone)) if words})


def _compare_pairs(changes: dict[str, Any], old: Any, new: Any, flag: str) -> None:
    different = {key: value for key, value in new.items() if old.get(key) != value}
    different.update({key: "" for key in old if key not in new})
    if different:
        changes[flag] = [different]


def _compare_companies(changes: dict[str, Any], old: Any, new: Any) -> None:
    names = [str(row.get("name", "")) for row in new]
    gone = [row["id"] for row in old if row["name"] not in names]
    if gone:
        changes["remove_company"] = gone
    if new:
        changes["company"] = new
