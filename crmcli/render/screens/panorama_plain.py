"""The panorama as `Field: value` lines, for screen readers and simple terminals."""

from collections.abc import Iterator

from crmcli.render.out import Out
from crmcli.render.screens.facts import short
from crmcli.render.screens.panorama_parts import sections
from crmcli.render.view import Record


def lines(record: Record, out: Out) -> list[str]:
    """The lines."""
    return [f"{label}: {text}" for label, text in _pairs(record, out) if text]


def _pairs(record: Record, out: Out) -> Iterator[tuple[str, str]]:
    yield "The market", record["date"]
    yield "Owner", short(record["owner"] or "")
    for section in sections(record):
        for week in section.weeks:
            yield f"{section.title}, week of {week['week']}", f"{week['inbound']:,} in, {week['outbound']:,} out"
        for bar in section.bars:
            yield f"{section.title}, {bar.label}", bar.text
        for fact in section.facts:
            yield f"{section.title}, {fact.label.lower() if fact.label.istitle() else fact.label}", fact.text
