"""Companies."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crmcli.kernel.errors import UsageError
from crmcli.kernel.ids import ref
from crmcli.services.employment import Employment
from crmcli.services.flags import settable
from crmcli.services.parties import Parties
from crmcli.services.who import Match
from crmcli.store.derive import name_key

if TYPE_CHECKING:
    from crmcli.store.gate import Gate

# Tables whose rows belong to a company and were written because somebody knew more of it than its name.
CHILDREN = (
    "company_domain",
    "email",
    "phone",
    "address",
    "url",
    "tagging",
    "custom_value",
    "preference",
    "external_id",
    "followup",
)

MOST_PARENTS = 100


class Companies(Parties):
    """Organisations, and the people who are theirs by the domain of their mail."""

    noun = "company"
    name_column = "name"

    def add(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Add a company; returns it.

        One that was only mentioned so far (by `--company` of a contact) is completed instead of being added twice.
        """
        with self.app.writing():
            mentioned = self._mentioned(name)
            if mentioned is None:
                return super().add(name, given)
            self.app.notes.append(f"completed {ref('company', mentioned)}, which was mentioned before")
            return self.edit(ref("company", mentioned), {**given, "name": name})[0]

    def connect(self, gate: "Gate", party: Match, given: Mapping[str, Any]) -> bool:
        """Take in the people without a company whose mail address is in a domain of this one."""
        if given.get("parent"):
            self._refuse_circle(party)
        if not given.get("domain"):
            return False
        rows = self.app.store.rows(
            "SELECT DISTINCT e.contact_id FROM company_domain d JOIN email e ON e.domain = d.domain"
            " JOIN contact c ON c.id = e.contact_id AND c.deleted_at IS NULL"
            " WHERE d.company_id = ? AND NOT EXISTS (SELECT 1 FROM employment m WHERE m.contact_id = c.id)"
            " ORDER BY e.contact_id",
            [party.id],
        )
        for row in rows:
            Employment(self.app, gate, row["contact_id"]).join(party.id, {})
            gate.touch("contact", row["contact_id"])
        if rows:
            people = ", ".join(ref("contact", row["contact_id"]) for row in rows[:20])
            self.app.notes.append(f"linked to {party.name} by their mail addresses: {people}")
        return bool(rows)

    def _refuse_circle(self, party: Match) -> None:
        """Refuse a parent that belongs, however indirectly, to the company itself."""
        key: int | None = party.id
        for _ in range(MOST_PARENTS):
            key = self.app.store.value("SELECT parent_id FROM company WHERE id = ?", [key])
            if key is None:
                return
            if key == party.id:
                break
        raise UsageError(f"{party.name} would belong to itself", "name a parent that is not its own subsidiary")

    def _mentioned(self, name: str) -> int | None:
        """The company of exactly this name that holds nothing but its name and its people."""
        sql = "SELECT * FROM company WHERE name_key = ? AND deleted_at IS NULL ORDER BY id"
        rows = self.app.store.rows(sql, [name_key(name)])
        bare = [row for row in rows if not any(row[column.name] for column in settable("company"))]
        bare = [row for row in bare if not self._has_children(row["id"])]
        if rows and not bare:
            self.app.notes.append(f"there is another company of this name: {ref('company', rows[0]['id'])}")
        return bare[0]["id"] if bare else None

    def _has_children(self, key: int) -> bool:
        sql = " UNION ALL ".join(f"SELECT company_id FROM {table} WHERE company_id = ?" for table in CHILDREN)
        return self.app.store.row(f"{sql} LIMIT 1", [key] * len(CHILDREN)) is not None
