"""Writing the year into an empty database, through the gate and the services, as one operation."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from crmcli.kernel.clock import stamp
from crmcli.kernel.ids import ref
from crmcli.services.children import Children, pairs
from crmcli.services.demodata.companies import COMPANIES, Place
from crmcli.services.demodata.people import PEOPLE, Person
from crmcli.services.demodata.trade import Trade
from crmcli.services.demodata.year import Promised, Said, Year
from crmcli.services.who import Match
from crmcli.store.derive import name_key

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

SEED = 1662  # John Evelyn's "Pomona" was printed two years later.
COLLEAGUES = (
    ("tomasz", "Tomasz Wójcik", "Europe/Warsaw", "sales"),
    ("ngozi", "Ngozi Eze", "Africa/Lagos", "support"),
    ("carmen", "Carmen Ibarra", "Europe/Madrid", "sales"),
)
FIELDS = (
    ("trees", "number", (), "How many apple trees"),
    ("size", "choice", ("small", "medium", "large"), "Size of the press house"),
    ("favourite_apple", "text", (), "The apple to talk about"),
    ("pressing_since", "date", (), "First pressing"),
    ("resale", "bool", (), "Sells our presses on"),
    ("shop_page", "url", (), "Where our presses are shown"),
)
# Flags of a child row, and what is written otherwise than flags would.
CHILDREN = ("tag", "set", "prefer", "external", "url", "address", "phone", "email", "domain")
BUYING = ("customer", "evangelist", "former")
HOPING = ("opportunity", "sales_qualified", "marketing_qualified", "customer")
LEGAL_BASIS = {"granted": "consent", "unknown": "legitimate_interests"}


class Records:
    """The writer of one demo database."""

    def __init__(self, app: "App", gate: "Gate") -> None:
        self.app = app
        self.gate = gate
        self.random = Random(SEED)
        mine = name_key(app.users.my_name)
        team = [member for member in COLLEAGUES if name_key(member[0]) != mine][:2]
        first_names = [member[1].split()[0] for member in team]
        self.year = Year(self.random, app.clock, (first_names[0], first_names[1]))
        self.users = self._team(team)
        self.owners = [app.users.my_name, *(member[0] for member in team)]
        self.born = self._first_met()
        self.companies: dict[str, int] = {}
        self.people: list[tuple[int, int | None]] = []
        self.said: dict[int, int] = {}

    def write(self) -> None:
        """Write everything."""
        for name, kind, choices, meaning in FIELDS:
            self.app.fields.add(name, kind, choices, meaning)
        for place in COMPANIES:
            self.companies[place.key] = self._company(place)
        for number, person in enumerate(PEOPLE):
            self.people.append(self._person(number, person))
        for entry in self.year.said:
            self.said[id(entry)] = self._said(entry)
        for promise in self.year.promised:
            self._promised(promise)
        Trade(self.gate, self.app.clock, self._parties(*BUYING), self._parties(*HOPING), self.users).write()
        self.gate.insert("meta", {"key": "demo", "value": self.app.clock.today().isoformat()})

    def _parties(self, *stages: str) -> list[tuple[tuple[int, int | None], str]]:
        """The people in these stages, each with the currency of a price list."""
        british = {place.key for place in COMPANIES if place.currency == "GBP"}
        return [
            (party, "GBP" if person.company in british or person.more.get("currency") == "GBP" else "EUR")
            for person, party in zip(PEOPLE, self.people, strict=True)
            if person.stage in stages and not person.more.get("do_not_contact")
        ]

    def _team(self, team: list[tuple[str, str, str, str]]) -> list[int]:
        started = stamp(self.app.clock.now() - timedelta(days=1500))
        dates = {"created_at": started, "updated_at": started}
        me = self.gate.actor.id
        self.gate.update("user_account", me, {"timezone": self.app.clock.zone_name, "created_at": started})
        return [me, *(self.gate.insert("user_account", {**_member(*member), **dates}) for member in team)]

    def _first_met(self) -> list[datetime]:
        """When each person was added: with the first logged contact, or long before it."""
        first = {entry.people[0]: entry.at for entry in reversed(self.year.said)}
        found = []
        for number, person in enumerate(PEOPLE):
            known_before = timedelta(days=self.random.randint(90, 1400))
            ago = known_before if person.stage in ("customer", "evangelist", "former", "other") else timedelta()
            found.append(first[number] - ago - timedelta(minutes=self.random.randint(0, 3)))
        return found

    # --- companies and people

    def _company(self, place: Place) -> int:
        staff = [self.born[number] for number, person in enumerate(PEOPLE) if person.company == place.key]
        born = stamp(min(staff) - timedelta(minutes=5))
        owner = next(number for number, person in enumerate(PEOPLE) if person.company == place.key)
        given = dict(place.more)
        address = {"street": place.street, "city": place.city, "postcode": place.postcode, "country": place.country}
        given["address"] = [{**address, **given.pop("address", {})}]
        given |= {"phone": [{"value": place.phone, "label": "main"}], "domain": list(place.domains)}
        given |= {"email": [f"info@{place.domains[0]}"], "lifecycle_stage": place.stage}
        given |= {"preferred_language": place.language, "timezone": place.timezone, "currency": place.currency}
        if "parent" in given:
            given["parent"] = ref("company", self.companies[given["parent"]])
        key, party = self._party("company", place.name, given, born, self.owners[Year.owner(owner)])
        self.app.companies.connect(self.gate, party, given)
        return key

    def _person(self, number: int, person: Person) -> tuple[int, int | None]:
        place = next((place for place in COMPANIES if place.key == person.company), None)
        given = {
            "lifecycle_stage": person.stage,
            "given_name": person.given,
            "family_name": person.family,
            **person.more,
        }
        if person.reads:
            reads_given, _, reads_family = person.reads.rpartition(" ")
            given |= {"phonetic_given_name": reads_given, "phonetic_family_name": reads_family}
        if place:
            given |= {"preferred_language": place.language, "timezone": place.timezone, "currency": place.currency}
            given |= {"job_title": person.role, "company": [self._job(place.key, person.role)]}
            given["company"] += [self._job(key, role) for key, role in person.more.get("also", {}).items()]
            given["address"] = [{"city": place.city, "country": place.country, "label": "work"}]
        domain = f"@{place.domains[0]}" if place else ""
        given["email"] = [{"value": f"{person.local}{domain}", "label": "work" if place else "home"}]
        given["phone"] = [{"value": person.phone, "label": "mobile" if place else "home"}]
        born = stamp(self.born[number])
        key, party = self._party("contact", person.name, given, born, self.owners[Year.owner(number)])
        self.app.contacts.connect(self.gate, party, given)
        self._consents(key, person, self.born[number])
        return key, self.companies.get(person.company)

    def _job(self, place: str, role: str) -> dict[str, Any]:
        return {"id": ref("company", self.companies[place]), "role": role}

    def _party(self, noun: str, name: str, given: Mapping[str, Any], born: str, owner: str) -> tuple[int, Match]:
        values = self.app.values.clean(noun, {**given, "owner": owner})
        service = self.app.contacts if noun == "contact" else self.app.companies
        dates = {"created_at": born, "updated_at": born}
        key = self.gate.insert(noun, {**values, service.name_column: name, **dates})
        party = Match(noun, key, name)
        Children(self.app, self.gate, party).apply({name: given[name] for name in CHILDREN if name in given})
        return key, party

    def _consents(self, contact: int, person: Person, born: datetime) -> None:
        for key, state in pairs(person.more.get("consent", ()), ""):
            purpose, _, channel = key.partition("/")
            row = {"contact_id": contact, "purpose": purpose, "channel": channel, "state": state, "at": stamp(born)}
            basis = LEGAL_BASIS.get(state)
            self.gate.insert("consent", {**row, "legal_basis": basis, "source": "form on the web site"})

    # --- what was said and promised

    def _said(self, entry: Said) -> int:
        at = stamp(entry.at)
        logged = stamp(min(entry.at + timedelta(minutes=self.random.randint(0, 9)), self.app.clock.now()))
        dates = {"occurred_at": at, "created_at": logged, "updated_at": logged}
        key = self.gate.insert("interaction", {**entry.values, **dates, "user_id": self.users[entry.user]})
        for number in entry.people:
            contact, company = self.people[number]
            row = {"interaction_id": key, "contact_id": contact, "company_id": company, "occurred_at": at}
            self.gate.insert("participant", {**row, "direction": entry.values["direction"]})
        return key

    def _promised(self, promise: Promised) -> None:
        made = stamp(promise.made)
        dates = {"created_at": made, "updated_at": promise.values.get("closed_at") or made}
        links = {
            "contact_id": self.people[promise.person][0],
            "owner_id": self.users[promise.user],
            "interaction_id": promise.said and self.said[id(promise.said)],
            "closing_interaction_id": promise.closed_by and self.said[id(promise.closed_by)],
        }
        self.gate.insert("followup", {**promise.values, **links, **dates})


def _member(name: str, display_name: str, timezone: str, role: str) -> dict[str, str]:
    email = f"{name}@pomona.example"
    return {"name": name, "display_name": display_name, "timezone": timezone, "role": role, "email": email}
