"""Operations on orders; `who` of a new one is the customer."""

from typing import TYPE_CHECKING

from crmcli.kernel.errors import UsageError
from crmcli.services.batch.operation import WHO, Operation, Values, columns, ids, one, optional, taken, who
from crmcli.services.children import as_list
from crmcli.services.orders.orders import MOST_RENEWED, RENEWED_AT_MOST

if TYPE_CHECKING:
    from crmcli.app import App

_SET = columns("sales_order") | {"line", "discount", "shipping", "tax", "status", "every", "set", "external"}
_PARCEL = WHO | {"date"}


def _pay(app: "App", values: Values) -> list[str]:
    amount = values.get("amount")
    return ids(app.payments.pay(who(values), None if amount is None else str(amount), values))


def _renew(app: "App", values: Values) -> list[str]:
    limit = values.get("limit", MOST_RENEWED)
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= RENEWED_AT_MOST:
        raise UsageError(f"limit is no number from 1 to {RENEWED_AT_MOST:,}", f'"limit": {MOST_RENEWED}')
    return ids(app.renewals.renew(since=optional(values, "since"), limit=limit))


def _listed(values: Values) -> Values:
    return {**values, "line": as_list(values["line"])} if values.get("line") is not None else values


OPERATIONS = {
    "order.add": Operation(lambda app, v: [app.ordering.add(taken(v, "who"), v)["id"]], _SET | {"who", "deal", "paid"}),
    "order.edit": Operation(
        lambda app, v: [app.ordering.edit(one(v), v)[0]["id"]], _SET | WHO | {"unset", "remove_line"}
    ),
    "order.ship": Operation(lambda app, v: ids(app.parcels.ship(who(v), _listed(v))), _PARCEL | {"line"}),
    "order.deliver": Operation(lambda app, v: ids(app.parcels.deliver(who(v), v)), _PARCEL),
    "order.return": Operation(
        lambda app, v: ids(app.parcels.take_back(who(v), _listed(v))),
        _PARCEL | {"line", "keep_shipping", "refund"},
    ),
    "order.cancel": Operation(lambda app, v: ids(app.parcels.cancel(who(v), v)), _PARCEL | {"reason", "refund"}),
    "order.pay": Operation(_pay, WHO | {"amount", "on", "method", "reference", "refund", "allow_overpayment"}),
    "order.renew": Operation(_renew, frozenset({"since", "limit"})),
    "order.rm": Operation(lambda app, v: ids(app.orders.remove(who(v))), WHO),
    "order.restore": Operation(lambda app, v: ids(app.orders.restore(who(v))), WHO),
}
