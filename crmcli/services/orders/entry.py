"""Taking an order: whose it is, in which currency, its lines and sums; also from a deal that was won."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from crmcli.kernel import codes, dates
from crmcli.kernel.clock import Clock
from crmcli.kernel.errors import NotFound, UsageError
from crmcli.kernel.ids import ref, uid7
from crmcli.kernel.orderlines import Line, parse_share
from crmcli.services import extras
from crmcli.services.children import as_list
from crmcli.services.orders.ledger import Ledger
from crmcli.services.orders.lines import amount_of, discount_of
from crmcli.services.salelines import SHARED, Terms
from crmcli.services.users import ME
from crmcli.store import orders, products
from crmcli.store.connection import Row
from crmcli.store.nouns import PARTIES

if TYPE_CHECKING:
    from crmcli.app import App

Columns = dict[str, Any]
COLUMNS = ("number", "source", "owner", "note", "tax_included")
NONE = "none"
BEGIN = ("draft", "payment_due", "processing", "in_transit", "delivered")


def write(app: "App", who: str, given: Mapping[str, Any]) -> int:
    """Take an order, within an open transaction; returns its key.

    Args:
        app: with the transaction.
        who: the contact or company that ordered; "" where `given` names it.
        given: `contact`, `company`, `deal`; number, `date` (today), currency, owner (me), source, note, external,
            `set`; `line`, texts or objects; `discount` (an amount or a share), `shipping`, `tax` (of lines without
            one), `tax_included`; `due`, counted from the day of the order; `status`; `paid`; `every`.

    Raises:
        UsageError: a value that cannot be understood, or the deal is not won or has an order already.
        NotFound, Ambiguous: see `Who.find` and `SaleLines.columns`.
    """
    given = usual(given)
    deal = _deal(app, given.get("deal"))
    parties = _parties(app, who, given, deal)
    day = _day(app, given)
    lines = app.salelines.parse(as_list(given.get("line") or []))
    currency = _currency(app, given, lines, deal, parties)
    rows = _rows(app, lines, deal, Terms(currency, day.isoformat(), _rate(given)))
    if not rows:
        raise UsageError("an order needs a line", "for example: --line '2 x Red apples @ 7.50'")
    return _write(app, given, {**parties, **_columns(app, given, deal), "currency": currency}, rows, day)


def _write(app: "App", given: Mapping[str, Any], columns: Columns, rows: Sequence[Columns], day: date) -> int:
    begin = _status(given)
    subtotal = sum(row["amount"] for row in rows)
    currency = columns["currency"]
    columns["uid"] = uid7(app.clock.now(), app.randomness)
    columns["ordered_on"] = day.isoformat()
    columns["due_on"] = due_day(app, given["due"], day) if given.get("due") else None
    columns["discount"] = discount_of(str(given["discount"]), currency, subtotal) if given.get("discount") else 0
    columns["shipping"] = amount_of(str(given["shipping"]), currency, "shipping") if given.get("shipping") else 0
    if given.get("every"):
        columns |= app.renewals.begin(str(given["every"]), day, columns["uid"])
    tell_twins(app, columns.get("number"), None)
    with app.writing() as gate:
        first = "draft" if begin == "draft" else "payment_due"
        key = gate.insert("sales_order", {**columns, "status": first})
        for place, row in enumerate(rows):
            gate.insert("order_line", {**row, "order_id": key, "position": place})
        ledger = Ledger(app, gate)
        ledger.rebill(key)
        ledger.settle(key, "process" if begin == "processing" else None)
        if begin in ("in_transit", "delivered"):
            app.parcels.send(gate, key, day.isoformat(), [])
        if begin == "delivered":
            app.parcels.arrive(gate, key, day.isoformat())
        if given.get("paid"):
            app.payments.write(gate, key, None, {"on": day.isoformat()})
        gate.refresh()
        return key


def tell_twins(app: "App", number: object, key: int | None) -> None:
    """Note which other order has the number, which then names none of them alone; it may be meant so."""
    if number:
        for row in orders.named(app.store, str(number), limit=2):
            if row["number"] == number and row["id"] != key:
                app.notes.append(f"{number} is also the number of {ref('order', row['id'])}")
                return


def usual(given: Mapping[str, Any]) -> dict[str, Any]:
    """What is given under the short names: `date` for `ordered_on`, `due` for `due_on`."""
    names = {"ordered_on": "date", "due_on": "due"}
    return {names.get(name, name): value for name, value in given.items() if value is not None}


# --- whose it is


def _parties(app: "App", who: str, given: Mapping[str, Any], deal: Row | None) -> Columns:
    found: Columns = {}
    if who:
        party = app.who.find(who)
        found[f"{party.noun}_id"] = party.id
    for noun in PARTIES:
        if given.get(noun):
            key = app.who.find(str(given[noun]), (noun,)).id
            if found.get(f"{noun}_id", key) != key:
                raise UsageError(f"two of them are a {noun}", f"name the {noun} once")
            found[f"{noun}_id"] = key
    if not found and deal:
        found = {name: deal[name] for name in ("contact_id", "company_id") if deal[name]}
    if not found:
        raise UsageError("nobody was named who ordered", "name a contact or company: crm order add c1 --line '…'")
    return found


def _deal(app: "App", named: object) -> Row | None:
    """The won deal that is named.

    Raises:
        UsageError: it is not won, or has an order already.
        NotFound: there is none.
    """
    if not named:
        return None
    key = app.who.record(app.deals.named(str(named)), "deal")
    row = orders.deal(app.store, key)
    assert row is not None
    mine = ref("deal", key)
    if row["deleted_at"]:
        raise NotFound(f"{mine} is deleted", f"bring it back first: crm deal restore {mine}")
    if row["status"] != "won":
        raise UsageError(f"{mine} is {row['status']}: an order comes of a deal that was won", f"crm deal won {mine}")
    known = orders.of_deal(app.store, key)
    if known:
        raise UsageError(f"{ref('order', known['id'])} is the order of {mine} already", "a deal becomes one order")
    return row


# --- what it says


def _day(app: "App", given: Mapping[str, Any]) -> date:
    text = given.get("date")
    return dates.parse(str(text), app.clock).date if text else app.clock.today()


def due_day(app: "App", text: object, day: date) -> str | None:
    """The day on which it is to be paid; `+14d` counts from the day of the order. None for an empty text or `none`."""
    if str(text).strip().lower() in ("", NONE):
        return None
    clock = Clock(app.clock.midnight(day), app.clock.zone_name)
    found = dates.parse(str(text), clock).date
    if found < day:
        raise UsageError(f"it would be due on {found}, before it was ordered", f"a day from {day} on, or +14d")
    return found.isoformat()


def _rate(given: Mapping[str, Any]) -> int | None:
    return parse_share(str(given["tax"])) if given.get("tax") is not None else None


def _status(given: Mapping[str, Any]) -> str:
    word = str(given.get("status") or "payment_due").strip().lower().replace(" ", "_").replace("-", "_")
    if word not in BEGIN:
        raise UsageError(f"an order cannot begin as '{word}'", f"use one of: {', '.join(BEGIN)}")
    return word


def _currency(app: "App", given: Mapping[str, Any], lines: Sequence[Line], deal: Row | None, parties: Columns) -> str:
    if given.get("currency"):
        return codes.check_currency(str(given["currency"]))
    told = app.salelines.currencies(lines)
    if len(told) > 1:
        raise UsageError(f"the lines are in {' and '.join(told)}", "an order has one currency: name it with --currency")
    if told:
        return told[0]
    if deal and deal["currency"]:
        return str(deal["currency"])
    return app.salelines.usual_currency(parties, "order")


def _columns(app: "App", given: Mapping[str, Any], deal: Row | None) -> Columns:
    known = {name: given[name] for name in COLUMNS if given.get(name) is not None}
    found = app.values.clean("sales_order", {"owner": ME, **known})
    if deal:
        found = {**found, "deal_id": deal["id"], "source": found.get("source") or deal["source"]}
        if given.get("owner") is None and deal["owner_id"]:
            found["owner_id"] = deal["owner_id"]
    return {**found, **extras.columns(app, "sales_order", given)}


def _rows(app: "App", lines: Sequence[Line], deal: Row | None, terms: Terms) -> list[Columns]:
    """The columns of the lines: those that are given, else those of the deal, or its amount as a line."""
    reader = app.salelines
    if lines or not deal:
        return [reader.columns(line, terms) for line in lines]
    if deal["currency"] and deal["currency"] != terms.currency:
        hint = "leave --currency out, or give the lines with --line"
        raise UsageError(f"{ref('deal', deal['id'])} is in {deal['currency']}, not in {terms.currency}", hint)
    found = [{name: row[name] for name in SHARED} for row in orders.deal_lines(app.store, deal["id"])]
    if not found and deal["amount"] is None:
        raise UsageError(
            f"{ref('deal', deal['id'])} has neither lines nor an amount", "say what is ordered with --line"
        )
    whole = {"product_id": None, "name": deal["name"], "quantity": 1000, "unit_price": deal["amount"]}
    rows = found or [{**whole, "discount": 0, "amount": deal["amount"]}]
    for row in rows:
        product = row["product_id"] and products.get(app.store, row["product_id"])
        row["sku"] = product and product["sku"]
        row["tax_rate"] = terms.tax_rate if terms.tax_rate is not None else product and product["tax_rate"]
    return rows
