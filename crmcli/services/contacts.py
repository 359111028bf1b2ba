"""People."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crmcli.kernel import dates
from crmcli.kernel.errors import UsageError
from crmcli.services.children import as_list
from crmcli.services.parties import LONGEST_NAME, Parties
from crmcli.services.who import Match
from crmcli.store.derive import name_key

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
        changed = False
        for entry in as_list(given.get("company") or []):
            values = dict(entry) if isinstance(entry, Mapping) else {"name": str(entry)}
            company = self._company(gate, str(values.get("id") or values.get("name") or ""))
            role = values.get("role") or given.get("role")
            changed |= self._employ(gate, party, company, {"role": role, **_period(self.app.clock, values)})
        if given.get("email") and not self._employments(party):
            changed |= self._follow_domain(gate, party)
        if given.get("role") and not given.get("company"):
            changed |= self._give_role(gate, party, str(given["role"]))
        for entry in as_list(given.get("remove_company") or []):
            changed |= self._leave(gate, party, str(entry))
        return changed

    def _company(self, gate: "Gate", text: str) -> int:
        """The company that is named exactly, or a new one of that name."""
        found = [match for match in self.app.who.matches(text, ("company",)) if _means(text, match)]
        if len(found) > 1:
            return self.app.who.find(text, ("company",)).id
        if found:
            return found[0].id
        name = self.app.companies.checked_name(text, {})
        key = gate.insert("company", {"name": name})
        self.app.notes.append(f"new company {name} (co{key})")
        return key

    def _employ(self, gate: "Gate", party: Match, company: int, values: Mapping[str, Any]) -> bool:
        given = {name: value for name, value in values.items() if value}
        rows = self._employments(party)
        known = [row for row in rows if row["company_id"] == company]
        if known:
            return gate.update("employment", known[0]["id"], given)
        gate.insert("employment", {"contact_id": party.id, "company_id": company, **given, "is_primary": int(not rows)})
        if not rows:
            self._speak_for(gate, party, company)
        return True

    def _give_role(self, gate: "Gate", party: Match, role: str) -> bool:
        rows = self._employments(party)
        if not rows:
            raise UsageError(f"{party.name} has no company to have a role in", "name it with --company")
        return gate.update("employment", rows[0]["id"], {"role": role})

    def _leave(self, gate: "Gate", party: Match, text: str) -> bool:
        company = self.app.who.find(text, ("company",))
        rows = self._employments(party)
        gone = [row for row in rows if row["company_id"] == company.id]
        if not gone:
            raise UsageError(f"{party.name} does not work for {company.name}", "see: crm show " + party.ref)
        gate.delete("employment", gone[0]["id"])
        left = [row for row in rows if row["company_id"] != company.id]
        if left and gone[0]["is_primary"]:
            gate.update("employment", left[0]["id"], {"is_primary": 1})
        return True

    def _follow_domain(self, gate: "Gate", party: Match) -> bool:
        row = self.app.store.row(
            "SELECT d.company_id FROM email e JOIN company_domain d"
            " ON d.domain = lower(substr(e.value, length(e.value) - length(d.domain) + 1))"
            " JOIN company c ON c.id = d.company_id AND c.deleted_at IS NULL"
            " WHERE e.contact_id = ? AND e.value_key LIKE '_%@' || d.domain ORDER BY e.is_primary DESC LIMIT 1",
            [party.id],
        )
        return row is not None and self._employ(gate, party, row["company_id"], {})

    def _speak_for(self, gate: "Gate", party: Match, company: int) -> None:
        """Count what was logged with the contact so far, in nobody's name, as contact with the first company."""
        rows = self.app.store.rows("SELECT id FROM participant WHERE contact_id = ? AND company_id IS NULL", [party.id])
        for row in rows:
            gate.update("participant", row["id"], {"company_id": company})

    def _employments(self, party: Match) -> list[dict[str, Any]]:
        sql = "SELECT * FROM employment WHERE contact_id = ? ORDER BY is_primary DESC, id"
        return self.app.store.rows(sql, [party.id])


def _means(text: str, match: Match) -> bool:
    return name_key(text) == name_key(match.name) or text.strip().lower() == match.ref or "." in text or ":" in text


def _period(clock: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    names = ("started_on", "ended_on")
    return {name: dates.parse(str(values[name]), clock).date.isoformat() for name in names if values.get(name)}
