"""The panorama as one page of HTML, good enough to mail."""

from collections.abc import Iterator
from datetime import date

from crmcli.kernel.days import MONTHS
from crmcli.kernel.relative import date_label
from crmcli.render import html, svg
from crmcli.render.out import Out
from crmcli.render.screens.panorama_parts import Section, counted, people, sections, sums, whole
from crmcli.render.view import Record

TONES = {"new": "a", "active": "a", "repeat": "good", "at risk": "warning", "lapsed": "bad"}


def lines(record: Record, out: Out) -> list[str]:
    """The lines of the page."""
    day = date_label(date.fromisoformat(record["date"]), out.clock)
    if str(out.clock.today().year) not in day:
        day += f" {record['date'][:4]}"
    title = "The market" + (f" of {record['owner']}" if record["owner"] else "")
    body = [f"<h1>{html.text(title)}</h1>", f'<p class="sub">{html.text(day)}</p>', *_tiles(record)]
    body.append('<div class="cards">')
    for section in sections(record):
        body += html.card(section.title, [*_inner(section), _command(section.name)])
    body.append("</div>")
    return html.page(f"{title}, {record['date']}", body)


def _tiles(record: Record) -> Iterator[str]:
    """The few numbers that are looked at first."""
    pipeline, cases, queue = record["pipeline"], record["cases"], record["queue"]
    month = record["orders"]["spans"][0]
    converted = month["converted"] and whole(month["converted"]["amount_minor"], record["orders"]["currency"])
    ordered = converted or sums(month["totals"], "total") or "0"
    customers = sum(one["contacts"] + one["companies"] for one in record["stages"] if one["stage"] == "customer")
    yield '<div class="tiles">'
    for value, label, alarming in (
        (f"{customers:,}", "customers", False),
        (sums(pipeline["weighted"]) or "0", f"pipeline, weighted; {counted(pipeline['count'], 'deal')}", False),
        (ordered, f"ordered this month; {counted(month['count'], 'order')}", False),
        (f"{queue['overdue']:,}", "follow-ups overdue", queue["overdue"] > 0),
        (f"{queue['owed']:,}", "replies owed", False),
        (f"{cases['open']:,}", f"cases open; {cases['over']:,} over a target now", cases["over"] > 0),
        (people(record["silent"]), f"silent for {record['silent']['days']:,} days", False),
        (f"{record['leads']['untouched']:,}", "leads untouched", False),
    ):
        tone = ' class="bad"' if alarming else ""
        yield f'<div class="tile"><b{tone}>{html.text(value)}</b><span>{html.text(label)}</span></div>'
    yield "</div>"


def _inner(section: Section) -> Iterator[str]:
    if section.weeks:
        yield from _weeks(section)
    if section.name == "retention":
        yield svg.stacked([(bar.value, TONES.get(bar.label, "a")) for bar in section.bars])
    if section.bars:
        most = max(bar.value for bar in section.bars)
        yield '<div class="bars">'
        for bar in section.bars:
            tone = TONES.get(bar.label) or html.tone(bar.style) or "a"
            drawn = svg.bar(bar.value, most, tone, bar.part)
            text = f'<span class="text">{html.text(bar.text)}</span>'
            yield f'<div class="row"><span>{html.text(bar.label)}</span>{drawn}{text}</div>'
        yield "</div>"
    yield from html.facts([(fact.label, fact.text, html.tone(fact.style)) for fact in section.facts])


def _weeks(section: Section) -> Iterator[str]:
    weeks = section.weeks
    told = ", ".join(f"{one['week']}: {one['inbound']} in, {one['outbound']} out" for one in weeks)
    yield svg.columns([(one["inbound"], one["outbound"]) for one in weeks], told)
    first, last = _short(weeks[0]["week"]), _short(weeks[-1]["week"])
    key = '<span><i class="key a"></i>in &nbsp; <i class="key b"></i>out</span>'
    yield f'<div class="axis"><span>{first}</span>{key}<span>{last}</span></div>'


def _short(day: str) -> str:
    found = date.fromisoformat(day)
    return f"{found.day} {MONTHS[found.month - 1]}"


def _command(name: str) -> str:
    return f'<p style="margin:12px 0 0"><code>crm panorama --explain {html.text(name)}</code></p>'
