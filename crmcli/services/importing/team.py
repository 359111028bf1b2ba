"""Whose a message or a task is: the member of the team that a draft names."""

from collections.abc import Mapping
from typing import Any

from crmcli.store import messages
from crmcli.store.derive import name_key
from crmcli.store.store import Store


class Team:
    """The members of the team.

    Args:
        store: the store.
        actor: the key of the member who imports.
    """

    def __init__(self, store: Store, actor: int) -> None:
        self.actor = actor
        self._by_email = messages.users_by_email(store)
        self._by_name = messages.users_by_name(store)

    def member(self, values: Mapping[str, Any], name: str) -> int:
        """The key of the member that `name` names or whose address is the first in `team`; else who imports."""
        key = self._by_name.get(name_key(str(values[name]))[:200]) if values.get(name) else None
        addresses = (self._by_email.get(str(address).casefold()) for address in values.get("team", ()))
        return key or next((found for found in addresses if found), self.actor)
