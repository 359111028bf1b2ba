"""Taking orders and putting them right."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crmcli.services.children import as_list
from crmcli.services.orders import entry
from crmcli.services.orders.editing import Editing

if TYPE_CHECKING:
    from crmcli.app import App


class Ordering:
    """Writing orders."""

    def __init__(self, app: "App") -> None:
        self.app = app

    def add(self, who: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Take an order; returns the record. See `crmcli.services.orders.entry.write`."""
        # Whoever may be asked which product is meant is asked before others have to wait.
        given = {**given, "line": self.app.salelines.parse(as_list(given.get("line") or []))}
        with self.app.writing():
            return self.app.orders.get(entry.write(self.app, who, given))

    def edit(self, which: str, given: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
        """Put an order right; returns the record, and whether anything differed. See `Editing.edit`."""
        key = self.app.orders.key(which)
        with self.app.writing() as gate:
            before = gate.changes
            Editing(self.app, gate, key).edit(given)
            return self.app.orders.get(key), gate.changes > before
