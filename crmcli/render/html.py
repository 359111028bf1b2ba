"""Pages of HTML: one self-contained file, light and dark, for a phone, a desk and a printer.

There are no scripts, no references to anything outside, and no text that was not escaped.
"""

from collections.abc import Iterable, Sequence
from html import escape

from crmcli.kernel.text import safe

CSS = """
:root{color-scheme:light dark;--page:#f5f6f8;--card:#fff;--ink:#1b1f24;--soft:#5b6470;--line:#dfe3e8;--track:#eceff3;
--a:#2563a8;--b:#8a5fb0;--good:#2f7d4f;--warning:#a86a00;--bad:#b3261e}
@media (prefers-color-scheme:dark){:root{--page:#14171b;--card:#1d2126;--ink:#e8ebee;--soft:#9aa4af;--line:#343b43;
--track:#2a3037;--a:#6ea8e6;--b:#b995db;--good:#6cc08f;--warning:#e0a84a;--bad:#ef857d}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,
"Helvetica Neue",Arial,"Noto Sans",sans-serif;-webkit-text-size-adjust:100%}
main{max-width:1100px;margin:0 auto;padding:24px 16px 40px}
h1{font-size:26px;line-height:1.2;margin:0 0 4px;overflow-wrap:anywhere}
h2{font-size:13px;letter-spacing:.04em;text-transform:uppercase;color:var(--soft);margin:0 0 10px;font-weight:600}
p{margin:0 0 6px;overflow-wrap:anywhere}
.sub,.soft{color:var(--soft)}
.good{color:var(--good)}.warning{color:var(--warning)}.bad{color:var(--bad)}
.tiles{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:10px;margin:18px 0 14px}
.tile,.card{background:var(--card);border:1px solid var(--line);border-radius:10px}
.tile{padding:12px 14px}
.tile b{display:block;font-size:21px;line-height:1.25;font-weight:650;font-variant-numeric:tabular-nums;
overflow-wrap:anywhere}
.tile span{color:var(--soft);font-size:13px}
.cards{columns:2;column-gap:14px}
.card{padding:16px 18px;margin:0 0 14px;break-inside:avoid}
.wide{column-span:all;margin-top:14px;break-inside:auto}
.alarm{background:var(--bad);color:var(--card);border-radius:6px;padding:2px 8px;font-weight:650;display:inline-block}
.next{border-left:4px solid var(--a);padding:12px 16px;margin:16px 0}
.next.bad{border-left-color:var(--bad);color:inherit}.next.warning{border-left-color:var(--warning);color:inherit}
.next strong{font-size:17px}
dl{display:grid;grid-template-columns:minmax(84px,auto) 1fr;gap:4px 14px;margin:0}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
.bars{display:grid;grid-template-columns:minmax(80px,auto) minmax(50px,1fr) auto;gap:6px 12px;align-items:center;
margin:0 0 12px}
.bars .row{display:contents}
.bars .text{font-variant-numeric:tabular-nums;text-align:right;overflow-wrap:anywhere}
svg{display:block}
svg.bar{width:100%;height:10px;border-radius:3px}svg.tall{height:16px;margin:0 0 12px}
svg.columns{width:100%;height:120px}
.track{fill:var(--track)}.base{fill:var(--line)}
rect.a{fill:var(--a)}rect.b{fill:var(--b)}rect.good{fill:var(--good)}rect.warning{fill:var(--warning)}
rect.bad{fill:var(--bad)}rect.soft{fill:var(--soft)}rect.light{opacity:.35}
.axis{display:flex;justify-content:space-between;color:var(--soft);font-size:12px;margin:4px 0 10px}
.key{display:inline-block;width:10px;height:10px;border-radius:2px;margin:0 5px 0 0;vertical-align:0}
.key.a{background:var(--a)}.key.b{background:var(--b)}
.scroll{overflow-x:auto}dl+.scroll{margin-top:12px}
table{border-collapse:collapse;width:100%;font-size:14px}
th{text-align:left;color:var(--soft);font-weight:600;border-bottom:1px solid var(--line);padding:5px 12px 5px 0;
white-space:nowrap}
td{border-bottom:1px solid var(--line);padding:6px 12px 6px 0;vertical-align:top;overflow-wrap:anywhere}
tr:last-child td{border-bottom:0}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
blockquote{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}
code{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;color:var(--soft);overflow-wrap:anywhere}
footer{color:var(--soft);font-size:13px;margin-top:22px}
@media (max-width:760px){.cards{columns:1}main{padding:16px 12px 28px}
.tiles{grid-template-columns:repeat(2,minmax(0,1fr))}.tile b{font-size:19px}
.bars{display:block}.bars .row{display:flex;flex-wrap:wrap;justify-content:space-between;gap:2px 12px;margin:0 0 10px}
.bars svg.bar{flex:0 0 100%;order:3}
.stack thead{display:none}.stack tr{display:block;border-bottom:1px solid var(--line);padding:8px 0}
.stack tr:last-child{border-bottom:0}.stack td{display:inline;border:0;padding:0}.stack td:empty{display:none}
.stack td.number{white-space:normal}.stack td+td::before{content:" · ";color:var(--soft)}}
@media print{:root{--page:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--track:#eee;--a:#1f4f87;--b:#6d4790;
--good:#1f6b3f;--warning:#7d4f00;--bad:#98130c}body{font-size:11pt}main{max-width:none;padding:0}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
"""


