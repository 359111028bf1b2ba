"""People."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crmcli.kernel import dates
from crmcli.kernel.clock import Clock
from crmcli.kernel.errors import UsageError
from crmcli.services.children import as_list
from crmcli.services.employment import Employment, known_company
from crmcli.services.parties import LONGEST_NAME, Parties
from crmcli.services.who import Match

if TYPE_CHECKING:
    from crmcli.store.gate import Gate


class Contacts(Parties):
    """People, and the companies they work for."""

    noun = "contact"
    name_column = "display_name"

    def checked_name(self, name: str, values: Mapping[str, Any]) -> str:
        """The name to show: as given, else put together from the parts of the name."""
        parts = ("honorific_prefix", "given_name", "additional_name", "family_name", "honorific_suffix")
        joined = " ".join(str(values[part]) for part in parts if values.get(part))
        if not name.strip() and not joined:
            raise UsageError("a contact needs a name", "give NAME, or --given-name and --family-name")
        return super().checked_name(name.strip() or joined[:LONGEST_NAME], values)

    def connect(self, gate: "Gate", party: Match, given: Mapping[str, Any]) -> bool:
        """Link to the companies that `company` names (made if they are new), or to that whose domain an e-mail has."""
        place = Employment(self.app, gate, party.id)
        details = {**_role(given), **_period(self.app.clock, given)}
        changed = False
        for entry in as_list(given.get("company") or []):
            values = dict(entry) if isinstance(entry, Mapping) else {"name": str(entry)}
            company = known_company(self.app, gate, values)
            if company is not None:
                changed |= place.join(company, {**details, **_role(values), **_period(self.app.clock, values)})
        if given.get("email") and not place.rows():
            changed |= place.follow_domain()
        if details and not given.get("company"):
            changed |= place.change(details)
        for entry in as_list(given.get("remove_company") or []):
            changed |= place.leave(str(entry))
        return changed


def _role(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"role": values["role"] or None} if "role" in values else {}


def _period(clock: Clock, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _day(clock, str(values[name])) for name in ("started_on", "ended_on") if values.get(name) is not None}


def _day(clock: Clock, text: str) -> str | None:
    return dates.parse(text, clock).date.isoformat() if text else None
