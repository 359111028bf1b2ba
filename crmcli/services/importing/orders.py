"""Taking in orders: new ones together, known ones one by one; what customers ordered is counted once at the end."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crmcli.kernel.errors import CrmError, DatabaseUnavailable
from crmcli.kernel.ids import Uids, ref
from crmcli.services.importing.customers import Customer, Customers
from crmcli.services.importing.options import Options
from crmcli.services.importing.orderready import (
    COLUMNS,
    GIVEN_BY_WRITER,
    LINE_COLUMNS,
    PAYMENT_COLUMNS,
    REFUND,
    TABLE,
    ReadyOrder,
)
from crmcli.services.importing.outcome import CREATED, REJECTED, SKIPPED, UNCHANGED, UPDATED, Outcome
from crmcli.services.importing.productrows import Article, Products
from crmcli.store import activity, sales
from crmcli.store.bulk import Bulk

if TYPE_CHECKING:
    from crmcli.app import App
    from crmcli.store.gate import Gate

NOUN = "order"
_NAME, _SKU = LINE_COLUMNS.index("name"), LINE_COLUMNS.index("sku")
_EXTERNAL = COLUMNS.index("external")
LINES = ("order_id", "position", "product_id", *LINE_COLUMNS)
PAYMENTS = ("order_id", *PAYMENT_COLUMNS)
Plan = tuple[int, ReadyOrder, Customer]
"""A new order: its place in the chunk, and whose it is."""


class OrderLanding:
    """Taking in orders.

    Args:
        app: the App.
        gate: of the open transaction.
        bulk: writes many new rows.
        options: how the import is meant.

    `odd` counts the orders that are worth a note, by what is odd about them.
    """

    def __init__(self, app: "App", gate: "Gate", bulk: Bulk, options: Options) -> None:
        self.app = app
        self.gate = gate
        self.bulk = bulk
        self.options = options
        self.customers = Customers(app, gate, bulk, options)
        self.products = Products(app, gate, bulk)
        self.odd: dict[str, int] = {}
        self._uids = Uids(gate.moment, app.randomness)
        self._first = sales.last(app.store, TABLE) + 1
        self._updated: set[int] = set()

    def land(self, chunk: Sequence[ReadyOrder]) -> list[Outcome]:
        """Match and write orders that were made ready; returns what became of each, in their order."""
        self.customers.look((one.who, one.customer) for one in chunk if one.customer is not None)
        self.products.look(article for one in chunk for line in one.lines if (article := _article(line)))
        creating = self.options.on_match == "create"
        known = {} if creating else sales.by_external(self.app.store, TABLE, _externals(chunk))
        outcomes: dict[int, Outcome] = {}
        new: list[Plan] = []
        told: set[str] = set()
        for place, one in enumerate(chunk):
            customer = self.customers.of(one.who)
            if isinstance(customer, Outcome):
                outcomes[place] = customer
            elif one.external and not creating and (one.external in told or self._is_ours(known.get(one.external))):
                outcomes[place] = _twice(one)
            elif one.external in known and one.external:
                outcomes[place] = self._known(one, known[one.external], customer)
            else:
                new.append((place, one, customer))
            if one.external:
                told.add(one.external)
            if one.odd and outcomes.get(place, NEW).kind in (CREATED, UPDATED):
                self.odd[one.odd] = self.odd.get(one.odd, 0) + 1
        outcomes.update(self._write(new))
        return [outcomes[place] for place in range(len(chunk))]

    def finish(self) -> None:
        """Count what customers ordered, once all is written and can be found."""
        if sales.last(self.app.store, TABLE) >= self._first:
            activity.refresh_ordered(self.gate.connection, self._first)
            for noun, key in sales.new_customers(self.app.store, self._first):
                self.gate.update(noun, key, {"lifecycle_stage": "customer"})
        self._first = sales.last(self.app.store, TABLE) + 1

    def _is_ours(self, known: sales.Known | None) -> bool:
        """Whether an order was written or brought up to date in this load."""
        return known is not None and (known.id >= self._first or known.id in self._updated)

    # --- new ones

    def _write(self, plans: Sequence[Plan]) -> dict[int, Outcome]:
        if not plans:
            return {}
        first, now = self.bulk.reserve(TABLE, len(plans)), self.gate.now
        numbered = list(enumerate(plans, first))
        uids = self._uids.next(len(plans))
        own = [
            (key, uid, customer.contact, customer.company, now, now, *self._row(one))
            for (key, (_, one, customer)), uid in zip(numbered, uids, strict=True)
        ]
        self.bulk.insert(TABLE, ("id", *GIVEN_BY_WRITER, *COLUMNS), own)
        lines = [
            (key, position, self._product(line), *line)
            for key, (_, one, _) in numbered
            for position, line in enumerate(one.lines)
        ]
        self.bulk.insert("order_line", LINES, lines)
        paid = [(key, *entry) for key, (_, one, _) in numbered for entry in one.payments]
        self.bulk.insert("payment", PAYMENTS, paid)
        self.bulk.index(TABLE, ((key, "", "", one.words) for key, (_, one, _) in numbered))
        return {place: Outcome(CREATED, NOUN, key) for key, (place, _, _) in numbered}

    def _row(self, one: ReadyOrder) -> tuple[Any, ...]:
        """The order's own row; one that is made a second time cannot have what it is known by."""
        if self.options.on_match != "create":
            return one.row
        return (*one.row[:_EXTERNAL], None, *one.row[_EXTERNAL + 1 :])

    def _product(self, line: tuple[Any, ...]) -> int | None:
        article = _article(line)
        return self.products.key(article) if article else None

    # --- known ones

    def _known(self, one: ReadyOrder, known: sales.Known, customer: Customer) -> Outcome:
        if known.deleted:
            return Outcome(
                SKIPPED, NOUN, known.id, f"deleted here; crm order restore {ref(NOUN, known.id)} brings it back"
            )
        self._updated.add(known.id)
        if self.options.on_match == "skip":
            return Outcome(UNCHANGED, NOUN, known.id)
        try:
            with self.app.store.savepoint():
                changed = self._update(one, known.id, customer)
        except DatabaseUnavailable:
            raise
        except CrmError as error:
            self.customers.forget()
            self.products.forget()
            return Outcome(REJECTED, NOUN, None, error.message)
        return Outcome(UPDATED if changed else UNCHANGED, NOUN, known.id)

    def _update(self, one: ReadyOrder, key: int, customer: Customer) -> bool:
        before = self.gate.fetch(TABLE, key)
        given = {name: value for name, value in zip(COLUMNS, one.row, strict=True) if name in one.said}
        if customer.contact or customer.company:
            given |= {"contact_id": customer.contact, "company_id": customer.company or before["company_id"]}
        if self.options.on_match == "fill":
            given = {name: value for name, value in given.items() if before[name] in (None, "")}
            return self.gate.update(TABLE, key, given)
        given = self._with_returns(before, given)
        changed = self._update_lines(one, key)
        given["paid"] -= self._refunded_here(one, key, given)
        changed |= self._update_payments(one, key, before["paid"], given["paid"])
        changed |= self.gate.update(TABLE, key, given)
        if changed:
            self.gate.touch(TABLE, key)
        return changed

    def _with_returns(self, before: Mapping[str, Any], given: dict[str, Any]) -> dict[str, Any]:
        """What the file says of an order, less what came back here, of which the file knows nothing."""
        rows = sales.children(self.app.store, "order_line", "order_id", before["id"])
        back = [row for row in rows if row["return_of"] is not None]
        if not back:
            return given
        amount, tax = (sum(row[name] for row in back) for name in ("amount", "tax"))
        shipping = given["shipping"]
        if before["status"] == "returned":  # all of it, and shipping may have been given back with it
            kept = ("shipping", "status", "fulfillment_status", "returned_on")
            given = {**given, **{name: before[name] for name in kept}}
        total = given["total"] + amount + (0 if given["tax_included"] else tax) + given["shipping"] - shipping
        return {**given, "subtotal": given["subtotal"] + amount, "tax": given["tax"] + tax, "total": total}

    def _refunded_here(self, one: ReadyOrder, key: int, given: dict[str, Any]) -> int:
        """What was given back here, where the file tells of no refund; how far it is paid then stays as it is here."""
        paid = (dict(zip(PAYMENT_COLUMNS, entry, strict=True))["amount"] for entry in one.payments)
        if any(amount < 0 for amount in paid):
            return 0
        rows = sales.children(self.app.store, "payment", "order_id", key)
        refunded: int = -sum(row["amount"] for row in rows if row["amount"] < 0)
        if refunded:
            for name in ("financial_status", "paid_on"):
                given.pop(name, None)
        return refunded

    def _update_lines(self, one: ReadyOrder, key: int) -> bool:
        """Make the lines those of the file; one that was sent back here and that the file does not know stays."""
        here = [
            row for row in sales.children(self.app.store, "order_line", "order_id", key) if row["return_of"] is None
        ]
        changed = False
        for position, line in enumerate(one.lines):
            values = {
                "position": position,
                "product_id": self._product(line),
                **dict(zip(LINE_COLUMNS, line, strict=True)),
            }
            if position < len(here):
                changed |= self.gate.update("order_line", here[position]["id"], values)
            else:
                self.gate.insert("order_line", {"order_id": key, **values})
                changed = True
        for row in here[len(one.lines) :]:
            self.gate.delete("order_line", row["id"])
            changed = True
        return changed

    def _update_payments(self, one: ReadyOrder, key: int, before: int, paid: int) -> bool:
        """Add what was paid or given back since."""
        if before == paid:
            return False
        last = (
            dict(zip(PAYMENT_COLUMNS, one.payments[-1], strict=True))
            if one.payments
            else {"paid_on": self.gate.now[:10]}
        )
        self.gate.insert("payment", {**last, "order_id": key, "amount": paid - before})
        return True


NEW = Outcome(CREATED, NOUN)


def _article(line: tuple[Any, ...]) -> Article | None:
    """What product a line is of; money given back is of none."""
    return None if line[_NAME] == REFUND and line[_SKU] is None else (line[_NAME], line[_SKU])


def _externals(chunk: Sequence[ReadyOrder]) -> list[str]:
    return [one.external for one in chunk if one.external]


def _twice(one: ReadyOrder) -> Outcome:
    name = str(one.external).partition(":")[2]
    reason = f"order {name[:60]} stands in the file before; the lines of an order must follow each other"
    return Outcome(REJECTED, NOUN, None, reason)
