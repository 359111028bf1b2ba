"""`crm product`."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from crmcli.app import App
from crmcli.commands import bulk
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
from crmcli.kernel.ids import parse_ref
from crmcli.render.views.products import VIEW, price

ROOM = Room("What is sold, and for how much")
Name = Annotated[str, typer.Argument(help="Its name", metavar="NAME", show_default=False)]
Which = Annotated[str, typer.Argument(help="Its id, article number or name", metavar="ID", show_default=False)]
Several = Annotated[list[str] | None, several("Ids, article numbers or names")]
Amount = Annotated[
    str, typer.Argument(help="What one costs: 8, '8 EUR'; none takes it away", metavar="AMOUNT", show_default=False)
]
Code = Annotated[
    str,
    typer.Argument(
        help="Currency (ISO 4217); without it that of the amount, else the setting", metavar="[CURRENCY]",
        show_default=False,
    ),
]  # fmt: skip
Prices = Annotated[
    list[str] | None,
    text_flag("--price", "What one costs: 7.50, or with its currency '7.50 EUR' (repeatable)", "AMOUNT"),
]
Currency = Annotated[str | None, text_flag("--currency", "Currency (ISO 4217) of a --price without one", "CODE")]
Tax = Annotated[str | None, text_flag("--tax", "Tax rate: 19%, 7.7%; none for none", "RATE")]
Since = Annotated[str | None, text_flag("--from", "The first day on which it is valid; today without it", "WHEN")]
Sort = Annotated[str, text_flag("--sort", "name, sku, category or created; -name reverses", "KEY")]
NewName = Annotated[str | None, text_flag("--name", "New name")]


@ROOM.verb("add")
@record_options("product", without=("name",))
def add(
    app: App,
    name: Name,
    *,
    tax: Tax = None,
    prices: Prices = None,
    currency: Currency = None,
    set_: Set = None,
    external: External = None,
    **values: Any,
) -> None:
    """Add something that is sold, with its prices."""
    if not app.prepare(VIEW, one=True):
        return
    values |= {"tax": tax, "price": prices, "currency": currency, "set": set_, "external": external}
    record = app.products.add(name, given(values))
    told = ", ".join(price(one) for one in record["prices"])
    app.out.created(f"Added {record['name']} ({record['id']}){f', {told}' if told else ''}", VIEW, record)


@ROOM.verb("list")
def list_(
    app: App,
    query: Filter = None,
    *,
    sort: Sort = "name",
    limit: Limit = None,
    everything: All = False,
    deleted: Deleted = False,
) -> None:
    """List products, all of them or those that match a filter."""
    if app.prepare(VIEW):
        most = list_limit(app, limit, everything)
        text = " ".join(query or ())
        app.show(VIEW, app.products.page(text, sort=sort, limit=most, deleted=deleted), filtered=bool(text))


@ROOM.verb("show")
def show(app: App, which: Which, *, as_of: AsOf = "") -> None:
    """Show every field of a product, and its price list."""
    if not app.prepare(VIEW, one=True):
        return
    if as_of:
        named = which if parse_ref(which) else app.products.find(which)["id"]
        then = app.past.then(as_of, named, ("product",))
        then.app.show(VIEW.of_the_past(), {**then.app.products.find(then.ref), "as_of": then.at})
    else:
        app.show(VIEW, app.products.find(which))


@ROOM.verb("edit")
@record_options("product", without=("name",))
def edit(
    app: App,
    which: Which,
    *,
    name: NewName = None,
    tax: Tax = None,
    prices: Prices = None,
    currency: Currency = None,
    set_: Set = None,
    unset: Unset = None,
    external: External = None,
    **values: Any,
) -> None:
    """Change a product; orders keep what they say."""
    if not app.prepare(VIEW, one=True):
        return
    values |= {"name": name, "tax": tax, "price": prices, "currency": currency}
    changes = given({**values, "set": set_, "unset": unset, "external": external})
    if not changes:
        raise UsageError("nothing to change was given", "for example: crm product edit p1 --category fruit")
    record, changed = app.products.edit(which, changes)
    app.out.created(_changed(record, changed), VIEW, record)


@ROOM.verb("price")
def price_(app: App, which: Which, amount: Amount, currency: Code = "", *, since: Since = None) -> None:
    """Say what one of a product costs in a currency, from a day on; earlier prices stay in the list."""
    if app.prepare(VIEW, one=True):
        record, changed = app.products.price(which, amount, currency, since)
        told = ", ".join(price(one) for one in record["price_list"])
        sentence = _changed(record, changed) + (f": {told}" if told else ": no price")
        app.out.created(sentence, VIEW, record)


@ROOM.verb("rm")
def rm(app: App, which: Several = None, *, where: Where = "", dry_run: DryRun = False) -> None:
    """Delete products; `restore` brings them back. Lines of deals and orders keep what they say."""
    _change(app, which or (), where, dry_run, "delete", "Deleted", app.products.remove)


@ROOM.verb("restore")
def restore(app: App, which: Several = None) -> None:
    """Bring deleted products back."""
    _change(app, which or (), "", False, "restore", "Restored", app.products.restore)


def _changed(record: dict[str, Any], changed: bool) -> str:
    return f"{'Changed' if changed else 'Nothing to change in'} {record['name']} ({record['id']})"


def _change(
    app: App,
    words: Sequence[str],
    where: str,
    dry_run: bool,
    verb: str,
    done: str,
    change: Callable[[list[str]], list[dict[str, Any]]],
) -> None:
    bulk.change(
        app,
        VIEW,
        app.products,
        words,
        where,
        dry_run,
        verb,
        change,
        lambda record: f"{done} {record['name']} ({record['id']})",
    )
