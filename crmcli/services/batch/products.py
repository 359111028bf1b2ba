"""Operations on products."""

from typing import TYPE_CHECKING

from crmcli.services.batch.operation import WHO, Operation, Values, columns, ids, one, optional, taken, who

if TYPE_CHECKING:
    from crmcli.app import App

_SET = columns("product") | {"name", "tax", "price", "currency", "set", "external"}


def _price(app: "App", values: Values) -> list[str]:
    amount, currency = str(values.get("amount", "")), str(values.get("currency", ""))
    return [app.products.price(one(values), amount, currency, optional(values, "from"))[0]["id"]]


OPERATIONS = {
    "product.add": Operation(lambda app, v: [app.products.add(taken(v, "name"), v)["id"]], _SET),
    "product.edit": Operation(lambda app, v: [app.products.edit(one(v), v)[0]["id"]], _SET | WHO | {"unset"}),
    "product.price": Operation(_price, WHO | {"amount", "currency", "from"}),
    "product.rm": Operation(lambda app, v: ids(app.products.remove(who(v))), WHO),
    "product.restore": Operation(lambda app, v: ids(app.products.restore(who(v))), WHO),
}
