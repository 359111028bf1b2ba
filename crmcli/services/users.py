"""The team: who acts, and who looks after whom."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crmcli.kernel.errors import NotFound, NotPermitted, UsageError
from crmcli.kernel.ids import parse_ref, ref
from crmcli.kernel.page import Page
from crmcli.kernel.similarity import nearest
from crmcli.store.actor import Actor
from crmcli.store.derive import name_key

try:
    import pwd
except ImportError:  # Windows
    pwd = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

ME = "me"
NOBODY = -1


class Users:
    """People who use the program."""

    def __init__(self, app: "App") -> None:
        self.app = app

    @property
    def my_name(self) -> str:
        """Who I am: CRM_USER, the setting, or the name of the login."""
        named = self.app.environ.get("CRM_USER", "").strip() or self.app.config.get("user", "").strip()
        if named:
            return named
        for variable in ("LOGNAME", "USER", "USERNAME"):
            if self.app.environ.get(variable):
                return self.app.environ[variable]
        return _login()

    def acting(self, gate: "Gate") -> Actor:
        """The user who acts, added to the team at the first change."""
        row = self.app.store.row("SELECT * FROM user_account WHERE name_key = ?", [name_key(self.my_name)[:200]])
        if row is None:
            key = gate.insert("user_account", {"name": self.my_name})
            return Actor(key, self.my_name, "admin")
        return Actor(row["id"], row["name"], row["role"])

    def refuse_reader(self) -> None:
        """Refuse a change that no gate sees to whoever may only read. Raises NotPermitted."""
        key = name_key(self.my_name)[:200]
        row = self.app.store.row("SELECT name, role FROM user_account WHERE name_key = ?", [key])
        if row and row["role"] == "readonly":
            raise NotPermitted(f"{row['name']} may read and not change", "ask an administrator to change the role")

    def key(self, name: str) -> int:
        """The key of the user of that name, `me` included; -1 for me before my first change.

        Raises:
            NotFound: there is no such user; the hint names the nearest.
        """
        wanted = self.my_name if name.strip().lower() == ME else name
        row = self.app.store.row("SELECT id FROM user_account WHERE name_key = ?", [name_key(wanted)[:200]])
        if row is not None:
            return int(row["id"])
        named = parse_ref(name)
        if (
            named
            and named[0] == "user"
            and self.app.store.row("SELECT 1 AS x FROM user_account WHERE id = ?", [named[1]])
        ):
            return named[1]
        if name_key(wanted) == name_key(self.my_name):
            return NOBODY
        known = [str(row["name"]) for row in self.app.store.rows("SELECT name FROM user_account ORDER BY name_key")]
        close = nearest(name, known)
        hint = f"did you mean: {', '.join(close)}" if close else f"add a member of the team with: crm user add {name}"
        raise NotFound(f"there is no user '{name}'", hint)

    def add(self, name: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Add a member of the team; returns the record."""
        name = name.strip()
        if not name or name.lower() == ME:
            raise UsageError(f"'{name}' cannot be a user name", "a user name is short, for example: ada")
        with self.app.writing() as gate:
            self._refuse_taken(name, NOBODY)
            key = gate.insert("user_account", {"name": name, **self.app.values.clean("user_account", values)})
            return self.get(key)

    def edit(self, name: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Change a member of the team; returns the record."""
        key = self.key(name)
        with self.app.writing() as gate:
            if key == NOBODY:
                key = self.key(name)
            cleaned = self.app.values.clean("user_account", values)
            self._refuse_taken(cleaned.get("name", ""), key)
            gate.update("user_account", key, cleaned)
            return self.get(key)

    def _refuse_taken(self, name: str, key: int) -> None:
        row = self.app.store.row("SELECT id FROM user_account WHERE name_key = ?", [name_key(name)[:200]])
        if row is not None and row["id"] != key:
            raise UsageError(f"there is a user '{name}' already", "see: crm user list")

    def get(self, key: int) -> dict[str, Any]:
        """The record of a user."""
        row = self.app.store.row("SELECT * FROM user_account WHERE id = ?", [key])
        assert row is not None
        return _record(row)

    def called(self, name: str) -> str:
        """The name, as it is written in the team, of the user that a name or id means. Raises NotFound."""
        key = self.key(name)
        return self.my_name if key == NOBODY else str(self.get(key)["name"])

    def page(self) -> Page:
        """All members of the team, by name."""
        rows = self.app.store.rows("SELECT * FROM user_account ORDER BY name_key")
        return Page([_record(row) for row in rows])


def _login() -> str:
    """The name of the login; a user id that has none, as in a container, is named by its number."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except (AttributeError, KeyError):
        return f"uid{os.getuid()}" if hasattr(os, "getuid") else "owner"


def _record(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("uid", "name", "display_name", "email", "timezone", "role", "created_at", "updated_at")
    return {"id": ref("user", row["id"]), **{name: row[name] for name in names}}
