"""`crm order`."""

import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from crmcli.app import App
from crmcli.commands import bulk
from crmcli.commands.bulk import tell_records
from crmcli.commands.options import (
    All,
    AsOf,
    Deleted,
    DryRun,
    External,
    Filter,
    Limit,
    Set,
    Unset,
    Where,
    given,
    list_limit,
    record_options,
    several,
    text_flag,
)
from crmcli.commands.room import Room
from crmcli.kernel.errors import UsageError
from crmcli.kernel.ids import parse_ref, ref
from crmcli.kernel.page import Page
from crmcli.render.formats import HUMAN
from crmcli.render.loader import load
from crmcli.render.view import Record
from crmcli.render.views.orders import DETAIL, DRAWN, VIEW, called, money, who, words
from crmcli.services.orders.orders import MOST_RENEWED, RENEWED_AT_MOST

SHOWN = 20
"""Of so many orders that would be written it is said whose they are."""
ROOM = Room("What customers bought, got and paid")
Who = Annotated[
    str, typer.Argument(help="Who ordered: an id, e-mail, phone or name", metavar="[WHO]", show_default=False)
]
Which = Annotated[str, typer.Argument(help="Its id or number", metavar="ID", show_default=False)]
Several = Annotated[list[str] | None, several("Ids or numbers")]
Paying = Annotated[
    list[str] | None,
    typer.Argument(help="Its id or number, then the amount: 50, 50 EUR; without it all that is open, of several too",
                   metavar="[ID]... [AMOUNT]", show_default=False),
]  # fmt: skip
Lines = Annotated[
    list[str] | None,
    text_flag("--line", "What was ordered: '2 x Red apples @ 7.50 EUR -10% tax 19%' (repeatable)", "LINE"),
]
EditLines = Annotated[
    list[str] | None,
    text_flag("--line", "Another line, or N=LINE or N=QUANTITY in place of the Nth (repeatable)", "LINE"),
]
RemoveLines = Annotated[
    list[str] | None, text_flag("--remove-line", "The number of a line to take out (repeatable)", "N")
]
Parts = Annotated[
    list[str] | None, text_flag("--line", "A part alone: N=QUANTITY of the Nth line (repeatable)", "N=QTY")
]
Discount = Annotated[str | None, text_flag("--discount", "Off the whole: 10%, or an amount", "AMOUNT")]
Shipping = Annotated[str | None, text_flag("--shipping", "What the customer pays for shipping", "AMOUNT")]
Tax = Annotated[str | None, text_flag("--tax", "The tax rate of lines that name none: 19%", "RATE")]
EditTax = Annotated[str | None, text_flag("--tax", "The tax rate of all lines: 19%", "RATE")]
Status = Annotated[
    str | None, text_flag("--status", "draft, payment_due, processing, in_transit or delivered; how far it is", "WORD")
]
EditStatus = Annotated[str | None, text_flag("--status", "payment_due or processing; a draft is confirmed so", "WORD")]
Paid = Annotated[bool, typer.Option("--paid", help="It was paid on the day of the order")]
Every = Annotated[str | None, text_flag("--every", "It comes again by this rule: month, '2 weeks', year", "RULE")]
EditEvery = Annotated[str | None, text_flag("--every", "It comes again by this rule from now on; none ends it", "RULE")]
Deal = Annotated[str | None, text_flag("--deal", "The won deal that it comes of, with its customer and lines", "DEAL")]
Sort = Annotated[str, text_flag("--sort", "date, total or number; -date reverses", "KEY")]
When = Annotated[str | None, text_flag("--date", "The day on which it was; today without it", "WHEN")]
Refund = Annotated[bool, typer.Option("--refund", help="Give back at once what was paid too much then")]
KeepShipping = Annotated[bool, typer.Option("--keep-shipping", help="Do not give shipping back when all came back")]
Reason = Annotated[str | None, text_flag("--reason", "Why; it is kept in the note")]
On = Annotated[str | None, text_flag("--on", "When the money came; today without it", "WHEN")]
Method = Annotated[str | None, text_flag("--method", "How it was paid: transfer, card, cash")]
Reference = Annotated[str | None, text_flag("--reference", "What the statement says")]
GivenBack = Annotated[bool, typer.Option("--refund", help="The amount was given back to the customer")]
TooMuch = Annotated[bool, typer.Option("--allow-overpayment", help="More came than is to be paid")]
Since = Annotated[str | None, text_flag("--since", "Days before this one are passed over, and never written", "WHEN")]
Most = Annotated[
    int,
    typer.Option("--limit", "-n", help="How many times of one order at most", metavar="N", min=1, max=RENEWED_AT_MOST),
]
_MONEY = re.compile(r"[+-]?[0-9]\S* [A-Za-z]{3}|[A-Za-z]{3} [+-]?[0-9]\S*")


