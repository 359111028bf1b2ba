"""What the panorama says in words and bars, for every form that people read. All text is safe to show."""

from collections.abc import Sequence
from typing import NamedTuple

from crmcli.kernel.codes import format_money, minor_units
from crmcli.kernel.durations import format_duration
from crmcli.render.screens.facts import RETENTION, Fact, joined, short, words
from crmcli.render.view import Record

SPANS = {"this_month": "This month", "last_month": "Last month", "last_year": "A year ago"}
PRIORITIES = {"urgent": "overdue", "high": "warning"}
WHOLE = 1000


class Bar(NamedTuple):
    """A bar: its label, its length in proportion to `value` (`part` of it drawn strong), and what stands beside it."""

    label: str
    value: int
    text: str
    style: str = ""
    part: int | None = None


class Section(NamedTuple):
    """A part of the panorama: `name` is what `--explain` calls it."""

    name: str
    title: str
    bars: list[Bar]
    facts: list[Fact]
    weeks: Sequence[Record] = ()


def sections(record: Record) -> list[Section]:
    """All parts, in the order in which they are shown."""
    return [
        _stages(record["stages"]),
        _retention(record["retention"]),
        _contacts(record["contacts"]),
        _queue(record["queue"]),
        _pipeline(record["pipeline"]),
        _orders(record["orders"]),
        _cases(record["cases"]),
        _silent(record["silent"]),
        _leads(record["leads"]),
    ]


def whole(minor: int, currency: str) -> str:
    """An amount for a glance: without decimals where it is large."""
    scale = 10 ** minor_units(currency)
    if abs(minor) < WHOLE * scale:
        return format_money(minor, currency)
    return f"{(abs(minor) + scale // 2) // scale * (-1 if minor < 0 else 1):,} {currency}"


def sums(found: Sequence[Record], name: str = "amount") -> str:
    """Amounts of several currencies, the largest number first in the order of the codes."""
    return " + ".join(whole(one[f"{name}_minor"], one["currency"]) for one in found)


