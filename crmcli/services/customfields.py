"""Fields of the team's own: declared with a type, or made as text when a key is first set."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crmcli.kernel import dates
from crmcli.kernel.errors import NotFound, UsageError
from crmcli.kernel.page import Page
from crmcli.kernel.similarity import nearest
from crmcli.kernel.text import check_text
from crmcli.services.flags import flag_name, key_name
from crmcli.services.values import YES, choice
from crmcli.store.connection import Row
from crmcli.store.derive import number
from crmcli.store.nouns import PARTIES
from crmcli.store.schema import TABLES

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

LONGEST_VALUE = 100_000


class CustomFields:
    """Declaring fields, and reading their values."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def add(self, name: str, kind: str, choices: Sequence[str] = (), description: str = "") -> dict[str, Any]:
        """Declare a field; returns its record."""
        name = check_name(name)
        kind = choice(TABLES["custom_field"].columns["type"], kind)
        if (kind == "choice") != bool(choices):
            raise UsageError(
                f"the field '{name}' of type {kind} has {len(choices)} choices", "--type choice --choice A --choice B"
            )
        with self.app.writing() as gate:
            if self.row(name):
                raise UsageError(f"there is a field '{name}' already", "see: crm field list")
            values = {
                "name": name,
                "type": kind,
                "choices": "\n".join(choices) or None,
                "description": description or None,
            }
            return _record({"id": gate.insert("custom_field", values), **values})

    def remove(self, name: str) -> dict[str, Any]:
        """Take back a declaration that no record uses; returns what it was."""
        row = self._known(name)
        with self.app.writing() as gate:
            used = self.app.store.value("SELECT count(*) AS n FROM custom_value WHERE field_id = ?", [row["id"]])
            if used:
                raise UsageError(
                    f"the field '{row['name']}' has {used} values", "empty them first, with --set NAME= on each record"
                )
            gate.delete("custom_field", row["id"])
        return _record(row)

    def page(self) -> Page:
        """All fields, by name."""
        return Page([_record(row) for row in self.app.store.rows("SELECT * FROM custom_field ORDER BY name")])

    def row(self, name: str) -> Row | None:
        """The declaration of a field, or None."""
        return self.app.store.row("SELECT * FROM custom_field WHERE name = ?", [key_name(name)])

    def ensure(self, gate: "Gate", name: str) -> Row:
        """The declaration of a field; a text field is made of a new name."""
        name = check_name(name)
        row = self.row(name)
        if row is None:
            key = gate.insert("custom_field", {"name": name})
            self.app.notes.append(f"new field '{name}' (text); declare others with: crm field add")
            row = gate.fetch("custom_field", key)
        return row

    def read(self, field: Row, text: str) -> str:
        """A value as it is stored: its canonical text.

        Raises:
            UsageError: it does not fit the field's type.
        """
        name, kind = field["name"], field["type"]
        text = check_text(text, what=name, max_length=LONGEST_VALUE)
        if kind == "number":
            if number(text) is None:
                raise UsageError(f"'{text}' is not a number", f"{name} is a number field; write 12 or 12.5")
            return text
        if kind == "date":
            return dates.parse(text, self.app.clock).date.isoformat()
        if kind == "bool":
            if text.lower() not in YES:
                raise UsageError(f"'{text}' is neither yes nor no", f"{name} is a yes-or-no field")
            return "yes" if YES[text.lower()] else "no"
        if kind == "choice":
            return _pick(name, text, field["choices"].split("\n"))
        return text

    def _known(self, name: str) -> Row:
        row = self.row(name)
        if row is None:
            close = nearest(name, [item["name"] for item in self.page().items])
            raise NotFound(
                f"there is no field '{name}'", f"did you mean {close[0]}?" if close else "see: crm field list"
            )
        return row


def check_name(name: str) -> str:
    """A field name: lower case, a letter first, then letters, digits and `_`."""
    plain = key_name(name)
    if not re.fullmatch(r"[^\W\d_]\w{0,59}", plain):
        raise UsageError(f"'{name}' cannot name a field", "a letter first, then letters, digits and _, 60 at most")
    taken = {flag_name(column) for table in PARTIES for column in TABLES[table].columns.values()}
    if plain in taken:
        raise UsageError(f"'{plain}' is a field that every record has", f"set it with --{plain.replace('_', '-')}")
    return plain


def _pick(name: str, text: str, choices: Sequence[str]) -> str:
    for entry in choices:
        if entry.casefold() == text.casefold():
            return entry
    raise UsageError(f"'{text}' is not a choice of {name}", f"choices: {', '.join(choices)}")


def _record(row: Row) -> dict[str, Any]:
    choices = row["choices"].split("\n") if row["choices"] else []
    return {
        "id": row["name"],
        "name": row["name"],
        "type": row["type"],
        "choices": choices,
        "description": row["description"],
    }
