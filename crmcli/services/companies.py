"""Companies."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crmcli.kernel.ids import ref
from crmcli.services.parties import Parties
from crmcli.services.who import Match
from crmcli.store.derive import name_key

if TYPE_CHECKING:
    from crmcli.store.gate import Gate


class Companies(Parties):
    """Organisations, and the people who are theirs by the domain of their mail."""

    noun = "company"
    name_column = "name"

    def add(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Add a company; returns it.

        One that was only mentioned so far (by `--company` of a contact) is completed instead of being added twice.
        """
        with self.app.writing() as gate:
            mentioned = self._mentioned(name)
            if mentioned is None:
                return super().add(name, given)
            gate.update("company", mentioned, {"name": self.checked_name(name, {})})
            self.app.notes.append(f"completed {ref('company', mentioned)}, which was mentioned before")
            return self.edit(ref("company", mentioned), given)[0]

    def connect(self, gate: "Gate", party: Match, given: Mapping[str, Any]) -> bool:
        """Take in the people without a company whose mail address is in a domain that was added."""
        if not given.get("domain"):
            return False
        rows = self.app.store.rows(
            "SELECT DISTINCT e.contact_id FROM company_domain d JOIN email e ON e.value_key LIKE '_%@' || d.domain"
            " JOIN contact c ON c.id = e.contact_id AND c.deleted_at IS NULL"
            " WHERE d.company_id = ? AND NOT EXISTS (SELECT 1 FROM employment m WHERE m.contact_id = c.id)",
            [party.id],
        )
        for row in rows:
            gate.insert("employment", {"contact_id": row["contact_id"], "company_id": party.id, "is_primary": 1})
        if rows:
            self.app.notes.append(f"{len(rows)} contacts with mail addresses there are now linked to {party.name}")
        return bool(rows)

    def _mentioned(self, name: str) -> int | None:
        """The company of exactly this name that holds nothing but its name."""
        rows = self.app.store.rows(
            "SELECT c.* FROM company c WHERE c.name_key = ? AND c.deleted_at IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM company_domain d WHERE d.company_id = c.id)",
            [name_key(name)],
        )
        empty = ("legal_name", "industry", "employee_count", "parent_id", "owner_id", "lifecycle_stage", "notes")
        bare = [row for row in rows if all(row[column] is None for column in empty)]
        if rows and not bare:
            self.app.notes.append(f"there is another company of this name: {ref('company', rows[0]['id'])}")
        return bare[0]["id"] if bare else None