@ROOM.verb("add")
@record_options("sales_order")
def add(
    app: App,
    who: Who = "",
    *,
    lines: Lines = None,
    discount: Discount = None,
    shipping: Shipping = None,
    tax: Tax = None,
    status: Status = None,
    paid: Paid = False,
    every: Every = None,
    deal: Deal = None,
    set_: Set = None,
    external: External = None,
    **values: Any,
) -> None:
    """Take an order of a contact or company, or one from a deal that was won."""
    if not app.prepare(VIEW, one=True):
        return
    values |= {"line": lines, "discount": discount, "shipping": shipping, "tax": tax, "status": status, "paid": paid}
    values |= {"every": every, "deal": deal, "set": set_, "external": external}
    record = app.ordering.add(who, given(values))
    again = record["recurrence"]
    if again:
        coming = app.renewals.coming(record)
        app.notes.append(f"it comes again {again['words']}" + (f", next on {coming[0]}" if coming else ""))
    app.out.created(f"Order {called(record)} of {who_(record)}: {money(record, 'total')}", VIEW, record)


@ROOM.verb("list")
def list_(
    app: App,
    query: Filter = None,
    *,
    sort: Sort = "-date",
    limit: Limit = None,
    everything: All = False,
    deleted: Deleted = False,
) -> None:
    """List orders, newest first: all of them, or those that match a filter."""
    if app.prepare(VIEW):
        most = list_limit(app, limit, everything)
        text = " ".join(query or ())
        view = DRAWN if app.out.format in HUMAN else VIEW
        app.show(view, app.orders.page(text, sort=sort, limit=most, deleted=deleted), filtered=bool(text))


@ROOM.verb("show")
def show(app: App, which: Which, *, as_of: AsOf = "") -> None:
    """Show an order: its lines, payments and returns, how it went on, and when it comes again."""
    if not app.prepare(DETAIL, one=True):
        return
    view = DETAIL
    if as_of:
        then = app.past.then(as_of, which if parse_ref(which) else ref("order", app.orders.key(which)), ("order",))
        app, view = then.app, DETAIL.of_the_past()
        record = {**app.orders.detail(then.ref), "as_of": then.at}
    else:
        record = app.orders.detail(which)
    if app.out.drawn:
        load("screens.order").write(record, app.out)
    else:
        app.show(view, record)


@ROOM.verb("edit")
@record_options("sales_order", without=("currency",))
def edit(
    app: App,
    which: Which,
    *,
    lines: EditLines = None,
    remove_line: RemoveLines = None,
    discount: Discount = None,
    shipping: Shipping = None,
    tax: EditTax = None,
    status: EditStatus = None,
    every: EditEvery = None,
    set_: Set = None,
    unset: Unset = None,
    external: External = None,
    **values: Any,
) -> None:
    """Put an order right. Lines and sums can be changed while nothing of it was sent, came back or was cancelled."""
    if not app.prepare(VIEW, one=True):
        return
    values |= {"line": lines, "remove_line": remove_line, "discount": discount, "shipping": shipping, "tax": tax}
    changes = given({**values, "status": status, "every": every, "set": set_, "unset": unset, "external": external})
    if not changes:
        raise UsageError("nothing to change was given", "for example: crm order edit o1 --due +14d --line 1=3")
    record, changed = app.ordering.edit(which, changes)
    app.out.created(f"{'Changed' if changed else 'Nothing to change in'} {_about(record)}", VIEW, record)


@ROOM.verb("ship")
def ship(
    app: App, which: Several = None, *, date: When = None, lines: Parts = None, where: Where = "",
    dry_run: DryRun = False,
) -> None:  # fmt: skip
    """Say that orders were sent, whole or in part."""
    values = given({"date": date, "line": lines})
    _change(app, which, where, dry_run, "ship", "Shipped", lambda found: app.parcels.ship(found, values))


@ROOM.verb("deliver")
def deliver(app: App, which: Several = None, *, date: When = None, where: Where = "", dry_run: DryRun = False) -> None:
    """Say that orders arrived; what was not sent yet counts as sent."""
    values = given({"date": date})
    _change(app, which, where, dry_run, "deliver", "Delivered", lambda found: app.parcels.deliver(found, values))


