"""Whose a message, a task or a record is: the member of the team that a draft names."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from crmcli.store import messages
from crmcli.store.derive import name_key
from crmcli.store.store import Store

UNKNOWN = "owner_name"
"""The custom field with the name of an owner whom nobody here knows."""


class Team:
    """The members of the team.

    Args:
        store: the store.
        actor: the key of the member who imports.
    """

    def __init__(self, store: Store, actor: int) -> None:
        self.actor = actor
        self._store = store

    def member(self, values: Mapping[str, Any], name: str) -> int:
        """The key of the member that `name` names or whose address is the first in `team`; else who imports."""
        key = self._by_name.get(name_key(str(values[name]))[:200]) if values.get(name) else None
        addresses = (self._by_email.get(str(address).casefold()) for address in values.get("team", ()))
        return key or next((found for found in addresses if found), self.actor)

    def named(self, text: str) -> int | None:
        """The key of the member whose name, address or display name it is; None for nobody who is there.

        Whose record it is that nobody of the team owns is kept as its custom field UNKNOWN.
        """
        return self._named.get(name_key(text)) if text.strip() else None

    @cached_property
    def _by_email(self) -> dict[str, int]:
        return messages.users_by_email(self._store)

    @cached_property
    def _by_name(self) -> dict[str, int]:
        return messages.users_by_name(self._store)

    @cached_property
    def _named(self) -> dict[str, int]:
        return messages.users_named(self._store)
