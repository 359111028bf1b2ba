"""What a snapshot says of deals, orders and cases, for every form that people read. All text is safe to show."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from crmcli.kernel.clock import Clock, instant
from crmcli.kernel.codes import format_money
from crmcli.kernel.relative import ago, date_label
from crmcli.render.screens.facts import Fact, joined, short, words
from crmcli.render.view import Record

NEAR = ("urgent", "high")
MOST_PRODUCTS = 5


class Entry(NamedTuple):
    """A deal, an order or a case in a list: what stands first, `text` what it is, `aside` what else is known."""

    id: str
    state: str
    when: str
    style: str
    amount: str
    text: str
    aside: str


class Part(NamedTuple):
    """A part of the snapshot: facts about all, then entries."""

    title: str
    noun: str
    facts: list[Fact]
    entries: list[Entry]


def parts(record: Record, clock: Clock) -> list[Part]:
    """Deals, orders and cases, those of which there is anything."""
    deals, cases = (_of_others(record[name], record["id"]) for name in ("deals", "cases"))
    found = [_deals(deals, clock), _orders(record["orders"], clock), _cases(cases, clock)]
    return [part for part in found if part.facts or part.entries]


def _of_others(room: Record, own: str) -> Record:
    """Deals or cases, without the name of the customer whose page this is."""
    mine = [(one["contact"] or {}).get("id") == own for one in room["open"]]
    entries = [{**one, "contact": None} if own_ else one for one, own_ in zip(room["open"], mine, strict=True)]
    return {**room, "open": entries}


def amounts(sums: Sequence[Record], name: str = "amount") -> str:
    """Sums of several currencies: "1,200.00 EUR, 300.00 USD"."""
    return ", ".join(format_money(one[f"{name}_minor"], one["currency"]) for one in sums)


# --- deals


def _deals(found: Record, clock: Clock) -> Part:
    facts = []
    if found["open"]:
        count = len(found["open"])
        facts.append(Fact("Open", joined(f"{count} {'deal' if count == 1 else 'deals'}", amounts(found["amounts"]))))
    for name, style in (("won", "good"), ("lost", "muted")):
        if found[name]["count"]:
            told = joined(f"{found[name]['count']:,}", amounts(found[name]["amounts"]))
            facts.append(Fact(name.capitalize(), told, style))
    return Part("Deals", "Deal", facts, [_deal(one, clock) for one in found["open"]])


def _deal(one: Record, clock: Clock) -> Entry:
    when, style = "", ""
    if one["close_date"]:
        when, style = f"closes {_day(one['close_date'], clock)}", ""
        if one["overdue"]:
            when, style = f"was to close {_day(one['close_date'], clock)}", "overdue"
    amount = format_money(one["amount_minor"], one["currency"]) if one["amount_minor"] is not None else ""
    rots = f"rots, {one['stage_days']} days in this stage" if one["rotting"] else _days_old(one["age_days"])
    aside = joined(
        one["contact"] and one["contact"]["display_name"], rots, None if one["next_step"] else "no next step",
        one["owner"],
    )  # fmt: skip
    state = short(one["stage"]) + (f" {one['probability']} %" if one["probability"] is not None else "")
    return Entry(one["id"], state, when, "overdue" if one["rotting"] else style, amount, short(one["name"]), aside)


# --- orders


def _orders(found: Record, clock: Clock) -> Part:
    facts = [
        Fact(
            short(one["currency"]),
            joined(
                f"{one['count']:,} {'order' if one['count'] == 1 else 'orders'}",
                format_money(one["total_minor"], one["currency"]),
                f"{format_money(one['average_minor'], one['currency'])} on average" if one["count"] > 1 else None,
            ),
        )
        for one in found["totals"]
    ]
    if found["last_on"]:
        gap = found["usual_gap_days"]
        usual = f"usually every {round(gap) or 1} {'day' if round(gap) <= 1 else 'days'}" if gap is not None else None
        facts.append(Fact("Last", joined(_day(found["last_on"], clock), usual)))
    bought = [_bought(one) for one in found["products"][:MOST_PRODUCTS]]
    if bought:
        facts.append(Fact("Bought", ", ".join(bought)))
    for name, style in (("unpaid", "warning"), ("overdue", "overdue")):
        if found[name]["count"]:
            facts.append(
                Fact(name.capitalize(), joined(f"{found[name]['count']:,}", amounts(found[name]["amounts"])), style)
            )
    facts += [Fact("Coming", _coming(one, clock)) for one in found["recurring"]]
    return Part("Orders", "Order", facts, [_order(one, clock) for one in found["latest"]])


def _bought(one: Record) -> str:
    return f"{one['quantity']} x {short(one['name'])} ({format_money(one['amount_minor'], one['currency'])})"


def _coming(one: Record, clock: Clock) -> str:
    total = format_money(one["total_minor"], one["currency"])
    return joined(_day(one["next_on"], clock), total, one["recurrence"], one["number"] or one["id"])


def _order(one: Record, clock: Clock) -> Entry:
    aside, style = "", ""
    if one["unpaid_minor"]:
        left = format_money(one["unpaid_minor"], one["currency"])
        late = one["due_on"] is not None and one["due_on"] < clock.today().isoformat()
        due = f"{'was ' if late else ''}due {_day(one['due_on'], clock)}" if one["due_on"] else None
        aside, style = joined(f"{left} unpaid", due), "overdue" if late else ""
    total = format_money(one["total_minor"], one["currency"])
    when = _day(one["ordered_on"], clock)
    return Entry(one["id"], words(one["status"]), when, style, total, short(one["number"] or ""), aside)


# --- cases


def _cases(found: Record, clock: Clock) -> Part:
    facts = []
    if found["over"]:
        facts.append(Fact("Over now", f"{found['over']:,} of {len(found['open']):,} open", "overdue"))
    if found["past_count"]:
        mean = f"satisfaction {found['satisfaction']} of 5" if found["satisfaction"] is not None else None
        facts.append(Fact("Solved", joined(f"{found['past_count']:,}", mean), "muted"))
    entries = [_open_case(one, clock) for one in found["open"]] + [_past_case(one, clock) for one in found["past"]]
    return Part("Cases", "Case", facts, entries)


def _open_case(one: Record, clock: Clock) -> Entry:
    when, style = f"opened {ago(instant(one['opened_at']), clock)}", ""
    if one["due_at"]:
        what = "response" if one["due_for"] == "response" else "solution"
        over = instant(one["due_at"]) < clock.now()
        when = f"{what} {'was due' if over else 'due'} {ago(instant(one['due_at']), clock)}"
    if one["over"]:
        style = "overdue"
    mark = one["priority"] if one["priority"] in NEAR else ""
    aside = joined(one["contact"] and one["contact"]["display_name"], words(one["type"]), one["owner"])
    return Entry(one["id"], words(one["status"]), when, style, mark, short(one["subject"]), aside)


def _past_case(one: Record, clock: Clock) -> Entry:
    when = ago(instant(one["resolved_at"] or one["opened_at"]), clock)
    score = f"{one['satisfaction']}/5" if one["satisfaction"] else None
    late = "was late" if one["breached"] else None
    aside = joined(words(one["type"]), late, score)
    return Entry(one["id"], words(one["status"]), when, "muted", "", short(one["subject"]), aside)


def _days_old(days: int) -> str:
    return f"{days} {'day' if days == 1 else 'days'} old" if days else "new today"


def _day(day: Any, clock: Clock) -> str:
    """A day as it reads fastest: "in 6 days"; far away its date."""
    meant = date.fromisoformat(str(day))
    if abs((meant - clock.today()).days) > 60:
        return date_label(meant, clock)
    return ago(clock.midnight(meant), clock, whole_day=True)


def line(entry: Entry) -> str:
    """An entry in a line of text."""
    return ", ".join(filter(None, (entry.state, entry.when, entry.amount, entry.text, entry.aside)))