@ROOM.verb("return")
def return_(
    app: App,
    which: Several = None,
    *,
    lines: Parts = None,
    date: When = None,
    keep_shipping: KeepShipping = False,
    refund: Refund = False,
    where: Where = "",
    dry_run: DryRun = False,
) -> None:
    """Take back what was sent, whole or in part, with its share of discounts and tax; shipping when all came back."""
    values = given({"line": lines, "date": date, "keep_shipping": keep_shipping, "refund": refund})
    _change(app, which, where, dry_run, "take back", "Returned", lambda found: app.parcels.take_back(found, values))


@ROOM.verb("cancel")
def cancel(
    app: App,
    which: Several = None,
    *,
    reason: Reason = None,
    date: When = None,
    refund: Refund = False,
    where: Where = "",
    dry_run: DryRun = False,
) -> None:
    """Cancel orders of which nothing was sent. Those that come again end with it."""
    values = given({"reason": reason, "date": date, "refund": refund})
    _change(app, which, where, dry_run, "cancel", "Cancelled", lambda found: app.parcels.cancel(found, values))


@ROOM.verb("pay")
def pay(
    app: App,
    which: Paying = None,
    *,
    on: On = None,
    method: Method = None,
    reference: Reference = None,
    refund: GivenBack = False,
    allow_overpayment: TooMuch = False,
    where: Where = "",
    dry_run: DryRun = False,
) -> None:
    """Record what was paid for an order, in part or whole, or what was given back."""
    named, amount = list(which or ()), None
    if len(named) == 3 and _MONEY.fullmatch(" ".join(named[1:])):  # its currency is a word of its own
        named[1:] = [" ".join(named[1:])]
    if len(named) == 2 and parse_ref(named[1]) is None and named[1] != "-":
        amount = named.pop()
    values = given({"on": on, "method": method, "reference": reference, "refund": refund})
    values["allow_overpayment"] = allow_overpayment
    done = "Refunded" if refund else "Paid"
    _change(app, named, where, dry_run, "pay", done, lambda found: app.payments.pay(found, amount, values))


@ROOM.verb("renew")
def renew(app: App, *, since: Since = None, limit: Most = MOST_RENEWED, dry_run: DryRun = False) -> None:
    """Write the orders that come again and are due up to today, each once; for cron."""
    if not app.prepare(VIEW):
        return
    records = app.renewals.renew(since=since, limit=limit, dry_run=dry_run)
    if dry_run:
        return app.out.message(_planned(records))
    if not records:
        if app.out.for_programs:
            app.show(VIEW, Page([]))
        return
    tell_records(app, VIEW, records, [f"Order {_about(one)}, {one['ordered_on']}" for one in records])
    app.notes.append(f"{len(records)} {'order was' if len(records) == 1 else 'orders were'} due and written")


def _planned(records: Sequence[Record]) -> str:
    """What would be written, the first SHOWN with their days."""
    count = "1 order" if len(records) == 1 else f"{len(records):,} orders"
    days = ", ".join(f"{who(one)} {one['ordered_on']}" for one in records[:SHOWN])
    more = f" and {len(records) - SHOWN:,} more" if len(records) > SHOWN else ""
    return f"{count} would be written{f': {days}' if days else ''}{more}"


@ROOM.verb("rm")
def rm(app: App, which: Several = None, *, where: Where = "", dry_run: DryRun = False) -> None:
    """Delete orders; `restore` brings them back."""
    _change(app, which, where, dry_run, "delete", "Deleted", app.orders.remove)


@ROOM.verb("restore")
def restore(app: App, which: Several = None) -> None:
    """Bring deleted orders back."""
    _change(app, which, "", False, "restore", "Restored", app.orders.restore)


def _change(
    app: App,
    which: Sequence[str] | None,
    where: str,
    dry_run: bool,
    verb: str,
    done: str,
    change: Callable[[list[str]], list[dict[str, Any]]],
) -> None:
    bulk.change(app, VIEW, app.orders, which, where, dry_run, verb, change, lambda record: f"{done} {_about(record)}")


def _about(record: Record) -> str:
    state = f"{words(record['status'])}, {words(record['financial_status'])}"
    left = f", {money(record, 'unpaid')} open" if 0 < record["unpaid_minor"] < record["total_minor"] else ""
    return f"{called(record)} of {who_(record)}: {money(record, 'total')}, {state}{left}"


def who_(record: Record) -> str:
    """The customer's name; a word for one that was erased."""
    return who(record) or "somebody"