def text(value: object) -> str:
    """A value as text of a page: nothing in it is markup, and no control character is left."""
    return escape(safe(str(value)))


attribute = text
"""The same within quotes: both kinds of them are escaped."""


def page(title: str, body: Iterable[str], language: str = "en") -> list[str]:
    """The lines of a whole page. `title` is plain text, `body` lines of markup."""
    head = [
        "<!DOCTYPE html>",
        f'<html lang="{attribute(language)}">',
        '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
        # Nothing may be loaded, whatever stood in a value.
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        '<meta name="color-scheme" content="light dark">',
        f"<title>{text(title)}</title>",
        f"<style>{CSS}</style></head>",
    ]
    return [*"\n".join(head).split("\n"), "<body><main>", *body, "</main></body>", "</html>"]


def table(header: Sequence[str], rows: Sequence[Sequence[object]], numbers: Sequence[int] = ()) -> list[str]:
    """A table of plain text, without the columns in which nothing stands; on a phone each row is a small card.

    `numbers` are the places of columns of numbers.
    """

    def cell(tag: str, place: int, value: object) -> str:
        kind = ' class="number"' if place in numbers else ""
        return f"<{tag}{kind}>{text('' if value is None else value)}</{tag}>"

    filled = [place for place in range(len(header)) if any(row[place] for row in rows)]
    titles = "".join(cell("th", place, header[place]) for place in filled)
    body = ["<tr>" + "".join(cell("td", place, row[place]) for place in filled) + "</tr>" for row in rows]
    return [f'<div class="scroll"><table class="stack"><thead><tr>{titles}</tr></thead><tbody>', *body,
            "</tbody></table></div>"]  # fmt: skip


def facts(pairs: Sequence[tuple[str, str, str]]) -> list[str]:
    """Labels and what they say, each with a tone ("", good, warning, bad or soft)."""
    if not pairs:
        return []
    rows = [f'<dt>{text(label)}</dt><dd class="{attribute(tone)}">{text(value)}</dd>' for label, value, tone in pairs]
    return ["<dl>", *rows, "</dl>"]


def card(title: str, inner: Sequence[str], *, wide: bool = False) -> list[str]:
    """A block with a title."""
    return [f'<section class="card{" wide" if wide else ""}"><h2>{text(title)}</h2>', *inner, "</section>"]


TONES = {"overdue": "bad", "today": "warning", "warning": "warning", "good": "good", "muted": "soft", "outbound": "b"}
"""The tones that the styles of a terminal have on a page."""


def tone(style: str) -> str:
    """The tone of a style; "" for the usual one."""
    return TONES.get(style, "")
