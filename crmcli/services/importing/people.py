"""Who is meant in messages and calendars: people by their addresses, their companies, and new leads."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crmcli.importers.base import Draft
from crmcli.kernel.errors import CrmError
from crmcli.kernel.ids import parse_ref
from crmcli.services.importing.options import Options
from crmcli.services.who import Match
from crmcli.store import matching
from crmcli.store.derive import email_domain, email_key
from crmcli.store.matching import Known

if TYPE_CHECKING:
    from crmcli.app import App

PARTIES = ("contact", "company")
Offered = dict[str, tuple[str, int]]


class People:
    """Finding the people of a chunk of drafts.

    Args:
        app: the App.
        options: how the import is meant; with `leads` people who are not known are added.

    `offered` holds people who are not known: address -> name and number of drafts.
    """

    def __init__(self, app: "App", options: Options) -> None:
        self.app = app
        self.options = options
        self.offered: Offered = {}
        self._known: dict[tuple[str, str], Match | None] = {}

    def look(self, drafts: Sequence[Draft]) -> None:
        """Look all people of these drafts up at once."""
        people = [person for draft in drafts for person in draft.values.get("people", ())]
        fresh = {email_key(str(person["email"])) for person in people if person.get("email")}
        fresh -= {key for kind, key in self._known if kind == "email"}
        self._remember("email", fresh, "contact", matching.by_email(self.app.store, "contact", fresh))
        self._remember("email", fresh, "company", matching.by_email(self.app.store, "company", fresh))
        for noun in PARTIES:
            uids = {str(person["uid"]) for person in people if person.get("uid")}
            self._remember("uid", uids, noun, matching.by_uid(self.app.store, noun, uids))

    def _remember(self, kind: str, keys: set[str], noun: str, found: Mapping[str, Sequence[Known]]) -> None:
        for key in keys:
            living = [known for known in found.get(key, ()) if not known.deleted]
            if living and not self._known.get((kind, key)):
                self._known[kind, key] = Match(noun, living[0].id, key)
            else:
                self._known.setdefault((kind, key), None)

    def of(self, draft: Draft) -> list[Match]:
        """The contacts and companies here that took part in a draft, each once, in its order.

        Who is not known is made a lead where that is wanted, else offered; a person of a known company's mail domain
        is then represented by that company.
        """
        found: list[Match] = []
        strangers: list[Mapping[str, Any]] = []
        for person in draft.values.get("people", ()):
            match = self._match(person)
            if match is None and self._may_be_lead(draft, person):
                match = self._lead(person)
            if match is not None:
                found.append(match)
            else:
                strangers.append(person)
        for person in strangers:
            address = email_key(str(person.get("email") or ""))
            company = self._company(email_domain(address)) if address else None
            if company is not None and not found:
                found.append(company)
            if address and not draft.values.get("automatic"):
                name, count = self.offered.get(address, ("", 0))
                self.offered[address] = (name or str(person.get("name") or ""), count + 1)
        return list({(match.noun, match.id): match for match in found}.values())

    def _match(self, person: Mapping[str, Any]) -> Match | None:
        if person.get("uid"):
            found = self._known.get(("uid", str(person["uid"])))
            if found:
                return found
        if person.get("email"):
            return self._known.get(("email", email_key(str(person["email"]))))
        named = parse_ref(str(person.get("id") or ""))
        if named or not person.get("name"):
            return None
        return self._by_name(str(person["name"]), str(person.get("noun") or "contact"))

    def _by_name(self, name: str, noun: str) -> Match | None:
        matches = self.app.who.matches(name, (noun,))
        return matches[0] if len(matches) == 1 else None

    def _company(self, domain: str) -> Match | None:
        key = ("domain", domain)
        if key not in self._known:
            found = matching.by_domain(self.app.store, [domain]).get(domain, [])
            self._remember("domain", {domain}, "company", {domain: found})
        return self._known[key]

    # --- leads

    def _may_be_lead(self, draft: Draft, person: Mapping[str, Any]) -> bool:
        return self.options.leads and bool(person.get("email")) and not draft.values.get("automatic")

    def _lead(self, person: Mapping[str, Any]) -> Match | None:
        """A new lead; None when the address is none."""
        address = str(person["email"])
        name = " ".join(str(person.get("name") or "").split()) or address
        values = {"email": [{"value": address}], "lifecycle_stage": "lead", "lead_status": "new"}
        try:
            with self.app.store.savepoint():
                record = self.app.contacts.add(name[:500], values)
        except CrmError:
            return None
        named = parse_ref(record["id"])
        assert named is not None
        match = Match("contact", named[1], name)
        self._known["email", email_key(address)] = match
        return match
