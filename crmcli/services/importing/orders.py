"""Taking in orders: new ones together, known ones one by one; what customers ordered is counted once at the end."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crmcli.kernel import orderstates
from crmcli.kernel.errors import CrmError, DatabaseUnavailable, UsageError
from crmcli.kernel.ids import Uids, ref
from crmcli.kernel.orderlines import REFUND, is_refund
from crmcli.services.importing import orderhere, orderlines
from crmcli.services.importing.customers import Customer, Customers
from crmcli.services.importing.options import Options
from crmcli.services.importing.orderready import (
    COLUMNS,
    GIVEN_BY_WRITER,
    LINE_COLUMNS,
    PAYMENT_COLUMNS,
    TABLE,
    ReadyOrder,
)
from crmcli.services.importing.outcome import CREATED, REJECTED, SKIPPED, UNCHANGED, UPDATED, Outcome
from crmcli.services.importing.productrows import Article, Products
from crmcli.store import activity, sales
from crmcli.store.bulk import Bulk
from crmcli.store.connection import Row

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
        self._further = False

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
        self._further = False
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
        if self._further:
            self.odd[orderhere.FURTHER] = self.odd.get(orderhere.FURTHER, 0) + 1
        return Outcome(UPDATED if changed else UNCHANGED, NOUN, known.id)

    def _update(self, one: ReadyOrder, key: int, customer: Customer) -> bool:
        before = self.gate.fetch(TABLE, key)
        given = {name: value for name, value in zip(COLUMNS, one.row, strict=True) if name in one.said}
        if customer.contact or customer.company:
            given |= {"contact_id": customer.contact, "company_id": customer.company or before["company_id"]}
        if self.options.on_match == "fill":
            given = {name: value for name, value in given.items() if before[name] in (None, "")}
            return self.gate.update(TABLE, key, given)
        self._refuse_currency(key, before["currency"], given["currency"])
        if before["shipped_on"] and given["ordered_on"] > before["shipped_on"]:
            del given["ordered_on"]  # what was sent here was ordered before
        here = orderlines.split(self._of(key, "order_line"))
        told = [dict(zip(LINE_COLUMNS, line, strict=True)) for line in one.lines]
        refunds = [line for line in told if is_refund(line)]
        sold = [line for line in told if not is_refund(line)]
        pairs = orderlines.paired(sold, here)
        kept = orderlines.contradicts(sold, pairs, here)
        refunded = -sum(line["amount"] for line in refunds)
        whole = 0 < orderlines.ordered(here.own if kept else sold) <= here.returned
        there = given
        given, rest = orderhere.amounts(before, there, here, refunded, whole=whole, kept=kept)
        if here.back and given["total"] < 0 <= before["total"]:  # more came back here than the file has left
            kept = True
            given, rest = orderhere.amounts(before, there, here, refunded, whole=whole, kept=kept)
        changed = False
        sent = given["fulfillment_status"] == "fulfilled"
        if orderhere.stays_cancelled(before, given):
            sold, sent = [{**line, "shipped": 0} for line in sold], False
        if not kept:
            changed = self._update_lines(key, sold, pairs, here, sent=sent)
        first = 1 + max((row["position"] for row in here.own), default=-1) if kept else len(sold)
        refund = {**refunds[0], "unit_price": rest, "amount": -rest} if rest else None
        changed |= self._update_rest(key, here, first, refund)
        changed |= self._pay(one, key, before, given, kept=kept)
        if changed:
            self.gate.touch(TABLE, key)
        return changed

    def _refuse_currency(self, key: int, here: str, there: str) -> None:
        """Refuse another currency for an order for which money came or went: that was not in it. Raises UsageError."""
        if there != here and self._of(key, "payment"):
            raise UsageError(
                f"{ref(NOUN, key)} is in {here} and was paid so, and not in {there}", "see: crm order show"
            )

    def _pay(self, one: ReadyOrder, key: int, before: Row, given: dict[str, Any], *, kept: bool) -> bool:
        """Write what was paid there since, and the order's own row."""
        told = [dict(zip(PAYMENT_COLUMNS, entry, strict=True)) for entry in one.payments]
        added, here = orderhere.since(told, self._of(key, "payment"))
        given["paid"] = before["paid"] + sum(entry["amount"] for entry in added)
        for entry in added:
            self.gate.insert("payment", {**entry, "order_id": key})
        further = orderhere.far(before, given, self._of(key, "order_line"), paid_here=here)
        given |= further
        if here or kept or "status" in further:
            payments = [(row["amount"], row["paid_on"]) for row in self._of(key, "payment")]
            cancelled = given["status"] == "cancelled"
            given |= orderstates.paid(given["total"], payments, cancelled=cancelled)._asdict()
        self._further = here or kept or bool(further)
        return self.gate.update(TABLE, key, given) or bool(added)

    def _of(self, key: int, table: str) -> list[Row]:
        return sales.children(self.app.store, table, "order_id", key)

    def _update_lines(
        self,
        key: int,
        told: Sequence[dict[str, Any]],
        pairs: orderlines.Paired,
        here: orderlines.Lines,
        *,
        sent: bool,
    ) -> bool:
        """Make the lines those of the file; what was sent of one stays, and is more where the file tells so.

        Where parts were sent, `sent` says that the rest was, too.
        """
        parts = any(one["shipped"] for one in (*here.own, *told))
        changed = False
        for position, (line, row) in enumerate(zip(told, pairs.rows, strict=True)):
            known = (here.done(row) if row else 0, line["shipped"], line["quantity"] if sent else 0)
            shipped = max(known) if parts else 0
            product = self._product(tuple(line.values()))
            values = {**line, "position": position, "product_id": product, "shipped": shipped}
            if row is not None:
                changed |= self.gate.update("order_line", row["id"], values)
            else:
                self.gate.insert("order_line", {"order_id": key, **values})
                changed = True
        for row in pairs.gone:
            self.gate.delete("order_line", row["id"])
            changed = True
        return changed

    def _update_rest(self, key: int, here: orderlines.Lines, first: int, refund: dict[str, Any] | None) -> bool:
        """Put what came back here behind the lines that were sold, and make the line of a refund what it is to be.

        Args:
            key: of the order.
            here: its lines as they were.
            first: the place behind those that were sold.
            refund: the columns of the line of the refund; None where there is to be none.
        """
        gone = here.refunds[0 if refund is None else 1 :]
        for row in gone:
            self.gate.delete("order_line", row["id"])
        changed = bool(gone)
        stay = [row for row in (*here.back, *here.refunds) if row not in gone]
        stay.sort(key=lambda row: (row["position"], row["id"]))
        for position, row in enumerate(stay, first):
            values = refund if refund is not None and row in here.refunds else {}
            changed |= self.gate.update("order_line", row["id"], {**values, "position": position})
        if refund is not None and not here.refunds:
            self.gate.insert("order_line", {**refund, "order_id": key, "position": first + len(stay)})
            changed = True
        return changed


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
