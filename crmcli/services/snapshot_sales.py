"""What a customer may buy, bought and asked, as a snapshot tells it: deals, orders, cases and retention."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from crmcli.kernel.clock import Clock, instant, stamp
from crmcli.kernel.ids import ref
from crmcli.kernel.median import median
from crmcli.kernel.money import divided, plain, shares, totals
from crmcli.kernel.orderlines import write_quantity
from crmcli.kernel.retention import retention
from crmcli.kernel.rulewords import words
from crmcli.services.who import Match
from crmcli.store import casedue
from crmcli.store import snapshot_sales as reads
from crmcli.store.connection import Row
from crmcli.store.orders import still_to_pay
from crmcli.store.store import Store

if TYPE_CHECKING:
    from crmcli.app import App

Sold = tuple[int | None, str, str]
"""What was sold: the key of a product, its name or that of the line, and the currency."""
LATEST = 5
PAST_CASES = 5
PRODUCTS = 10
LEAST_GAPS = 2


def deals(app: "App", party: Match) -> dict[str, Any]:
    """The deals of a customer.

    Returns:
        `open`: records, those first that are to be won first; `rotting` says that one is in its stage for longer than
        that allows, `next_step` that a follow-up is planned for it; `amounts`: the sums of the open ones; `won` and
        `lost`: `count` and `amounts`. A sum has `currency`, `amount` (decimal text) and `amount_minor`.
    """
    today = app.clock.today().isoformat()
    rows, closed = reads.deals(app.store, party.noun, party.id, today)
    planned = reads.promised(app.store, "deal_id", [row["id"] for row in rows])
    found: dict[str, Any] = {"open": [_deal(row, row["id"] in planned, app.clock) for row in rows]}
    found["amounts"] = sums((row["amount"], row["currency"]) for row in rows)
    for status in ("won", "lost"):
        own = [row for row in closed if row["status"] == status]
        found[status] = {
            "count": sum(row["n"] for row in own),
            "amounts": sums((row["amount"], row["currency"]) for row in own),
        }
    return found


def _deal(row: Row, planned: bool, clock: Clock) -> dict[str, Any]:
    stay = _days_since(row["stage_since"], clock)
    return {
        "id": ref("deal", row["id"]),
        "name": row["name"],
        "stage": row["stage"],
        "pipeline": row["pipeline"],
        **money("amount", row["amount"], row["currency"]),
        "currency": row["currency"],
        "probability": row["probability"],
        "close_date": row["close_date"],
        "overdue": row["close_date"] is not None and row["close_date"] < clock.today().isoformat(),
        "age_days": _days_since(row["created_at"], clock),
        "stage_days": stay,
        "rotting": row["stage_since"] < (rotten_before(row, clock) or ""),
        "next_step": planned,
        "contact": _contact(row),
        "owner": row["owner"],
    }


def orders(app: "App", party: Match) -> dict[str, Any]:
    """The orders of a customer; drafts, cancelled ones and those that came back whole count for nothing.

    Returns:
        `count`, `first_on`, `last_on`; `usual_gap_days`: the median of the days between two with orders, None below
        three such days; `totals` by currency: `count`, `total`, `average`; `products`: what is bought, of the latest
        orders, that of most orders first: `orders`, `quantity`, `amount` (less all discounts and what came back,
        without taxes that are added and shipping); `unpaid`: `count`, `amounts`, and `orders`
        with the longest due first; `overdue`: `count` and `amounts` of those whose day is over; `recurring`: orders
        that repeat, with `next_on`; `latest`: the newest orders. Amounts are decimal texts, beside each the minor
        units.
    """
    today = app.clock.today()
    days = reads.orders(app.store, party.noun, party.id, today.isoformat())
    latest = reads.latest_orders(app.store, party.noun, party.id, today.isoformat())
    unpaid = reads.unpaid(app.store, party.noun, party.id, today.isoformat()) if days else []
    late = [row for row in unpaid if row["due_on"] and row["due_on"] < today.isoformat()]
    return {
        "count": sum(row["n"] for row in days),
        "first_on": days[0]["ordered_on"] if days else None,
        "last_on": days[-1]["ordered_on"] if days else None,
        "usual_gap_days": _usual_gap(days),
        "totals": _totals(days),
        "products": _products(app.store, reads.purchases(latest)),
        "unpaid": {**_owing(unpaid), "orders": [_order(row) for row in unpaid[:LATEST]]},
        "overdue": {**_owing(late), "orders": [_order(row) for row in late[:LATEST]]},
        "recurring": _recurring(app, latest),
        "latest": [_order(row) for row in latest[:LATEST]],
    }


def kept(found: Mapping[str, Any], today: date) -> str | None:
    """The retention that follows from the orders of a customer."""
    return retention(found["count"], found["first_on"], found["last_on"], today)


def _usual_gap(days: Sequence[Row]) -> float | None:
    each = [date.fromisoformat(day) for day in dict.fromkeys(row["ordered_on"] for row in days)]
    gaps = [(later - earlier).days for earlier, later in pairwise(each)]
    return median(gaps) if len(gaps) >= LEAST_GAPS else None


def _totals(days: Sequence[Row]) -> list[dict[str, Any]]:
    counts: dict[str, int] = {}
    for row in days:
        counts[row["currency"]] = counts.get(row["currency"], 0) + row["n"]
    return [
        {
            "currency": currency,
            "count": counts[currency],
            **money("total", total, currency),
            **money("average", divided(total, counts[currency]), currency),
        }
        for currency, total in totals((int(row["total"]), row["currency"]) for row in days).items()
    ]


def _products(store: Store, keys: Sequence[int]) -> list[dict[str, Any]]:
    """What was bought in some orders, each product with its share of their discounts."""
    off = _taken_off(reads.discounted(store, keys))
    found = [
        {
            "id": row["product_id"] and ref("product", row["product_id"]),
            "name": row["name"],
            "orders": row["orders"],
            "quantity": write_quantity(int(row["quantity"])),
            **money("amount", int(row["amount"]) - off[_sold(row)], row["currency"]),
            "currency": row["currency"],
        }
        for row in reads.bought(store, keys)
        # What came back whole was not bought in the end, and a refund is nothing that anybody buys.
        if int(row["quantity"]) > 0
    ]
    found.sort(key=lambda one: (-one["orders"], -one["amount_minor"], one["name"]))
    return found[:PRODUCTS]


def _taken_off(lines: Sequence[Row]) -> Counter[Sold]:
    """The discounts of whole orders by what was sold, shared out as a return shares them: what came back is less both.

    So that of an order that came back in parts nothing is left, to the last minor unit.
    """
    found: Counter[Sold] = Counter()
    for _, rows in groupby(lines, lambda row: row["order_id"]):
        own = list(rows)
        for row, part in zip(own, shares(own[0]["discount"], [one["amount"] for one in own]), strict=True):
            found[_sold(row)] += part
    return found


def _sold(row: Row) -> Sold:
    return row["product_id"], row["name"], row["currency"]


def _owing(rows: Sequence[Row]) -> dict[str, Any]:
    return {"count": len(rows), "amounts": sums((row["total"] - row["paid"], row["currency"]) for row in rows)}


def _order(row: Row) -> dict[str, Any]:
    return {
        "id": ref("order", row["id"]),
        "number": row["number"],
        "ordered_on": row["ordered_on"],
        "status": row["status"],
        **money("total", row["total"], row["currency"]),
        **money("unpaid", still_to_pay(row), row["currency"]),
        "currency": row["currency"],
        "due_on": row["due_on"],
    }


def _recurring(app: "App", rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Of each order that repeats the last one, with the day on which it comes again.

    One that was cancelled or deleted ends them: what came before it has `gone_on`.
    """
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        series = row["series"] or row["uid"]
        if row["recurrence"] is None or series in found or row["status"] == "cancelled" or row["gone_on"]:
            continue
        day = app.renewals.next_day(row)
        if day is not None:
            rule = words(row["recurrence"], row["recurs_from"])
            found[series] = {**_order(row), "recurrence": rule, "next_on": day.isoformat()}
    return sorted(found.values(), key=lambda one: one["next_on"])


