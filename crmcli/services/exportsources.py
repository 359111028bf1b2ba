"""Where the records of an export come from: of each noun, what a filter is in SQL, and the records that match."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from crmcli.exporters.base import Record
from crmcli.store import cases, deals, exports, followups, interactions, orders, party_list, products
from crmcli.store.due import horizon
from crmcli.store.filters import parse
from crmcli.store.nouns import PARTIES

if TYPE_CHECKING:
    from crmcli.app import App

Condition = exports.Condition


def _whole(app: "App", text: str) -> Condition:
    return "", []


class Source(NamedTuple):
    """The records of a noun that match a condition, and what condition a filter is (UsageError for a wrong one)."""

    records: Callable[["App", Condition], Iterable[Record]]
    condition: Callable[["App", str], Condition] = _whole


def _party(noun: str) -> Source:
    by = party_list.order("name")
    return Source(
        lambda app, where: exports.all_parties(app.store, noun, where),
        lambda app, text: party_list.condition(app.store, noun, text, by, app.clock, app.users.key),
    )


def _today(app: "App") -> str:
    return app.clock.today().isoformat()


SOURCES = {
    **{noun: _party(noun) for noun in PARTIES},
    "interaction": Source(
        lambda app, where: exports.all_interactions(app.store, where),
        lambda app, text: interactions.condition(app.store, text, app.clock, app.users.key),
    ),
    "followup": Source(
        lambda app, where: exports.all_followups(app.store, where, horizon(app.clock)),
        lambda app, text: followups.condition(app.store, parse(text), app.clock, app.users.key, horizon(app.clock)),
    ),
    "deal": Source(
        lambda app, where: exports.all_deals(app.store, where, app.now),
        lambda app, text: deals.condition(app.store, parse(text), app.clock, app.users.key),
    ),
    "product": Source(
        lambda app, where: exports.all_products(app.store, where, _today(app)),
        lambda app, text: products.condition(app.store, parse(text), app.clock, app.users.key),
    ),
    "order": Source(
        lambda app, where: exports.all_orders(app.store, where, _today(app)),
        lambda app, text: orders.condition(app.store, parse(text), app.clock, app.users.key, _today(app)),
    ),
    "case": Source(
        lambda app, where: exports.all_cases(app.store, where, app.now),
        lambda app, text: cases.condition(app.store, parse(text), app.clock, app.users.key, app.now),
    ),
    "user": Source(lambda app, where: app.users.page().items),
    "tag": Source(lambda app, where: exports.all_tags(app.store)),
    "field": Source(lambda app, where: app.fields.page().items),
}