def counted(count: int, noun: str, plural: str = "") -> str:
    """ "1 deal", "1,200 deals"."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def both(one: Record) -> str:
    """Contacts, and companies if there are any: "43 + 3 companies"."""
    return f"{one['contacts']:,}" + (
        f" + {counted(one['companies'], 'company', 'companies')}" if one["companies"] else ""
    )


def people(one: Record) -> str:
    """ "1 person", "12 people + 3 companies"."""
    companies = f" + {counted(one['companies'], 'company', 'companies')}" if one["companies"] else ""
    return counted(one["contacts"], "person", "people") + companies


def change(now: int, before: int) -> str:
    """By how much something grew: "+12 %"; "" where it was nothing."""
    if before <= 0:
        return ""
    percent = (200 * (now - before) + before) // (2 * before)
    return f"{percent:+,} %"


# --- the parts


def _stages(found: Sequence[Record]) -> Section:
    bars = [Bar(words(one["stage"]) or "no stage", one["contacts"] + one["companies"], both(one)) for one in found]
    facts = [] if found else [Fact("Customers", "nobody yet: crm contact add NAME", "muted")]
    return Section("stages", "Customers by stage", bars, facts)


def _retention(found: Sequence[Record]) -> Section:
    bars = [
        Bar(words(one["retention"]), one["contacts"] + one["companies"], both(one), RETENTION[one["retention"]])
        for one in found
    ]
    ordered = any(bar.value for bar in bars)
    return Section("retention", "Buyers", bars if ordered else [], [] if ordered else [Fact("Buyers", "none", "muted")])


def _contacts(found: Record) -> Section:
    last = found["weeks"][-1]
    facts = [
        Fact("This week", f"{last['inbound']:,} in, {last['outbound']:,} out"),
        Fact(f"{len(found['weeks'])} weeks", f"{found['inbound']:,} in, {found['outbound']:,} out"),
    ]
    return Section("contacts", "Contacts by week", [], facts, found["weeks"])


def _queue(found: Record) -> Section:
    def count(name: str) -> str:
        return f"{found[name]:,}" + ("+" if found[name] >= found["counted"] else "")

    owed = f"{found['owed']:,}{'+' if found['owed_since'] else ''}"
    facts = [
        Fact("Overdue", count("overdue"), "overdue" if found["overdue"] else ""),
        Fact("Due today", count("today"), "today" if found["today"] else ""),
        Fact("This week", count("week")),
        Fact("Replies owed", owed, "warning" if found["owed"] else ""),
    ]
    return Section("queue", "Queue", [], facts)


def _pipeline(found: Record) -> Section:
    if not found["count"]:
        return Section("pipeline", "Pipeline", [], [Fact("Open", "no deals", "muted")])
    # Amounts of several currencies have no common length.
    alone = len(found["amounts"]) == 1
    several = len({one["pipeline"] for one in found["stages"]}) > 1
    bars = []
    for one in found["stages"]:
        label = f"{short(one['pipeline'])}: {short(one['stage'])}" if several else short(one["stage"])
        rots = f"{one['rotting']:,} rot" if one["rotting"] else ""
        amount = one["amounts"][0]["amount_minor"] if alone and one["amounts"] else 0
        part = one["weighted"][0]["amount_minor"] if alone and one["weighted"] else 0
        text = joined(f"{one['count']:,}", sums(one["amounts"]), rots)
        bars.append(Bar(label, amount if alone else one["count"], text, "", part if alone else None))
    facts = [
        Fact("Open", joined(counted(found["count"], "deal"), sums(found["amounts"]))),
        Fact("Weighted", sums(found["weighted"]) or "nothing"),
    ]
    if found["rotting"]:
        facts.append(Fact("Rotting", f"{found['rotting']:,}", "overdue"))
    return Section("pipeline", "Pipeline", bars, facts)


def _orders(found: Record) -> Section:
    spans = found["spans"]
    currencies = {one["currency"] for span in spans for one in span["totals"]}
    values = [_value(span, currencies) for span in spans]
    several = len(currencies) > 1
    bars = []
    for span, value in zip(spans, values, strict=True):
        text = joined(f"{span['count']:,}", sums(span["totals"], "total"))
        if several and span["converted"]:
            text = joined(f"{span['count']:,}", whole(span["converted"]["amount_minor"], found["currency"]))
        bars.append(Bar(SPANS[span["span"]], span["count"] if value is None else value, text))
    facts = []
    known = [value for value in values if value is not None]
    if len(known) == len(values) and any(known):
        against = {
            SPANS[span["span"]].lower(): change(known[0], one) for span, one in zip(spans[1:], known[1:], strict=True)
        }
        told = ", ".join(f"{percent} on {name}" for name, percent in against.items() if percent)
        facts.append(Fact("Change", told, "good" if "+" in told else ""))
    facts.append(Fact("Days", f"1 to {int(spans[0]['until'][8:])} of each month", "muted"))
    if found["missing"] and several:
        facts.append(Fact("No rate", f"{', '.join(found['missing'])} in {found['currency']}: crm rate set", "warning"))
    if not any(span["count"] for span in spans):
        return Section("orders", "Orders this month", [], [Fact("Orders", "none", "muted")])
    return Section("orders", "Orders this month", bars, [fact for fact in facts if fact.text])


def _value(span: Record, currencies: set[str]) -> int | None:
    """One number for all orders of a span; None where there is none."""
    if len(currencies) == 1:
        return sum(int(one["total_minor"]) for one in span["totals"])
    return int(span["converted"]["amount_minor"]) if span["converted"] else None


def _cases(found: Record) -> Section:
    response = found["response"]
    if not found["open"] and not response["opened"]:
        return Section("cases", "Cases", [], [Fact("Open", "none", "muted")])
    pending = f"{found['pending']:,} pending" if found["pending"] else ""
    facts = [
        Fact("Open", joined(f"{found['open']:,}", pending)),
        Fact("Over now", f"{found['over']:,}", "overdue" if found["over"] else "good"),
    ]
    if response["median"] is not None:
        facts.append(Fact("Response", f"half within {format_duration(max(60, response['median'] // 60 * 60))}"))
    if response["targets"]:
        facts.append(Fact("In time", f"{response['kept']:,} of {response['targets']:,} in {response['days']} days"))
    bars = [Bar(name, count, f"{count:,}", PRIORITIES.get(name, "")) for name, count in found["priorities"].items()]
    return Section("cases", "Cases", bars if found["open"] else [], facts)


def _silent(found: Record) -> Section:
    style = "warning" if found["contacts"] + found["companies"] else "good"
    facts = [
        Fact("Silent", people(found), style),
        Fact("Since", f"{found['since']}, {found['days']:,} days", "muted"),
    ]
    return Section("silent", "Silent customers", [], facts)


def _leads(found: Record) -> Section:
    facts = [
        Fact("Leads", f"{found['count']:,}"),
        Fact("Untouched", f"{found['untouched']:,}", "warning" if found["untouched"] else "good"),
    ]
    return Section("leads", "Leads", [], facts)
