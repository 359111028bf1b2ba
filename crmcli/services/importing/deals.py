"""Taking in deals: where they stand, whose they are, how much they are worth; a few thousand, one after the other."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crmcli.importers.base import Draft
from crmcli.kernel.codes import minor_units
from crmcli.kernel.errors import CrmError, DatabaseUnavailable, UsageError
from crmcli.kernel.ids import ref
from crmcli.kernel.money import MOST, divided
from crmcli.services.importing.customers import Customer, Customers
from crmcli.services.importing.options import Options
from crmcli.services.importing.outcome import CREATED, REJECTED, SKIPPED, UNCHANGED, UPDATED, Outcome
from crmcli.services.importing.prepare import Preparer
from crmcli.services.importing.stages import Stages, Stand
from crmcli.services.importing.team import UNKNOWN, Team
from crmcli.store import sales
from crmcli.store.bulk import Bulk

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

NOUN = "deal"
MOST_PEOPLE = 1000
LONGEST_TEXT = 500
Values = Mapping[str, Any]


class DealLanding:
    """Taking in deals.

    Args:
        app: the App.
        gate: of the open transaction.
        bulk: writes many new rows.
        options: how the import is meant.

    `odd` counts what is worth a note.
    """

    def __init__(self, app: "App", gate: "Gate", bulk: Bulk, options: Options) -> None:
        self.app = app
        self.gate = gate
        self.options = options
        self.customers = Customers(app, gate, bulk, options)
        self.preparer = Preparer(app.clock, app.country)
        self.stages = Stages(app, gate)
        self.team = Team(app.store, gate.actor.id)
        self.odd: dict[str, int] = {}
        self._mine: set[int] = set()

    def land(self, drafts: Sequence[Draft]) -> list[Outcome]:
        """Match and write deals; returns what became of each, in their order."""
        creating = self.options.on_match == "create"
        keys = [key for draft in drafts if (key := _external(draft.values))]
        known = {} if creating else sales.by_external(self.app.store, "deal", keys)
        if not creating:
            uids = [str(draft.values["uid"]) for draft in drafts if draft.values.get("uid")]
            known |= sales.by_uid(self.app.store, "deal", uids)
        outcomes = []
        for draft in drafts:
            names = _names(draft.values)
            outcome = self._one(draft, next((known[name] for name in names if name in known), None))
            if outcome.id is not None and not creating:
                known.update(dict.fromkeys(names, sales.Known(outcome.id, False)))
            outcomes.append(outcome)
        return outcomes

    def finish(self) -> None:
        """Tell which stages were added."""
        if self.stages.made:
            names = ", ".join(self.stages.made[:10])
            self.app.notes.append(f"stages were added: {names}; their probabilities: crm pipeline edit-stage")
            self.stages.made.clear()

    def _one(self, draft: Draft, known: sales.Known | None) -> Outcome:
        if known is not None and known.deleted:
            hint = f"crm deal restore {ref(NOUN, known.id)} brings it back"
            return Outcome(SKIPPED, NOUN, known.id, f"deleted here; {hint}")
        if known is not None and self.options.on_match == "skip":
            return Outcome(UNCHANGED, NOUN, known.id)
        try:
            with self.app.store.savepoint():
                return self._taken(draft, known)
        except DatabaseUnavailable:
            raise
        except CrmError as error:
            self.customers.forget()
            self.stages.forget()
            return Outcome(REJECTED, NOUN, None, f"{error.message}; {error.hint}" if error.hint else error.message)

    def _taken(self, draft: Draft, known: sales.Known | None) -> Outcome:
        people, companies = self._parties(draft)
        refused = next((one for one in (*people, *companies) if isinstance(one, Outcome)), None)
        if refused is not None and not draft.values.get("uid"):
            return refused._replace(noun=NOUN)
        contacts = [one.contact for one in people if isinstance(one, Customer) and one.contact]
        firms = [one.company for one in (*companies, *people) if isinstance(one, Customer) and one.company]
        row = self._row(draft.values)
        stand = self._stand(draft.values)
        row |= {"contact_id": next(iter(contacts), None), "company_id": next(iter(firms), None)}
        if known is None and not _names(draft.values):
            known = self._namesake(row)
        if known is None:
            return Outcome(CREATED, NOUN, self._write(draft.values, row, stand, contacts))
        return Outcome(
            UPDATED if self._update(known.id, draft.values, row, stand, contacts) else UNCHANGED, NOUN, known.id
        )

    def _namesake(self, row: Values) -> sales.Known | None:
        """The deal of this name with the same customer, for one that the file gives no key."""
        if self.options.on_match == "create":
            return None
        found = sales.deals_named(self.app.store, row["name"], row["contact_id"], row["company_id"])
        return sales.Known(found[0], False) if len(found) == 1 else None

    # --- rows

    def _row(self, values: Values) -> dict[str, Any]:
        """The columns that a draft fills. Raises UsageError for what they cannot hold."""
        amount = values.get("amount", {})
        currency = amount.get("currency") or (self.options.currency or None if amount else values.get("currency"))
        row = {
            "name": " ".join(str(values["name"]).split()),
            "amount": _amount(amount, currency, self.options.currency),
            "currency": currency,
            "source": _cut(values.get("lead_source") or values.get("source")),
            "lost_reason": _cut(values.get("lost_reason")),
            "note": str(values["notes"]) if values.get("notes") else None,
            "external": _external(values) or None,
            **{name: values.get(name) for name in ("close_date", "probability", "forecast_category", "uid")},
        }
        custom = {name: str(text) for entry in values.get("set", ()) for name, text in entry.items()}
        if values.get("tag"):
            custom["tags"] = ", ".join(values["tag"])
        row["owner_id"] = self._owner(values, custom)
        row["custom"] = _json(custom)
        return {name: value for name, value in row.items() if value is not None}

    def _owner(self, values: Values, custom: dict[str, str]) -> int | None:
        """The user of that name or address; of one whom nobody has to know here the name is kept."""
        name = str(values.get("owner_name") or "").strip()
        if not name:
            return None
        key = self.team.named(name)
        if key is None:
            custom[UNKNOWN] = name
        return key

    def _stand(self, values: Values) -> Stand:
        pipeline, stage, type = (str(values.get(name, "")) for name in ("pipeline", "stage", "type"))
        return self.stages.of(pipeline, stage, type, values.get("probability"))

    def _write(self, values: Values, row: dict[str, Any], stand: Stand, contacts: Sequence[int]) -> int:
        began = str(values.get("created_at") or self.gate.now)
        closed = self._closed(values, row, stand)
        now = {} if not values.get("created_at") else {"created_at": began}
        if self.options.on_match == "create":
            row = {name: value for name, value in row.items() if name not in ("external", "uid")}
        since = closed or (began if stand.type == "open" else self.gate.now)
        place = {"pipeline_id": stand.pipeline, "stage_id": stand.stage, "status": stand.type}
        key = self.gate.insert(
            "deal", {"owner_id": self.gate.actor.id, **row, **now, **place, "stage_since": since, "closed_at": closed}
        )
        self.gate.insert("deal_stage", {"deal_id": key, "stage_id": stand.stage, "entered_at": since})
        for contact in dict.fromkeys(contacts[1:MOST_PEOPLE]):
            if contact != contacts[0]:
                self.gate.insert("deal_contact", {"deal_id": key, "contact_id": contact})
        return key

    def _closed(self, values: Values, row: Values, stand: Stand) -> str | None:
        """When a deal was closed: what the file says, else the day that it was expected, if that is over, else now."""
        if stand.type == "open":
            return None
        if values.get("closed_at"):
            return str(values["closed_at"])
        day = str(row.get("close_date") or "9999")
        return f"{day}T12:00:00Z" if f"{day}T12:00:00Z" <= self.gate.now else self.gate.now

    def _update(self, key: int, values: Values, row: Values, stand: Stand, contacts: Sequence[int]) -> bool:
        """Bring a known deal up to date: what the file says of it, and where it stands."""
        before = self.gate.fetch("deal", key)
        given = {name: value for name, value in row.items() if value is not None and name != "uid"}
        if self.options.on_match == "fill":
            given = {name: value for name, value in given.items() if before[name] in (None, "")}
        elif before["stage_id"] != stand.stage:
            given |= self._moved(key, before, stand, str(values.get("closed_at") or self.gate.now))
        changed = self.gate.update("deal", key, given)
        here = {one["contact_id"] for one in sales.children(self.app.store, "deal_contact", "deal_id", key)}
        first = given.get("contact_id", before["contact_id"])
        for contact in dict.fromkeys(contacts[:MOST_PEOPLE]):
            if contact != first and contact not in here:
                self.gate.insert("deal_contact", {"deal_id": key, "contact_id": contact})
                changed = True
        if changed:
            self.gate.touch("deal", key)
        return changed

    def _moved(self, key: int, before: Values, stand: Stand, closed: str) -> dict[str, Any]:
        """The columns of a deal that moved on, whose stay in its stage ends.

        `closed` is the moment at which it was closed, where it ended otherwise than before.
        """
        for stay in sales.children(self.app.store, "deal_stage", "deal_id", key):
            if stay["left_at"] is None:
                self.gate.update("deal_stage", stay["id"], {"left_at": self.gate.now})
        self.gate.insert("deal_stage", {"deal_id": key, "stage_id": stand.stage, "entered_at": self.gate.now})
        ended: dict[str, Any] = {} if stand.type == "lost" else {"lost_reason": None}
        if stand.type != before["status"] or not before["closed_at"]:
            ended["closed_at"] = None if stand.type == "open" else closed
        return {
            **ended,
            "pipeline_id": stand.pipeline,
            "stage_id": stand.stage,
            "status": stand.type,
            "stage_since": self.gate.now,
        }

    # --- whose

    def _parties(self, draft: Draft) -> tuple[list[Any], list[Any]]:
        """The people and the companies of a deal, each a customer or what becomes of it."""
        names: dict[str, list[str]] = {"contact": [], "company": []}
        wanted: dict[str, tuple[Any, ...]] = {}
        for noun, found in names.items():
            for entry in draft.values.get(noun, ())[:MOST_PEOPLE]:
                who, given = _party(noun, entry)
                if not who:
                    continue
                if not given.get("name") and not given.get("email"):  # known by its key alone, or not at all
                    who = self._by_key(noun, str(entry["external"]), who)
                else:
                    wanted[who] = (noun, *self.preparer.one(noun, given, draft.place))
                if who:
                    found.append(who)
        self.customers.look(wanted.items())
        return [self.customers.of(who) for who in names["contact"]], [
            self.customers.of(who) for who in names["company"]
        ]

    def _by_key(self, noun: str, external: str, who: str) -> str:
        if self.customers.known_by(noun, external, who):
            return who
        what = "people" if noun == "contact" else "companies"
        odd = f"deals that name {what} by an id that nobody has here: import those first, then the deals again"
        self.odd[odd] = self.odd.get(odd, 0) + 1
        return ""


def _party(noun: str, entry: Any) -> tuple[str, dict[str, Any]]:
    """What a contact or company of a deal is called among others, and its values as a draft has them."""
    given = entry if isinstance(entry, Mapping) else {"name": str(entry)}
    texts = [
        " ".join(str(given.get(part) or "").split()) for part in ("external", "uid", "email", "phone", "name", "domain")
    ]
    if not any(texts):
        return "", {}
    external, uid, email, phone, name, domain = texts
    made = {
        "name": name[:LONGEST_TEXT],
        "external": [external] if external else [],
        "uid": uid,
        "email": [{"value": email}] if email else [],
        "phone": [{"raw": phone}] if phone else [],
        "domain": [domain] if domain else [],
    }
    return "\x1f".join((noun, *texts)), {field: value for field, value in made.items() if value}


def _external(values: Values) -> str:
    return str(next(iter(values.get("external", ())), ""))


def _names(values: Values) -> list[str]:
    """What a deal is known again by."""
    return [name for name in (_external(values), str(values.get("uid") or "")) if name]


def _cut(value: Any) -> str | None:
    return str(value)[:LONGEST_TEXT] if value else None


def _json(custom: Mapping[str, str]) -> str | None:
    return json.dumps(custom, ensure_ascii=False, separators=(",", ":"), sort_keys=True) if custom else None


def _amount(amount: Values, currency: str | None, usual: str) -> int | None:
    """Minor units; an amount without a currency is told in hundredths. Raises UsageError where nobody named one."""
    if not amount:
        return None
    if not currency:
        raise UsageError("its amount has no currency", "name it with --currency EUR, or: crm config set currency EUR")
    minor = int(amount["minor"])
    if not amount.get("currency") and minor_units(usual) != 2:
        minor = divided(minor * 10 ** minor_units(usual), 100)
    if abs(minor) >= MOST:
        raise UsageError("its amount is too large", "amounts have at most fifteen digits")
    return minor
