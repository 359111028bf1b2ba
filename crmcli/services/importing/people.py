"""Who is meant in messages and calendars: people by their addresses, their companies, and new leads."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.importers.base import Draft
from crmcli.kernel.errors import CrmError, DatabaseUnavailable
from crmcli.kernel.ids import key_of, parse_ref
from crmcli.services.importing.options import Options
from crmcli.store import matching, messages, suppression
from crmcli.store.derive import email_domain, email_key, name_key
from crmcli.store.matching import Known
from crmcli.store.nouns import PARTIES

if TYPE_CHECKING:
    from crmcli.app import App

Offered = dict[str, tuple[str, int]]
"""People who are not known: address -> name and number of messages."""
Person = Mapping[str, Any]
LONGEST_NAME = 500
# Parts that somebody plays who is worth knowing: who wrote, or was written to, not who got a copy.
LEADING = {"inbound": ("", "from", "organizer", "attendee"), "outbound": ("", "to", "organizer", "attendee")}
# Who wrote a message, or called to a meeting; a text without such parts is of all who are in it.
WROTE = ("", "from", "organizer", None)
WORDS = ("subject", "body", "quoted", "note")
_TWO_WORDS = re.compile(r"([a-z]{2,})[._-]([a-z]{2,})")


class Party(NamedTuple):
    """Who took part: a contact, and the company in whose name, or a company of which nobody is known."""

    contact: int | None
    company: int | None


class People:
    """Finding the people of a chunk of drafts.

    Args:
        app: the App.
        options: how the import is meant; with `leads` people who are not known are added.

    `offered` holds people who are not known, `made` the leads that were added.
    """

    def __init__(self, app: "App", options: Options) -> None:
        self.app = app
        self.options = options
        self.offered: Offered = {}
        self.made: set[int] = set()
        self._today = app.clock.today().isoformat()
        self._known: dict[tuple[str, str, str], list[Known]] = {}
        self._leads: dict[str, int | None] = {}
        self._companies: dict[int, int] = {}
        self.suppressed = suppression.suppressed(app.store)
        self._erased: set[str] = set()

    def look(self, drafts: Sequence[Draft]) -> None:
        """Look up all people of these drafts at once. To be called before `of` is asked about any of them."""
        store = self.app.store
        people = [person for draft in drafts for person in draft.values.get("people", ())]
        addresses = {_address(person) for person in people} - {""}
        uids = {str(person["uid"]) for person in people if person.get("uid")}
        self._known, self._leads = {}, {}
        self._erased = self.suppressed.among(addresses | uids) if self.suppressed is not None else set()
        for noun in PARTIES:
            self._remember(noun, "email", matching.by_email(store, noun, addresses))
            self._remember(noun, "uid", matching.by_uid(store, noun, uids))
        self._remember("company", "domain", matching.by_domain(store, {email_domain(one) for one in addresses} - {""}))
        contacts = {one.id for (noun, *_), found in self._known.items() if noun == "contact" for one in found}
        self._companies = messages.speaking_for(store, sorted(contacts), self._today)

    def _remember(self, noun: str, kind: str, found: Mapping[str, Sequence[Known]]) -> None:
        for key, records in found.items():
            living = sorted(one for one in records if not one.deleted)
            if living:
                self._known[noun, kind, key] = living

    def of(self, draft: Draft) -> list[Party]:
        """The contacts and companies here that took part in a draft, each once, in its order.

        Who is not known is made a lead where that is wanted, else offered, and represented by the company of the mail
        domain, if that is known.
        """
        contacts: dict[int, Party] = {}
        companies: dict[int, Party] = {}
        for person in draft.values.get("people", ()):
            if self.is_erased(person):
                continue
            contact, company = self._match(person)
            if contact is None and company is None and self._matters(draft, person):
                contact = self._stranger(draft, person)
            if contact is not None:
                contacts.setdefault(contact, Party(contact, self._companies.get(contact)))
                continue
            if company is None:
                company = self._first("company", "domain", email_domain(_address(person)), "")
            if company is not None:
                companies.setdefault(company, Party(None, company))
        spoken_for = {party.company for party in contacts.values()}
        return [*contacts.values(), *(party for key, party in companies.items() if key not in spoken_for)]

    def is_erased(self, person: Person) -> bool:
        """Whether somebody was erased."""
        return bool(self._erased) and not self._erased.isdisjoint({_address(person), str(person.get("uid") or "")})

    def without_erased(self, draft: Draft) -> Draft | None:
        """A draft in whose texts nobody is named who was erased; None for one that such a person wrote."""
        erased = [person for person in draft.values.get("people", ()) if self.is_erased(person)]
        if not erased:
            return draft
        inbound = draft.values.get("direction") == "inbound"
        if inbound and any(person.get("role") in WROTE for person in erased):
            return None
        cleaner = self.app.privacy.cleaner(erased)
        said: dict[str, Any] = {
            name: cleaner.clean(str(draft.values[name])) for name in WORDS if draft.values.get(name)
        }
        if draft.values.get("attachments"):
            said["attachments"] = self.app.privacy.without_named(draft.values["attachments"], cleaner)
        return draft._replace(values={**draft.values, **said})

    def _match(self, person: Person) -> tuple[int | None, int | None]:
        """The contact or company that somebody is: by uid, address, or name where there is nothing else."""
        name, address = str(person.get("name") or ""), _address(person)
        for kind, key in (("uid", str(person.get("uid") or "")), ("email", address)):
            contact = self._first("contact", kind, key, name)
            company = None if contact is not None else self._first("company", kind, key, name)
            if contact is not None or company is not None:
                return contact, company
        if address or not name or parse_ref(name):
            return None, None
        noun = str(person.get("noun") or "contact")
        found = self.app.who.matches(name, (noun,))
        match = found[0].id if len(found) == 1 else None
        return (match, None) if noun == "contact" else (None, match)

    def _first(self, noun: str, kind: str, key: str, name: str) -> int | None:
        """The record that a key names; of several that share an address the one of that name, else the oldest."""
        found = self._known.get((noun, kind, key), []) if key else []
        same = [one for one in found if one.name_key == name_key(name)] if len(found) > 1 and name else []
        return next((one.id for one in (*same, *found)), None)

    # --- people who are not known

    def _matters(self, draft: Draft, person: Person) -> bool:
        """Whether somebody is worth knowing: a person, in a message that a person wrote, and not only in copy."""
        values = draft.values
        roles = LEADING.get(str(values.get("direction", "outbound")), ())
        return bool(_address(person)) and not values.get("automatic") and str(person.get("role", "")) in roles

    def _stranger(self, draft: Draft, person: Person) -> int | None:
        """The new lead that somebody becomes; None where nobody wants one: then the person is offered."""
        address = _address(person)
        if self.options.leads:
            if address not in self._leads:
                self._leads[address] = self._lead(draft, str(person["email"]).strip(), str(person.get("name") or ""))
            return self._leads[address]
        name, count = self.offered.get(address, ("", 0))
        self.offered[address] = (name or str(person.get("name") or ""), count + 1)
        return None

    def _lead(self, draft: Draft, email: str, name: str) -> int | None:
        """Add a lead by the rules of contacts; None when the address is none, or of somebody who was deleted."""
        if self._is_deleted(email):
            return None
        shown = " ".join(name.split())[:LONGEST_NAME] or name_from(email)
        values = {
            "email": [{"value": email}],
            "lifecycle_stage": "lead",
            "lead_status": "new",
            "lead_source": str(draft.values.get("channel") or "email"),
        }
        try:
            with self.app.store.savepoint():
                record = self.app.contacts.add(shown, values)
        except DatabaseUnavailable:
            raise
        except CrmError:
            return None
        key = key_of(record["id"])
        self.made.add(key)
        self._companies.update(messages.speaking_for(self.app.store, [key], self._today))
        return key

    def _is_deleted(self, email: str) -> bool:
        found = matching.by_email(self.app.store, "contact", [email_key(email)])
        return any(one.deleted for records in found.values() for one in records)


def name_from(email: str) -> str:
    """A name made of an address: `ada.lovelace@…` is Ada Lovelace; others are called by the address itself."""
    found = _TWO_WORDS.fullmatch(email.partition("@")[0].lower())
    return f"{found[1].capitalize()} {found[2].capitalize()}" if found else email


def _address(person: Person) -> str:
    return email_key(str(person.get("email") or ""))
