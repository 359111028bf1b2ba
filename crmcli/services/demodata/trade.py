"""Writing what the people of the demo are offered, order, pay, send back and complain about."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from crmcli.kernel.businesshours import Calendar, parse_hours
from crmcli.kernel.clock import Clock, stamp
from crmcli.kernel.durations import parse_duration
from crmcli.kernel.money import divided
from crmcli.services.demodata.market import (
    ARTICLES,
    MONTHS,
    OFFERS,
    ORDERS,
    PENCE,
    REASONS,
    REPEATERS,
    SMALL,
    STAGES,
    TROUBLES,
    Article,
    Offer,
    Trouble,
)
from crmcli.services.sla import HOURS, RESOLUTION, RESPONSE

if TYPE_CHECKING:
    from crmcli.store.gate import Gate

SEED = 1707
TWO_YEARS = 730
CARRIAGE = 990
# How the newest orders stand; all older ones arrived and are paid, but for some.
NEWEST = ("draft", "payment_due", "processing", "processing", "in_transit", "in_transit", "in_transit")
# Of the older ones, counted from the newest: sent back, cancelled, not paid, paid in part.
RETURNED, CANCELLED, UNPAID, PARTLY = (9, 23, 41), (15, 52), (10, 13, 18), (12, 20)
Party = tuple[int, int | None]
"""The key of a contact, and of its company."""


class Trade:
    """The writer; every amount is in cents, or pence.

    Args:
        gate: of the open transaction.
        clock: of the demo.
        customers: who buys, with the currency of each: EUR or GBP.
        hopefuls: who may buy.
        users: the keys of the team.
    """

    def __init__(
        self,
        gate: "Gate",
        clock: Clock,
        customers: Sequence[tuple[Party, str]],
        hopefuls: Sequence[tuple[Party, str]],
        users: Sequence[int],
    ) -> None:
        self.gate = gate
        self.clock = clock
        self.customers = customers
        self.hopefuls = hopefuls
        self.users = users
        self.hours = Calendar(parse_hours(HOURS), clock.zone)
        self.random = Random(SEED)
        self.articles = {article.sku: article for article in ARTICLES}
        self.products: dict[str, int] = {}
        self.stages: dict[str, int] = {}

    def write(self) -> None:
        """Write it all: products, deals, orders, cases, a goal."""
        self._products()
        self._pipeline()
        for number, offer in enumerate(OFFERS):
            self._deal(number, offer)
        days = self._days()
        for number, day in enumerate(days):
            self._order(number, len(days) - 1 - number, day)
        for number, trouble in enumerate(TROUBLES):
            self._case(number, trouble)
        self._goal()

    def _day(self, days: int) -> str:
        return (self.clock.today() + timedelta(days=days)).isoformat()

    def _moment(self, days: float) -> datetime:
        return self.clock.now() + timedelta(days=days)

    # --- what is sold

    def _products(self) -> None:
        first = stamp(self._moment(-TWO_YEARS - 30))
        dates = {"created_at": first, "updated_at": first}
        for article in ARTICLES:
            values = {"name": article.name, "sku": article.sku, "category": article.category, "unit": article.unit}
            key = self.gate.insert("product", {**values, "tax_rate": article.tax, **dates})
            self.products[article.sku] = key
            for currency in ("EUR", "GBP"):
                price = {"product_id": key, "currency": currency, "amount": _price(article, currency)}
                self.gate.insert("price", price)
        for days, rate in ((-TWO_YEARS, "0.84"), (-200, "0.86"), (-30, "0.85")):
            rates = {"base": "EUR", "quote": "GBP", "valid_from": self._day(days), "rate": rate}
            self.gate.insert("exchange_rate", {**rates, "source": "made up for the demo"})

    # --- what is hoped for

    def _pipeline(self) -> None:
        pipeline = self.gate.insert("pipeline", {"name": "Sales", "lost_reasons": ", ".join(REASONS)})
        for position, (name, kind, probability, category, rotting) in enumerate(STAGES):
            values = {"pipeline_id": pipeline, "position": position, "name": name, "type": kind}
            values |= {"probability": probability, "forecast_category": category, "rotting_days": rotting}
            self.stages[name] = self.gate.insert("stage", values)
        self.pipeline = pipeline

    def _deal(self, number: int, offer: Offer) -> None:
        over = offer.stage in ("won", "lost")
        (contact, company), currency = self.hopefuls[number % len(self.hopefuls)]
        article = self.articles[offer.sku]
        unit = _price(article, currency)
        closed = stamp(self._moment(-offer.since)) if over else None
        began = self._moment(-offer.since - self.random.randint(15, 60))
        key = self.gate.insert(
            "deal",
            {
                "name": offer.name,
                "contact_id": contact,
                "company_id": company,
                "pipeline_id": self.pipeline,
                "stage_id": self.stages[offer.stage],
                "status": offer.stage if over else "open",
                "stage_since": stamp(self._moment(-offer.since)),
                "amount": unit * offer.quantity,
                "currency": currency,
                "close_date": self._day(offer.close),
                "closed_at": closed,
                "lost_reason": offer.reason or None,
                "source": self.random.choice(("fair", "web site", "recommendation")),
                "owner_id": self.users[number % len(self.users)],
                "created_at": stamp(began),
                "updated_at": stamp(self._moment(-offer.since)),
            },
        )
        self.gate.insert("deal_contact", {"deal_id": key, "contact_id": contact, "role": offer.role})
        line = {
            "position": 1,
            "product_id": self.products[offer.sku],
            "name": article.name,
            "quantity": offer.quantity * 1000,
        }
        self.gate.insert("deal_line", {"deal_id": key, **line, "unit_price": unit, "amount": unit * offer.quantity})
        self._stays(key, offer, began)

    def _stays(self, deal: int, offer: Offer, began: datetime) -> None:
        """The stages that the deal went through, in equal parts of the time until it came where it is."""
        names = [name for name, kind, *_ in STAGES if kind == "open"]
        passed = names[: names.index(offer.stage)] if offer.stage in names else names
        passed = passed[: 1 + deal % 3] if offer.stage == "lost" else passed
        arrived = self._moment(-offer.since)
        step = (arrived - began) / max(1, len(passed))
        for number, name in enumerate(passed):
            left = arrived if number == len(passed) - 1 else began + step * (number + 1)
            stay = {"deal_id": deal, "stage_id": self.stages[name], "entered_at": stamp(began + step * number)}
            self.gate.insert("deal_stage", {**stay, "left_at": stamp(left)})
        self.gate.insert(
            "deal_stage", {"deal_id": deal, "stage_id": self.stages[offer.stage], "entered_at": stamp(arrived)}
        )

    # --- what was ordered

    def _days(self) -> list[date]:
        """The days of the orders, the oldest first: more of them before the harvest than after it."""
        today = self.clock.today()
        every = [today - timedelta(days=days) for days in range(TWO_YEARS, 0, -1)]
        return sorted(self.random.choices(every, weights=[MONTHS[day.month - 1] for day in every], k=ORDERS))

    def _order(self, number: int, age: int, day: date) -> None:
        """One order; `age` counts from the newest."""
        regular = number % 2 == 0
        among = self.customers[:REPEATERS] if regular else self.customers[REPEATERS:] or self.customers
        (contact, company), currency = among[self.random.randrange(len(among))]
        status = NEWEST[age] if age < len(NEWEST) else "delivered"
        status = "returned" if age in RETURNED else "cancelled" if age in CANCELLED else status
        lines = self._basket(regular, currency)
        if status == "returned":
            lines += [{**line, "quantity": -line["quantity"], "amount": -line["amount"], "tax": -line["tax"],
                       "returned_on": _later(day, 12)} for line in lines]  # fmt: skip
        subtotal = sum(line["amount"] for line in lines)
        shipping = CARRIAGE if 0 < subtotal < 50_000 else 0
        discount = divided(subtotal, 20) if subtotal > 300_000 else 0
        total = subtotal - discount + shipping
        payments = self._payments(age, status, day, total, sum(line["amount"] for line in lines if line["amount"] > 0))
        paid = sum(amount for amount, _ in payments)
        made = stamp(min(self.clock.midnight(day) + timedelta(hours=10), self.clock.now()))
        values = {
            "number": f"PW-{1001 + number}",
            "contact_id": contact,
            "company_id": company,
            "ordered_on": day.isoformat(),
            "status": status,
            "currency": currency,
            "tax_included": 1,
            "subtotal": subtotal,
            "discount": discount,
            "shipping": shipping,
            "tax": sum(line["tax"] for line in lines),
            "total": total,
            "paid": paid,
            "due_on": _later(day, 14),
            "paid_on": max((when for _, when in payments), default=None) if paid == total and total else None,
            "source": "web shop" if regular else "telephone",
            "owner_id": self.users[number % len(self.users)],
            "created_at": made,
            "updated_at": made,
            **_progress(status, day, self.clock.today()),
            "financial_status": _financial(status, paid, total),
        }
        key = self.gate.insert("sales_order", values)
        bought: list[int] = []
        for position, line in enumerate(lines):
            back = {"return_of": bought[position - len(bought)]} if line["quantity"] < 0 else {}
            row = self.gate.insert("order_line", {"order_id": key, "position": position, **line, **back})
            bought += [row] if line["quantity"] > 0 else []
        for amount, when in payments:
            method = "transfer" if amount > 0 else "refund"
            self.gate.insert("payment", {"order_id": key, "amount": amount, "paid_on": when, "method": method})

    def _basket(self, regular: bool, currency: str) -> list[dict[str, Any]]:
        small = [article for article in ARTICLES if article.category in SMALL]
        large = [article for article in ARTICLES if article.category in ("press", "mill", "service")]
        chosen = self.random.sample(small, self.random.randint(1, 3))
        if not regular or self.random.random() < 0.2:
            chosen = [self.random.choice(large), *chosen[:1]]
        return [
            _line(article, self.products[article.sku], self.random.randint(1, 6) if article in small else 1, currency)
            for article in chosen
        ]

    def _payments(self, age: int, status: str, day: date, total: int, bought: int) -> list[tuple[int, str]]:
        if status in ("draft", "payment_due", "cancelled") or age in UNPAID or total == bought == 0:
            return []
        today = self.clock.today().isoformat()
        when = min(_later(day, self.random.randint(1, 13)), today)
        if status == "returned":
            return [(bought, when), (-bought, min(_later(day, 15), today))]
        return [(total // 3, when)] if age in PARTLY else [(total, when)]

    # --- what went wrong

    def _case(self, number: int, trouble: Trouble) -> None:
        (contact, company), _ = self.customers[(number * 5 + 3) % len(self.customers)]
        opened = self._moment(-trouble.opened / 24)
        answered = None if trouble.answered is None else stamp(self._moment(-trouble.answered / 24))
        solved = None if trouble.solved is None else stamp(self._moment(-trouble.solved / 24))
        respond, resolve = (
            stamp(self.hours.after(opened, parse_duration(usual[trouble.priority]))) for usual in (RESPONSE, RESOLUTION)
        )
        key = self.gate.insert(
            "support_case",
            {
                "subject": trouble.subject,
                "description": trouble.description,
                "contact_id": contact,
                "company_id": company,
                "status": trouble.status,
                "priority": trouble.priority,
                "type": trouble.type,
                "channel": self.random.choice(("call", "email", "web_form")),
                "product_id": self.products[trouble.sku],
                "owner_id": None if trouble.status == "new" else self.users[number % len(self.users)],
                "opened_at": stamp(opened),
                "first_response_at": answered,
                "response_due_at": respond,
                "resolution_due_at": resolve,
                "resolved_at": solved,
                "closed_at": solved if trouble.status == "closed" else None,
                "resolution": trouble.resolution or None,
                "satisfaction": trouble.satisfaction,
                "created_at": stamp(opened),
                "updated_at": solved or answered or stamp(opened),
            },
        )
        times = [("new", stamp(opened)), ("open", answered), ("resolved", solved)]
        if trouble.status == "pending":
            times[2] = ("pending", answered)
        if trouble.status == "closed":
            times.append(("closed", solved))
        stays = [(status, at) for status, at in times if at is not None]
        for place, (status, at) in enumerate(stays):
            left = stays[place + 1][1] if place + 1 < len(stays) else None
            self.gate.insert("case_status", {"case_id": key, "status": status, "entered_at": at, "left_at": left})

    def _goal(self) -> None:
        today = self.clock.today()
        year = {"starts_on": f"{today.year}-01-01", "ends_on": f"{today.year}-12-31", "currency": "EUR"}
        self.gate.insert("goal", {"name": "The year", "metric": "won", "amount": 6_000_000, **year})
        self.gate.insert("goal", {"name": "Shop", "metric": "orders", "amount": 4_000_000, **year})


def _price(article: Article, currency: str) -> int:
    return article.cents if currency == "EUR" else divided(article.cents * PENCE, 10_000) * 100


def _line(article: Article, product: int, count: int, currency: str) -> dict[str, Any]:
    unit = _price(article, currency)
    tax = divided(unit * count * article.tax, 100_000 + article.tax)
    line = {"product_id": product, "name": article.name, "sku": article.sku, "quantity": count * 1000}
    return {**line, "unit_price": unit, "tax_rate": article.tax, "tax": tax, "amount": unit * count}


def _later(day: date, days: int) -> str:
    return (day + timedelta(days=days)).isoformat()


def _progress(status: str, day: date, today: date) -> dict[str, str]:
    """When it was sent, came, went back or was cancelled: never in the future."""
    days = {"shipped_on": 2, "delivered_on": 5, "returned_on": 12, "cancelled_on": 1}
    reached = {
        "in_transit": ("shipped_on",),
        "delivered": ("shipped_on", "delivered_on"),
        "returned": ("shipped_on", "delivered_on", "returned_on"),
        "cancelled": ("cancelled_on",),
    }.get(status, ())
    found = {name: min(_later(day, days[name]), today.isoformat()) for name in reached}
    sent = {"returned": "restocked", "in_transit": "fulfilled", "delivered": "fulfilled"}
    return {**found, "fulfillment_status": sent.get(status, "unfulfilled")}


def _financial(status: str, paid: int, total: int) -> str:
    if status == "returned":
        return "refunded"
    if status == "cancelled":
        return "voided"
    return "pending" if not paid else "paid" if paid >= total else "partially_paid"
