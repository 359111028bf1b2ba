"""The operations of a batch on products and orders: what runs each, and the keys that it knows."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from crmcli.kernel.errors import UsageError
from crmcli.services.children import as_list
from crmcli.services.flags import aliases, flag_name, settable

if TYPE_CHECKING:
    from crmcli.app import App

Values = dict[str, Any]
Run = Callable[["App", Values], list[str]]

_NAMED = frozenset({"id", "who"})
_OWN = frozenset({"set", "external"})
_PRODUCT = frozenset({"name", "tax", "price", "currency"}) | _OWN
_SUMS = frozenset({"line", "discount", "shipping", "tax", "status", "every"}) | _OWN
_PARCEL = _NAMED | {"date"}


def _columns(table: str) -> frozenset[str]:
    return frozenset(name for column in settable(table) for name in (flag_name(column), *aliases(column)))


def operations() -> dict[str, tuple[Run, frozenset[str]]]:
    """Every operation by its name."""
    product, order = _columns("product") | _PRODUCT, _columns("sales_order") | _SUMS
    return {
        "product.add": (lambda app, v: [app.products.add(str(v.pop("name", "")), v)["id"]], product),
        "product.edit": (lambda app, v: [app.products.edit(_one(v), v)[0]["id"]], product | _NAMED | {"unset"}),
        "product.price": (_price, _NAMED | {"amount", "currency", "from"}),
        "product.rm": (lambda app, v: _ids(app.products.remove(_many(v))), _NAMED),
        "product.restore": (lambda app, v: _ids(app.products.restore(_many(v))), _NAMED),
        "order.add": (_add_order, order | {"who", "deal", "paid"}),
        "order.edit": (_edit_order, order | _NAMED | {"unset", "remove_line"}),
        "order.ship": (lambda app, v: _ids(app.orders.parcels.ship(_many(v), _listed(v))), _PARCEL | {"line"}),
        "order.deliver": (lambda app, v: _ids(app.orders.parcels.deliver(_many(v), v)), _PARCEL),
        "order.return": (
            lambda app, v: _ids(app.orders.parcels.take_back(_many(v), _listed(v))),
            _PARCEL | {"line", "keep_shipping", "refund"},
        ),
        "order.cancel": (
            lambda app, v: _ids(app.orders.parcels.cancel(_many(v), v)),
            _PARCEL | {"reason", "refund"},
        ),
        "order.pay": (_pay, _NAMED | {"amount", "on", "method", "reference", "refund", "allow_overpayment"}),
        "order.rm": (lambda app, v: _ids(app.orders.remove(_many(v))), _NAMED),
        "order.restore": (lambda app, v: _ids(app.orders.restore(_many(v))), _NAMED),
    }


def _many(values: Mapping[str, Any]) -> list[str]:
    """The records that a line names, under `id` or `who`."""
    named = values.get("id", values.get("who"))
    if named in (None, "", []):
        raise UsageError("the line names no record", '"id": "o1"')
    return [str(one) for one in as_list(named)]


def _one(values: Values) -> str:
    named = _many(values)
    if len(named) > 1:
        raise UsageError("the line names several records", "this operation takes one")
    return named[0]


def _ids(records: list[dict[str, Any]]) -> list[str]:
    return [str(record["id"]) for record in records]


def _listed(values: Values) -> Values:
    return {**values, "line": as_list(values["line"])} if values.get("line") is not None else values


def _price(app: "App", values: Values) -> list[str]:
    since = values.get("from")
    amount, currency = str(values.get("amount", "")), str(values.get("currency", ""))
    return [app.products.price(_one(values), amount, currency, since and str(since))[0]["id"]]


def _add_order(app: "App", values: Values) -> list[str]:
    return [app.orders.add(str(values.pop("who", "")), values)["id"]]


def _edit_order(app: "App", values: Values) -> list[str]:
    return [app.orders.edit(_one(values), values)[0]["id"]]


def _pay(app: "App", values: Values) -> list[str]:
    amount = values.get("amount")
    return _ids(app.orders.payments.pay(_many(values), None if amount is None else str(amount), values))