def cases(app: "App", party: Match) -> dict[str, Any]:
    """The cases of a customer.

    Returns:
        `open`: records, those first whose target is over or next: `due_at` with `due_for` (response or resolution) and
        `over`, whether a target is now; `over`: how many; `past`: the last that were solved, `breached` where one was
        late for a target; `past_count`; `satisfaction`: the mean of what customers said (1 to 5), None where none did.
        `breached` of open ones, and beside `over`, is the same as `over`, and was its name before.
    """
    rows = reads.cases(app.store, party.noun, party.id, app.clock.today().isoformat())
    known = [_case(row, app.now) for row in rows if row["status"] in casedue.OPEN]
    known.sort(key=lambda one: (not one["over"], one["due_at"] or "9999", one["opened_at"]))
    past = [row for row in rows if row["status"] in casedue.ENDED]
    over = sum(one["over"] for one in known)
    scores = [row["satisfaction"] for row in rows if row["satisfaction"]]
    return {
        "open": known,
        "over": over,
        "breached": over,
        "past": [_past(row, app.now) for row in past[:PAST_CASES]],
        "past_count": len(past),
        "satisfaction": round(sum(scores) / len(scores), 1) if scores else None,
    }


def _case(row: Row, now: str) -> dict[str, Any]:
    due, target = next(iter(casedue.ahead(row)), (None, None))
    over = casedue.any_over(row, now)
    return {
        **{name: row[name] for name in ("subject", "status", "priority", "type", "opened_at")},
        "id": ref("case", row["id"]),
        "due_at": due,
        "due_for": target,
        "over": over,
        "breached": over,
        "contact": _contact(row),
        "owner": row["owner"],
    }


