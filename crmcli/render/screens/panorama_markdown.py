"""The panorama as a page of Markdown (GitHub Flavored Markdown): for an issue, a mail, a wiki."""

from crmcli.kernel.markdown import escaped
from crmcli.render.out import Out
from crmcli.render.screens.facts import short
from crmcli.render.screens.panorama_parts import Section, sections
from crmcli.render.view import Record


def lines(record: Record, out: Out) -> list[str]:
    """The lines of the page."""
    whose = f" of {escaped(short(record['owner']))}" if record["owner"] else ""
    page = [f"# The market{whose} on {record['date']}"]
    for section in sections(record):
        page += ["", f"## {section.title}", *_table(section)]
        if section.facts:
            page += ["", *(f"- {escaped(fact.label)}: {escaped(fact.text)}" for fact in section.facts)]
        page += ["", f"`crm panorama --explain {section.name}`"]
    return page


def _table(section: Section) -> list[str]:
    if section.weeks:
        rows = [f"| {one['week']} | {one['inbound']:,} | {one['outbound']:,} |" for one in section.weeks]
        return ["", "| Week of | In | Out |", "| --- | ---: | ---: |", *rows]
    if section.bars:
        rows = [f"| {escaped(bar.label)} | {escaped(bar.text)} |" for bar in section.bars]
        return ["", "| What | How much |", "| --- | --- |", *rows]
    return []
