"""What a digest tells: the day or the week ahead, in sections."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crmcli.app import App

MOST = 50
"""How many records a section has at most."""


class Digest:
    """Putting a digest together."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def sections(self, kind: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """The sections by name, in their order: overdue, today, week, owed.

        Args:
            kind: daily or weekly. Both tell the rest of this week.
        """
        found = self.app.agenda.today(dict.fromkeys(("overdue", "today", "week"), MOST))
        return {name: found[name] for name in ("overdue", "today", "week", "owed")}
