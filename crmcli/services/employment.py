"""Who works where: putting people into companies and taking them out, by whatever way they are named."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crmcli.kernel.errors import NotFound, UsageError
from crmcli.kernel.ids import parse_ref, ref
from crmcli.services.children import Children
from crmcli.services.who import Match
from crmcli.store import matching, names
from crmcli.store.connection import Row
from crmcli.store.derive import name_key
from crmcli.store.merges import kept

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate


class Employment:
    """The companies of one contact.

    Args:
        app: the App.
        gate: of the open transaction.
        contact: the contact's key.
    """

    def __init__(self, app: "App", gate: "Gate", contact: int) -> None:
        self.app = app
        self.gate = gate
        self.contact = contact

    def rows(self) -> list[Row]:
        """The contact's employments, the primary one first, with the names of their companies."""
        return self.app.store.rows(
            "SELECT e.*, c.name FROM employment e JOIN company c ON c.id = e.company_id WHERE e.contact_id = ?"
            " ORDER BY e.is_primary DESC, e.id",
            [self.contact],
        )

    def join(self, company: int, values: Mapping[str, Any]) -> bool:
        """Put the contact into a company, or change the values of its place there; returns whether anything changed."""
        rows = self.rows()
        known = [row for row in rows if row["company_id"] == company]
        if known:
            return self.gate.update("employment", known[0]["id"], values)
        entry = {"contact_id": self.contact, "company_id": company, **values, "is_primary": int(not rows)}
        self.gate.insert("employment", entry)
        if not rows:
            self._speak_for(company)
        return True

    def leave(self, text: str) -> bool:
        """Take the contact out of a company, which may be a deleted one.

        Raises:
            UsageError: the contact does not work there.
        """
        rows = self.rows()
        named = parse_ref(text.strip())
        meant = (kept(self.app.store, *named) or named[1]) if named and named[0] == "company" else None
        gone = [row for row in rows if row["company_id"] == meant]
        gone = gone or [row for row in rows if name_key(row["name"]) == name_key(text)]
        if not gone:
            have = ", ".join(row["name"] for row in rows)
            raise UsageError(f"{ref('contact', self.contact)} does not work for '{text}'", have and f"there is: {have}")
        self.gate.delete("employment", gone[0]["id"])
        left = [row for row in rows if row["id"] != gone[0]["id"]]
        if left and gone[0]["is_primary"]:
            self.gate.update("employment", left[0]["id"], {"is_primary": 1})
        return True

    def change(self, values: Mapping[str, Any]) -> bool:
        """Set the role or the days of the place in the primary company.

        Raises:
            UsageError: there is no company.
        """
        rows = self.rows()
        if not rows:
            raise UsageError("there is no company to have a role in", "name it with --company")
        return self.gate.update("employment", rows[0]["id"], values)

    def follow_domain(self) -> bool:
        """Join the company in whose domain the contact has an address; returns whether there is one."""
        row = self.app.store.row(
            "SELECT d.company_id FROM email e JOIN company_domain d ON d.domain = e.domain"
            " JOIN company c ON c.id = d.company_id AND c.deleted_at IS NULL"
            " WHERE e.contact_id = ? ORDER BY e.is_primary DESC, e.id, d.id LIMIT 1",
            [self.contact],
        )
        return row is not None and self.join(row["company_id"], {})

    def _speak_for(self, company: int) -> None:
        """Count what was logged with the contact so far, in nobody's name, as contact with the first company."""
        sql = "SELECT id FROM participant WHERE contact_id = ? AND company_id IS NULL AND deleted_at IS NULL"
        for row in self.app.store.rows(sql, [self.contact]):
            self.gate.update("participant", row["id"], {"company_id": company})


def known_company(app: "App", gate: "Gate", entry: Mapping[str, Any]) -> int | None:
    """The company that an entry of a record means, by all that it says: id, uid, foreign key, domain, name.

    A new one is made when none is known; it keeps the foreign key and the domain. None for an entry that says nothing.

    Raises:
        NotFound, Ambiguous: see `named_company`.
    """
    external, domain = str(entry.get("external") or ""), str(entry.get("domain") or "").strip().lower()
    source, _, key = external.partition(":")
    uid = str(entry.get("uid") or "")
    by_uid = matching.by_uid(app.store, "company", [uid]).get(uid, []) if uid else []
    found: list[Row] = [{"id": known.id} for known in by_uid if not known.deleted]
    found = found or (names.by_external_id(app.store, source, key, ["company"]) if key else [])
    found = found or (names.by_domain(app.store, domain) if domain and not entry.get("id") else [])
    text = str(entry.get("id") or entry.get("name") or domain or external)
    if not text:
        return None
    found = found or (names.by_name(app.store, text, ["company"]) if uid and not entry.get("id") else [])
    if len(found) == 1:
        company = int(found[0]["id"])
    elif uid and not by_uid and not found:
        company = gate.insert("company", {"name": app.companies.checked_name(text, {}), "uid": uid})
    else:
        company = named_company(app, gate, text)
    party = Match("company", company, text)
    given = {"external": [external] if key else [], "domain": [domain] if domain else []}
    if any(given.values()):
        Children(app, gate, party).apply(given)
    return company


def named_company(app: "App", gate: "Gate", text: str) -> int:
    """The company that is named by id, foreign key, exact name or domain; a new one of that name if there is none.

    A part of a name never links: it would join people to a company that nobody meant.

    Raises:
        NotFound: an id that no company has.
        Ambiguous: several companies have this name, and there is nobody to ask.
    """
    store = app.store
    named = parse_ref(text.strip())
    if named and named[0] == "company":
        living = app.who.matches(text, ("company",))
        if not living:
            raise NotFound(f"there is no company {text}", "see: crm company list")
        return living[0].id
    source, colon, key = text.partition(":")
    found = names.by_external_id(store, source, key, ["company"]) if colon else []
    found = found or names.by_name(store, text, ["company"])
    if not found and "." in text and " " not in text.strip():
        found = names.by_domain(store, text.strip())
    if len(found) > 1:
        return app.who.one([Match(row["noun"], row["id"], row["name"]) for row in found], text, ("company",)).id
    if found:
        return int(found[0]["id"])
    name = app.companies.checked_name(text, {})
    made = gate.insert("company", {"name": name})
    app.notes.append(f"new company {name} ({ref('company', made)})")
    return made
