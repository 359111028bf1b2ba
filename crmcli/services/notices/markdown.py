"""A notice as Markdown (CommonMark), for chats and issues."""

import re
from collections.abc import Iterator

from crmcli.kernel.markdown import escaped
from crmcli.services.notices.letter import Entry, Letter, Section

# Two spaces at the end of a line are a line break.
BREAK = "  "
# What makes a heading, a quotation, a list or a rule of a line that begins with it.
_BEGIN = re.compile(r"^(\d*)([#>+=~.)-])")


def write(page: Letter) -> str:
    """All of it."""
    lines = [f"# {escaped(page.heading)}", "", escaped(page.moment)]
    for section in page.sections:
        lines += ["", *_section(section)]
    if page.foot:
        lines += ["", f"Not now? `{page.foot}`"]
    return "".join(f"{line}\n" for line in lines)


def _section(section: Section) -> Iterator[str]:
    if section.title:
        yield f"## {escaped(section.title)}"
        yield ""
    for entry in section.entries:
        yield from _entry(entry)
    if section.more:
        yield ""
        yield f"… and {section.more} more: `{section.command}`"


def _entry(entry: Entry) -> Iterator[str]:
    mark = f" ({entry.mark})" if entry.mark else ""
    yield f"- **{escaped(entry.headline)}**{mark}{BREAK}"
    late = [f"**{escaped(entry.late)}**"] if entry.late else []
    phrases = [*map(escaped, entry.details), *late, *map(escaped, entry.notes)]
    told = _BEGIN.sub(r"\1\\\2", ", ".join(phrases))
    yield f"  {told}{f': {escaped(entry.said)}' if entry.said else ''}{BREAK}"
    yield f"  `{entry.command}`"