def _past(row: Row, now: str) -> dict[str, Any]:
    solved = row["resolved_at"] or row["closed_at"]
    names = ("subject", "status", "priority", "type", "opened_at", "satisfaction")
    return {
        "id": ref("case", row["id"]),
        **{name: row[name] for name in names},
        "resolved_at": solved,
        "breached": casedue.any_late({**row, "resolved_at": solved}, now),
    }


ROOMS: dict[str, Callable[["App", Match], Any]] = {"deals": deals, "orders": orders, "cases": cases}
"""What a snapshot has beside the contacts: the key in its record, and what reads it."""


# --- pieces


def money(name: str, minor: int | None, currency: str | None) -> dict[str, Any]:
    """An amount as records have it: the decimal text under `name`, and the minor units."""
    known = minor is not None and currency is not None
    return {name: plain(minor, currency) if known else None, f"{name}_minor": minor if known else None}  # type: ignore[arg-type]


def sums(amounts: Iterable[tuple[int | None, str | None]]) -> list[dict[str, Any]]:
    """The sums of amounts by currency."""
    known = [(int(minor), currency) for minor, currency in amounts if minor is not None and currency is not None]
    return [
        {"currency": currency, **money("amount", minor, currency)} for currency, minor in totals(known).items() if minor
    ]


def rotten_before(stage: Row, clock: Clock) -> str | None:
    """The stored instant before which a deal must have entered a stage to rot; None where none does."""
    days = stage["rotting_days"]
    return None if days is None else stamp(clock.now() - timedelta(days=days))


def _contact(row: Row) -> dict[str, Any] | None:
    key = row["contact_id"]
    return None if key is None else {"id": ref("contact", key), "display_name": row["contact_name"]}


def _days_since(moment: str, clock: Clock) -> int:
    return max(0, (clock.now() - instant(moment)).days)
