"""Taking in our own orders, products, deals and cases again, by their uids: what another database of ours gave out."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crmcli.importers.base import Draft
from crmcli.kernel.errors import CrmError, DatabaseUnavailable
from crmcli.kernel.ids import noun_of, ref
from crmcli.services.importing.customers import Customer, Customers
from crmcli.services.importing.options import Options
from crmcli.services.importing.outcome import CREATED, REJECTED, SKIPPED, UNCHANGED, UPDATED, Outcome
from crmcli.services.importing.prepare import Preparer
from crmcli.services.importing.stages import Stages
from crmcli.services.importing.team import UNKNOWN, Team
from crmcli.store import matching, sales
from crmcli.store.blank import blank
from crmcli.store.bulk import Bulk
from crmcli.store.derive import name_key
from crmcli.store.nouns import PARTIES
from crmcli.store.schema import TABLES

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

OWN = {"own_order": "sales_order", "own_product": "product", "own_deal": "deal", "own_case": "support_case"}
"""Nouns of drafts, and the tables of their records."""
Values = Mapping[str, Any]
Rows = list[dict[str, Any]]


class OwnLanding:
    """Taking in records of ours.

    Args:
        app: the App.
        gate: of the open transaction.
        bulk: writes new customers.
        options: how the import is meant.
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

    def land(self, drafts: Sequence[Draft]) -> list[Outcome]:
        """Write those that are not here, and bring the others up to date; returns what became of each."""
        return [self._one(OWN[draft.noun], draft) for draft in drafts]

    def finish(self) -> None:
        """Nothing is left to the end."""

    def _one(self, table: str, draft: Draft) -> Outcome:
        noun = noun_of(table)
        known = sales.by_uid(self.app.store, table, [draft.values["uid"]]).get(draft.values["uid"])
        if known is not None and known.deleted:
            return Outcome(
                SKIPPED, noun, known.id, f"deleted here; crm {noun} restore {ref(noun, known.id)} brings it back"
            )
        if known is not None and self.options.on_match == "skip":
            return Outcome(UNCHANGED, noun, known.id)
        try:
            with self.app.store.savepoint():
                return self._taken(table, draft, known and known.id)
        except DatabaseUnavailable:
            raise
        except CrmError as error:
            self.customers.forget()
            self.stages.forget()
            return Outcome(REJECTED, noun, None, error.message)

    def _taken(self, table: str, draft: Draft, key: int | None) -> Outcome:
        values = draft.values
        columns = blank(table).keys()
        row = {name: value for name, value in values.items() if name in columns and name != "custom"}
        row |= self._pointing(table, values, draft.place)
        custom = dict(values["custom"] or {})
        if "owner_id" in columns:
            row |= self._owner(values, custom)
        row["custom"] = json.dumps(custom, ensure_ascii=False, separators=(",", ":")) if custom else None
        if table == "deal":
            row |= self._stand(values)
        if row.get("recurrence"):
            given = {"every": row["recurrence"], "series": row.get("series"), "occurs_on": row.get("occurs_on")}
            row |= self.app.recurring.from_elsewhere(given, {"due_at": f"{values['ordered_on']}T12:00:00Z"})
        before = self.gate.changes
        if key is None:
            kind, key = CREATED, self.gate.insert(table, row)
            if table == "support_case":  # how it got there does not travel
                stay = {"case_id": key, "status": row.get("status", "new"), "entered_at": row["opened_at"]}
                self.gate.insert("case_status", stay)
        else:
            kind = UPDATED
            self.gate.update(
                table, key, {name: value for name, value in row.items() if name not in ("uid", "stage_since")}
            )
        for child, owner, rows in self._children(table, values):
            self._replace(child, owner, key, rows)
        unchanged = kind == UPDATED and self.gate.changes == before
        return Outcome(UNCHANGED if unchanged else kind, noun_of(table), key)

    # --- what a record points to

    def _pointing(self, table: str, values: Values, place: int) -> dict[str, Any]:
        columns = TABLES[table].columns
        found: dict[str, Any] = {}
        for noun in PARTIES:
            if f"{noun}_id" in columns and values.get(noun):
                found[f"{noun}_id"] = self._party(noun, values[noun], place)
        if "deal_id" in columns and values.get("deal"):
            found["deal_id"] = self._by_uid("deal", values["deal"])
        if "order_id" in columns and values.get("order"):
            found["order_id"] = self._order(values["order"])
        if "product_id" in columns and values.get("product"):
            found["product_id"] = self._product(values["product"])
        return found

    def _owner(self, values: Values, custom: dict[str, Any]) -> dict[str, Any]:
        """The owner as a column; of one whom nobody knows here the name is kept, and who owns the record goes on."""
        name = values["owner"]
        if not name:
            return {"owner_id": None}
        key = self.team.named(name)
        if key is None:
            custom[UNKNOWN] = name
            return {}
        return {"owner_id": key}

    def _by_uid(self, table: str, named: Values) -> int | None:
        known = sales.by_uid(self.app.store, table, [str(named.get("uid", ""))])
        return next((one.id for one in known.values()), None)

    def _order(self, named: Values) -> int | None:
        """The order of this uid, or the only one of this number; a table tells one of them."""
        text = str(named.get("number") or "")
        key = self._by_uid("sales_order", named) or self._by_uid("sales_order", {"uid": text})
        sql = "SELECT id FROM sales_order WHERE number = ? AND deleted_at IS NULL ORDER BY id"
        rows = self.app.store.rows(sql, [text]) if key is None and text else []
        return rows[0]["id"] if len(rows) == 1 else key

    def _product(self, named: Values) -> int | None:
        """The product of this uid, article number or name, of which the words of a line in a table are either."""
        uid = named.get("uid") or named.get("product_uid")
        key = self._by_uid("product", {"uid": uid}) if uid else None
        if key is None and named.get("sku"):
            key = sales.products_by_sku(self.app.store, [named["sku"]]).get(named["sku"])
        words = named.get("words")
        if key is None and words and not named.get("sku"):
            key = sales.products_by_sku(self.app.store, [words]).get(words)
        if key is None and (uid or words or named.keys() == {"name"}) and named.get("name"):
            key = sales.products_by_name(self.app.store, [name_key(named["name"])]).get(name_key(named["name"]))
        return key

    def _party(self, noun: str, named: Values, place: int) -> int | None:
        uid = str(named.get("uid", ""))
        known = matching.by_uid(self.app.store, noun, [uid]).get(uid, []) if uid else []
        if known:
            return known[0].id
        name = named.get("display_name") or named.get("name")
        given = {"name": name, "uid": uid, "email": [{"value": named["email"]}] if named.get("email") else []}
        who = "\x1f".join((noun, uid, str(named.get("email", "")), str(name or "")))
        self.customers.look([(who, (noun, *self.preparer.one(noun, given, place)))])
        found = self.customers.of(who)
        if not isinstance(found, Customer):
            return None
        return found.contact if noun == "contact" else found.company

    def _stand(self, values: Values) -> dict[str, Any]:
        stand = self.stages.of(values["pipeline"], values["stage"], values["status"], None)
        stays = values["stages"]
        since = stays[-1]["entered_at"] if stays else self.gate.now
        return {"pipeline_id": stand.pipeline, "stage_id": stand.stage, "status": stand.type, "stage_since": since}

    # --- what belongs to it

    def _children(self, table: str, values: Values) -> list[tuple[str, str, Rows]]:
        if table == "sales_order":
            return [
                ("order_line", "order_id", self._lines("order_line", values)),
                ("payment", "order_id", values["payments"]),
            ]
        if table == "product":
            return [("price", "product_id", values["prices"])]
        if table == "deal":
            stays = [
                {
                    "stage_id": self.stages.of(values["pipeline"], stay["stage"], "", None).stage,
                    "entered_at": stay["entered_at"],
                    "left_at": stay["left_at"],
                }
                for stay in values["stages"]
            ]
            people: Rows = []
            for one in values["contacts"]:
                contact = self._party("contact", one, 0)
                if contact is not None and all(entry["contact_id"] != contact for entry in people):
                    people.append({"contact_id": contact, "role": one["role"]})
            return [
                ("deal_line", "deal_id", self._lines("deal_line", values)),
                ("deal_contact", "deal_id", people),
                ("deal_stage", "deal_id", stays),
            ]
        return []

    def _lines(self, table: str, values: Values) -> Rows:
        columns = blank(table).keys()
        made: Rows = []
        for position, line in enumerate(values["lines"]):
            product = self._product(line)
            told = {**line, **self._by_words(line, product)}
            row = {name: value for name, value in told.items() if name in columns and name != "return_of"}
            made.append({**row, "position": position, "product_id": product, "_returns": line.get("return_of")})
        return made

    def _by_words(self, line: Values, product: int | None) -> Values:
        """What a line of a table has of the product that its words alone named: the article number, and its name."""
        if product is None or "words" not in line or "sku" in line or "product_uid" in line:
            return {}
        row = self.gate.fetch("product", product)
        return {"sku": row["sku"], "name": row["name"] if row["sku"] == line["words"] else line["name"]}

    def _replace(self, table: str, owner: str, key: int, rows: Rows) -> None:
        """Make the rows that belong to a record these, in their order."""
        here = sales.children(self.app.store, table, owner, key)
        keys: list[int] = []
        for place, row in enumerate(rows):
            values = {name: value for name, value in row.items() if name != "_returns"}
            of = row.get("_returns")
            if of is not None and 0 < of <= len(keys):
                values["return_of"] = keys[of - 1]
            if place < len(here):
                self.gate.update(table, here[place]["id"], values)
                keys.append(here[place]["id"])
            else:
                keys.append(self.gate.insert(table, {owner: key, **values}))
        for row in here[len(rows) :]:
            self.gate.delete(table, row["id"])
