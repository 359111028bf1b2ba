"""A notice as a page of HTML for mail programs: tables and inline styles, no script, nothing from elsewhere.

Mail programs know a part of HTML and CSS; where one knows nothing of `prefers-color-scheme`, the page stays light.
"""

from collections.abc import Iterator

from crmcli.services.notices.letter import Entry, Letter, Section

# `html.escape` of the standard library brings a table of all entities along.
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})

# Of what stands in every entry, little is written: some mail programs cut off what is longer than 100 kB.
FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
BODY = f"{FONT};font-size:14px;line-height:20px;color:#5b626e"
WRAP = "overflow-wrap:anywhere;word-break:break-word"
HEADING = "margin:8px 0 0;font-size:15px;line-height:20px;color:#1c1f24"
MARK = "padding:1px 6px;border-radius:4px;background:#fde3e1;color:#8f1d14;font-size:12px"
CODE = "padding:2px 6px;border-radius:4px;background:#eef0f3;color:#2b303a;font:13px/26px monospace"
DARK = {
    "page": "background:#16181d!important",
    "card": "background:#1f2229!important;border-color:#363b45!important",
    "ink": "color:#eceef2!important",
    "faint": "color:#a5acb8!important",
    "late": "color:#ff9d94!important",
    "mark": "background:#5c2b29!important;color:#ffd9d6!important",
    "rule": "border-color:#363b45!important",
    "code": "background:#2a2e37!important;color:#d5dae3!important",
}
"""The colours of each class in the dark; in the light they stand where they are used."""


def write(page: Letter) -> str:
    """The whole page."""
    dark = "".join(f".{name}{{{style}}}" for name, style in DARK.items())
    rows = "\n".join(row for section in page.sections for row in _section(section))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{_escaped(page.title)}</title>
<style>:root{{color-scheme:light dark}}@media (prefers-color-scheme:dark){{{dark}}}</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f2f3f5;-webkit-text-size-adjust:100%">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="background:#f2f3f5">
<tr><td align="center" style="padding:16px 8px">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0"
 style="max-width:600px;background:#ffffff;border:1px solid #dcdfe4;border-radius:8px;text-align:left">
<tr><td style="padding:20px 20px 4px;{FONT};{WRAP}">
<h1 class="ink" style="margin:0;font-size:19px;line-height:26px;color:#1c1f24">{_escaped(page.heading)}</h1>
<p class="faint" style="margin:4px 0 0;font-size:13px;line-height:18px;color:#5b626e">{_escaped(page.moment)}</p>
</td></tr>
{rows}
<tr><td class="faint" style="padding:8px 20px 20px;{BODY};{WRAP}">
{f"Not now? {_code(page.foot)}" if page.foot else ""}
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
"""


def _section(section: Section) -> Iterator[str]:
    title = f'<h2 class="ink" style="{HEADING}">{_escaped(section.title)}</h2>' if section.title else ""
    yield f'<tr><td class="faint" style="padding:8px 20px 0;{BODY};{WRAP}">{title}'
    for number, entry in enumerate(section.entries):
        yield _entry(entry, first=number == 0)
    if section.more:
        yield f"… and {section.more} more: {_code(section.command)}"
    yield "</td></tr>"


def _entry(entry: Entry, *, first: bool) -> str:
    rule = "" if first else ";border-top:1px solid #e6e8ec"
    mark = f' <span class="mark" style="{MARK}">{_escaped(entry.mark)}</span>' if entry.mark else ""
    late = [f'<b class="late" style="color:#b3261e">{_escaped(entry.late)}</b>'] if entry.late else []
    phrases = [*map(_apart, entry.details), *late, *map(_apart, entry.notes)]
    said = f": {_apart(entry.said)}" if entry.said else ""
    return (
        f'<div class="rule" style="padding:10px 0{rule}">'
        f'<b class="ink" style="font-size:15px;color:#1c1f24">{_apart(entry.headline)}</b>{mark}<br>'
        f"{', '.join(phrases)}{said}<br>{_code(entry.command)}</div>"
    )


def _code(command: str) -> str:
    return f'<code class="code" style="{CODE}">{_escaped(command)}</code>'


def _apart(text: str) -> str:
    """A text whose direction is its own."""
    return f"<bdi>{_escaped(text)}</bdi>"


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)
