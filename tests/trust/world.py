"""A database in which every place that holds words holds hostile ones, as people and imports put them there."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from crmcli.app import App
from crmcli.kernel.errors import CrmError
from crmcli.kernel.settings import Settings
from tests.conftest import Crm, Stream
from tests.trust import naughty

DIGEST = "d" * 64
FIELDS = ("nickname", "given_name", "family_name", "additional_name", "job_title", "department", "lead_source")


class Records(NamedTuple):
    """The records that a text stands in: their ids, and the names that are short enough for arguments."""

    text: str
    contact: str
    other: str
    company: str
    interaction: str
    followup: str
    cadence: str
    case: str
    tag: str
    deal: str = "d1"
    product: str = "p1"
    order: str = "o1"


class World:
    """A database, and its records of each text.

    Attributes:
        whole: whether the combined text has all of private use too, where there is room for it.
        kept: how many values hold a hostile text.
        refused: why others do not.
    """

    def __init__(self, crm: Crm, texts: Sequence[str], *, whole: bool = False) -> None:
        self.crm = crm
        self.whole = whole
        self.kept = 0
        self.refused: list[str] = []
        self.records: list[Records] = []
        self.app = App(Settings(), environ=crm.environ(), streams=(Stream(), Stream(), Stream()), command="test")
        try:
            self._try(self.app.users.edit, "ada", {"display_name": texts[0][:200]})
            self._try(self.app.users.add, "bob", {"display_name": texts[-1][:200]})
            for number, text in enumerate(texts):
                self.records.append(self._write(number, text))
            self._try(self.app.reminders.tell, "stdout")
            self._try(self.app.companies.edit, self.records[-1].company, {"notes": texts[-1] + " again"})
            self._try(self.app.history.undo)  # so that there is something to redo
        finally:
            self.app.close()

    def _write(self, number: int, text: str) -> Records:
        """Store a text wherever a text can be stored."""
        app, pieces = self.app, cut(text, 100)
        name = text if naughty.storable(text) else "plain"
        # Another with the same name, for duplicates, and so that the name is not the name of one alone.
        contact, other = self._named(app.contacts.add, name, "Ada"), self._named(app.contacts.add, name, "Ada")
        company = self._named(app.companies.add, name, f"Engines {number}")
        for column, piece in zip(FIELDS, (*pieces, *[pieces[0]] * len(FIELDS)), strict=False):
            self._edit(contact, {column: piece})
        for key in ("notes", "language", "timezone", "birth_date"):
            self._edit(contact, {key: text})
        self._edit(contact, {"company": [company]})
        self._edit(contact, {"role": text})
        self._edit(contact, {"tag": list(pieces)})
        tag = pieces[0] if self._edit(contact, {"tag": [pieces[0]]}) else "plain"
        for key, value in _lists(text).items():
            for entry in value:
                self._edit(contact, {key: [entry]})
        for state, purpose in (("granted", "marketing"), ("denied", "press"), ("withdrawn", label(text))):
            self._try(app.consents.say, contact, state, purpose, {"source": text, "channel": label(text)})
            self._try(app.consents.say, contact, state, purpose, {"source": text})
        for key in ("legal_name", "industry", "notes"):
            self._try(app.companies.edit, company, {key: text})
        for key, value in _lists(text).items():
            for entry in value if key not in ("consent", "external") else []:
                self._try(app.companies.edit, company, {key: [entry]})
        interaction = self._log(contact, text)
        followup = self._promise(contact, text)
        cadence = self._try(app.cadences.set, "6w", {"via": "call"}, who=contact)
        self._try(app.cadences.set, "1m", {}, where=f'name~"{quoted(pieces[0])}"')
        told = {"description": text, "external": f"zendesk:{number}", "set": [f"free={pieces[0]}"]}
        case = self._try(app.cases.open, contact, pieces[0], told)
        self._try(
            app.fields.add, f"field {number}", "choice", [piece for piece in pieces if naughty.storable(piece)], text
        )
        self._try(app.fields.add, pieces[0], "text", [], text)
        self._rows(number, contact, interaction, text)
        self._gone(name, text)
        deal = self._sell(contact, company, text)
        goods = self._goods(contact, name, text)
        known = cadence[0]["id"] if cadence else "cad1"
        about = case["id"] if case else "cs1"
        return Records(text, contact, other, company, interaction, followup, known, about, tag, deal, *goods)

    def _sell(self, contact: str, company: str, text: str) -> str:
        """A deal with the text wherever one can stand, a pipeline of that name, and one that was lost so."""
        add, name = self.app.deals.add, text[:500] if naughty.storable(text[:500]) else "plain"
        self._try(self.app.pipelines.add, text[:100], {"stage": [text[:90]], "lost_reason": [text[:200], "price"]})
        self._try(self.app.pipelines.add_stage, text[:100], {"probability": "30"})
        values = {"contact": contact, "company": company, "currency": "EUR"}
        made = self._try(add, name, values) or add("plain", values)
        for given in (
            {"note": text},
            {"source": text[:500]},
            {"add_line": [f"1 x {text[:300]} @ 7.50"]},
            {"role": [f"{contact}={text[:100]}"]},
            {"set": [f"free={text[:500]}"]},
            {"external": f"hubspot:{text[:300]}"},
        ):
            self._try(self.app.deals.edit, made["id"], given)
        self._try(self.app.followups.add, contact, text[:1000], {"due": "+3d", "deal": made["id"]})
        self._try(self.app.interactions.log, "in", [contact], text, {"deal": made["id"]})
        lost = self._try(add, name, values)
        if lost:
            self._try(self.app.deals.lost, [lost["id"]], "price")
        return str(made["id"])

    def _goods(self, contact: str, name: str, text: str) -> tuple[str, str]:
        """A product and an order with the text wherever one can be written."""
        product = self._named(self.app.products.add, name, "Apples")
        for key in ("sku", "category", "unit", "description", "external"):
            self._try(self.app.products.edit, product, {key: f"own:{text}" if key == "external" else text})
        self._try(self.app.products.edit, product, {"set": {"free": text}})
        # Not "plain": products are called so whose text cannot be a name, and of several it would be asked which.
        line = {"product": text[:500] if naughty.storable(text[:500]) else "goods", "price": "7.50"}
        given: dict[str, Any] = {"currency": "EUR", "line": [{"product": "goods", "price": "1"}]}
        order = str((self._try(self.app.ordering.add, contact, {**given, "line": [line]}) or
                     self.app.ordering.add(contact, given))["id"])  # fmt: skip
        for key in ("number", "source", "note"):
            self._try(self.app.ordering.edit, order, {key: text})
        self._try(self.app.ordering.edit, order, {"set": {"free": text}})
        self._try(self.app.payments.pay, [order], "0.50", {"method": text[:100], "reference": text[:500]})
        return product, order

    def _gone(self, name: str, text: str) -> None:
        """Somebody who was erased, with the text as the reason."""
        gone = self._named(self.app.contacts.add, name, "Gone")
        self._edit(gone, {"email": ["gone@x.example"]})
        self._edit(gone, {"notes": text})
        self._try(self.app.privacy.erase, self.app.who.find(gone, ("contact",)), text)

    def _named(self, add: Callable[[str, dict[str, Any]], dict[str, Any]], name: str, fallback: str) -> str:
        made = self._try(add, name, {})
        return str((made or add(fallback, {}))["id"])

    def _log(self, contact: str, text: str) -> str:
        body = naughty.everything() if self.whole and text == naughty.combined() else text
        made = self._try(self.app.interactions.log, "in", [contact], body, {"subject": text[:1000], "channel": "email"})
        made = made or self.app.interactions.log("in", [contact], "plain", {"channel": "email"})
        self._try(self.app.interactions.log, "out", [contact], text, {"subject": text[:1000], "channel": "email"})
        self._try(self.app.interactions.log, "note", [contact], text, {})
        return str(made["id"])

    def _promise(self, contact: str, text: str) -> str:
        add, subject = self.app.followups.add, text[:1000] if naughty.storable(text[:1000]) else "plain"
        promised = {"due": "2026-11-19", "owner": "ada"}
        made = self._try(add, contact, subject, {**promised, "note": text}) or add(contact, "plain", promised)
        for due in ("2026-11-19", "2026-11-20 15:00", "2027-01-01"):
            self._try(add, contact, subject, {"due": due, "note": text, "owner": "ada"})
        closed = self._try(add, contact, subject, {"due": "2026-11-18"})
        if closed:
            self._try(self.app.followups.done, [closed["id"]], {"note": text[:1000]})
        return str(made["id"])

    def _rows(self, number: int, contact: str, interaction: str, text: str) -> None:
        """What imports, mail and failing channels leave behind."""
        of = {"interaction_id": int(interaction[1:])}
        who = int(contact[1:])
        for table, row in (
            ("message", {**of, "thread": text[:1000], "in_reply_to": text[:1000], "quoted": text}),
            ("attachment", {**of, "name": text[:500], "media_type": text[:200], "size": 1, "digest": DIGEST}),
            ("extra_property", {"contact_id": who, "name": text[:60], "line": text}),
            ("import_map", {"name": text[:100], "format": text[:60], "mapping": "{}"}),
            ("import_run", _run(number, text)),
            ("distinct_pair", {"noun": "contact", "first_id": who, "second_id": who + 1, "decided_at": None}),
        ):
            self._try(self._insert, table, row)

    def _insert(self, table: str, row: dict[str, Any]) -> None:
        with self.app.writing() as gate:
            if "decided_at" in row:
                row = {**row, "decided_at": gate.now}
            if "started_at" in row:
                row = {**row, "started_at": gate.now, "operation_id": 1}
            gate.insert(table, row)

    def _edit(self, contact: str, values: dict[str, Any]) -> bool:
        return self._try(self.app.contacts.edit, contact, values) is not None

    def _try(self, what: Callable[..., Any], *args: Any, **more: Any) -> Any:
        """Its result, or None when it was refused; whatever else goes wrong is a defect, and raised."""
        try:
            result = what(*args, **more)
        except CrmError as error:
            self.refused.append(f"{what.__qualname__}: {error.message}")
            return None
        self.kept += 1
        return result if result is not None else True


def cut(text: str, length: int) -> list[str]:
    """The text in pieces of a length; at least one."""
    return [text[at : at + length] for at in range(0, min(len(text), 5 * length), length)] or [text]


def label(text: str) -> str:
    """As much of it as a word of a list may have."""
    return text[:50]


def quoted(text: str) -> str:
    """As it stands between the double quotes of a filter."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _lists(text: str) -> dict[str, list[str]]:
    """What a contact has several of, with the text as value and as label."""
    label, value = text[:100], text[:2000]
    return {
        "email": [value, f"{label}=a@x.example", f"{value}@x.example", f"a@{value}.example"],
        "phone": [value, f"{label}=+44 20 7946 0958", f"+44 20 7946 0958 {value}"],
        "url": [value, f"https://x.example/{value}", f"{label}=https://x.example"],
        "address": [f"street={value}; city={value}", f"label={label}; street=x; country={value}"],
        "set": [f"free={value}", f"{label[:60]}=x"],
        "prefer": [f"coffee={value}", f"{label[:60]}=x"],
        "external": [f"hubspot:{value[:300]}", f"{label[:60]}:1"],
        "consent": [f"{label[:50]}/email=granted", f"press={label}"],
    }


def _run(number: int, text: str) -> dict[str, Any]:
    return {"run": f"{number:036d}", "format": text[:60], "name": text[:500], "started_at": "", "total": 3}
