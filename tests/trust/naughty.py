"""Words that have broken programs: what drives a terminal, what hides, what other languages take for their own.

Our own list. A suite that stores these and shows them finds what was forgotten to be escaped, bound or quoted. None names
a file that exists, so that a program may take any of them for a path.
"""

# ruff: noqa: E501

import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import product

ESC, BEL, ST, CSI = "\x1b", "\x07", "\x1b\\", "\x9b"

VISIBLE = frozenset(
    "\u200c\u200d"  # joiners, without which some scripts and emoji cannot be written
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"  # signs that are drawn
) | frozenset(map(chr, range(0x13430, 0x13440)))  # joiners of hieroglyphs
"""Format characters that are part of writing, and may be shown."""


def unsafe() -> Iterator[str]:
    """Every character that no terminal may be given: of Cc, Cf (but for what is visible), Cs, Co, Zl and Zp."""
    for code in range(sys.maxunicode + 1):
        c = chr(code)
        if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") and c not in VISIBLE:
            yield c


@cache
def combined() -> str:
    """One text with every unsafe character that can be stored; of private use the ends of each block."""
    return "x".join(["every", *(c for c in unsafe() if c != "\0" and _single(c)), "one"])


@cache
def everything() -> str:
    """All unsafe characters that can be stored, private use whole: too long for a name, and fit for a note."""
    return "every" + "".join(c for c in unsafe() if c != "\0" and unicodedata.category(c) != "Cs") + "one"


def _single(c: str) -> bool:
    category = unicodedata.category(c)
    return category not in ("Cs", "Co") or (category == "Co" and ord(c) & 0xFFFF in (0, 0xE000, 0xF8FF, 0xFFFD))


TERMINAL = [
    *(f"{ESC}[{text}" for text in ("31m", "5;7mblink", "2J", "H", "1;1H", "?1049h", "?1003h", "c", "8m", "0K", "3J")),
    *(f"{ESC}[{text}" for text in ("20t", "21t", "?1000h", "?1005h", "4h", "1000000b", "999999999C", "200~paste", ">4;2m")),
    *(f"{CSI}{text}" for text in ("31m", "2J", "6n", "1;31mhot")),
    *(f"{ESC}]{text}{end}" for text, end in product(("0;title", "2;title", "9;told"), (BEL, ST, "\x9c"))),
    *(f"{ESC}]8;;{url}{end}click{ESC}]8;;{end}" for url, end in product(("https://evil.example", "file:///x"), (BEL, ST))),
    *(f"{ESC}]52;c;ZWNobyBvd25lZA=={end}" for end in (BEL, ST)),
    *(f"{ESC}]{text}{BEL}" for text in ("4;1;?", "10;?", "11;#000", "104", "777;notify;a;b", "1337;File=name=eA==:eA==")),
    *(f"{opening}{text}{ST}" for opening, text in product((f"{ESC}P", "\x90", f"{ESC}_", "\x9f", f"{ESC}^", "\x98"), ("x", "+q"))),
    *(f"{ESC}{text}" for text in ("c", "7", "8", "#8", "(0lqk", ")B", "N", "O", "=", ">", "Z", "%G", " F", "D", "E", "M")),
    "\x9d0;title\x9c", "\x8d", "\x85", "\x84", "\x88", "\x0e\x0f", "\x05", "\x07" * 30, "\x08" * 30 + "gone", "\x7f\x7f",
    "safe\rover", "\r\n\r\nX", "a\x0bb\x0cc", "two\nlines", "tab\tstop", f"half {ESC}", f"half {ESC}[", f"half {ESC}]0;",
    f"{ESC}{ESC}[A", f"{ESC}[38;2;1;2;3m{ESC}[48;5;9mrgb", f"\x1b[{'1;' * 200}m", "%1b[31m", "\\x1b[31m", "\\033[31m", "^[[31m",
]  # fmt: skip
HIDDEN = [
    *(f"a{mark}b" for mark in "\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2063\ufeff\u00ad\u034f\u061c\u180e\u115f\u3164"),
    *(f"gpj{mark}exe.x" for mark in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"),
    "\u202etfel ot thgir", "\u2066\u2067\u2068 never closed", "one\u2028two\u2029three", "\ufff9base\ufffaruby\ufffb",
    "\U000e0041\U000e0042 tags", "\U000e0001", "flag \U0001f3f4\U000e0067\U000e0062\U000e007f", "\U0001bca0", "\U0001d173x",
    "\ue000 private", "\uf8ff", "\U000f0000\U0010fffd", "\ufffe\uffff", "\U0001fffe", "\ufffd", "\u0378 unassigned",
    "\u00a0", "\u3000wide\u3000", "\u2000\u2001\u2002\u2003", "\u1680", "\u205f", "\u2800\u2800",
]  # fmt: skip
WRITING = [
    "z\u0336a\u0337l\u0338g\u0334o" + "\u0301" * 60, "\u0301starts", "o\u0308\u0308\u0308" * 20, "é", "e\u0301", "ＦＵＬＬ", "ﬁﬂ",
    "שלום עולם", "مرحبا بالعالم", "abc שלום 123", "\u0627\u0644\u0644\u0647 ﷺ", "ﷺ" * 20, "नमस्ते दुनिया", "ไทยไม่มีช่องว่าง", "မြန်မာ",
    "山田 太郎", "김철수", "ｱｲｳｴｵ", "İstanbul ıI", "ẞß ſ", "Ωμέγα ς", "Ǆ ǅ ǆ", "\u1e9e", "ﬀ", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢", "🄰", "①²½",
    "👩‍👩‍👧‍👦", "🏳️‍🌈", "👍🏿", "🇦🇹🇪🇺", "❤️", "☺︎", "🧑🏽‍🚀" * 12, "\u200d👩", "👩\u200d", "\U0001f3fb", "\ufe0f", "#️⃣",
    "𓀀𓀁", "ꙮ", "﷽", "⃝⃞", "\u0e33" * 20, "ᄀ" * 20 + "각", "\u1160\u11a8", "ა Ⴀ", "℡ ℻", "Å Å", "K K",
]  # fmt: skip
MARKUP = [
    "[/]", "[/x]", "[on red]", "[bold]", "[red]hot[/red]", "[link=https://evil.example]x[/link]", "[@click=app.bell]x[/]",
    "[[", "]]", "[", "\\[bold]", "[bold", "[blink reverse]x", "[#ff0000]x", "[not a style]", "[/bold]", "[]", "[ ]",
    ":smile:", ":smiley::x:", ":pile_of_poo-text:", "::", "a:b:c", "<b>bold</b>", "<script>alert(1)</script>", "</title>",
    "<img src=x onerror=alert(1)>", "&lt;&amp;&#x1b;", "&#27;[31m", "<!--", "-->", "<![CDATA[x]]>", "<?xml?>", "<a href='x'>",
    "javascript:alert(1)", "data:text/html,x", "| pipe | table |", "|---|", "# heading", "## ", "* star", "- dash", "1. one",
    "> quote", "`code`", "```", "~~~", "***bold***", "__init__", "![x](https://evil.example/x.png)", "[x](javascript:x)",
    "<https://evil.example>", "---", "===", "\\", "\\\\", "trailing\\", "a\\nb", "\\t", "\\u0000", "\\x00", "$x^2$", "~~x~~",
]  # fmt: skip
FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "=cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "'=1+1",
    '=HYPERLINK("x")',
    "＝1+1",
    "%0A=1",
]
SHELL = [
    "-", "--", "---x", "-rf", "-x", "--help", "--db=x", "--debug", "--json", "-o", "--=", "-=x", "-\u00e9", "--\u202e", "-1", "- -",
    "@file", "@", "me", "none", "all", "help", "$HOME", "${HOME}", "$(touch owned)", "`touch owned`", "; touch owned", "| cat", "&& x",
    "|| x", "> owned", "< owned", "$((1+1))", "!!", "!x", "*", "?", "[a-z]*", "~", "~nobody-here", "{a,b}", "a b", " lead", "trail ",
    "'", '"', "''", '""', "'\"'", "\"'\"", "O'Brien", 'say "hi"', "'; x", '"; x', "`", "´", "“quoted”", "‹x›", "a'b\"c`d", "\\'", '\\"',
    "%s", "%n%n%n", "%d %x", "%(name)s", "%%", "{}", "{0}", "{name}", "{0.__class__}", "{self.app}", "{!r:>99}", "{{", "}}", "${x}", "$x",
    "#{x}", "{{7*7}}", "{% x %}", "<%= x %>", "$1", "\\1", "\\g<0>", "(?i)x", "(a+)+$", "[[:alpha:]]", ".*", "^$", "(", ")", "a(b", "*a",
    "rm -rf x", "EOF", "\\0", "#!/bin/sh", "# comment", "a # b", "a;b;c", "a=b", "=", "a,b", ",", "key=", "=value", "=" * 40,
]  # fmt: skip
PATHS = [
    "..", ".", "../x", "../../x", "..\\x", "a/../../x", "a/b", "/nowhere/at/all", "//x", "./x", "x/", "nowhere:x", "C:\\x", "\\\\host\\x",
    "file:nowhere.db", "file:x?mode=memory", ":memory:", "sqlite:///x", "postgresql://", "postgresql://u:secret@127.0.0.1:1/x",
    "postgresql://[", "postgres://x y", "http://127.0.0.1:1/", "con", "nul", "aux.txt", "x" * 300, "..%2fx", "%2e%2e/x", ".hidden", "x.",
    "x\\..\\y", "~/x", "a\u2215b", "x.csv", "x.vcf", "x.ics", "x.db", "x.db-wal", "name with spaces.csv", "-x.csv",
]  # fmt: skip
QUERIES = [
    "'; DROP TABLE contact;--", "' OR '1'='1", "\" OR \"\"=\"", "1; SELECT 1", "1 UNION SELECT 1", "')--", "/* x */", "--", "; --", "x'y''z",
    "\\'; --", "%' ESCAPE '!", "_", "%", "100%", "!_%", "$$x$$", "$1::int", "?", ":name", "@p", "E'\\x'", "x::text", "NULL", "null", "True",
    "AND", "OR", "NOT", "NEAR", "NEAR(a b)", "a NEAR/2 b", "a*", "*a", "^a", "a^b", "col:x", "display_name:x", '"phrase', 'a"b', '"a"b"',
    "a AND", "NOT a", "(a", "a)", "a:*", "a & b", "a | b", "!a", "a <-> b", "<->", "& |", "a\\:b", "-a", "+a", "{a b}: c", "name : {", "a' & 'b",
    "tag:", "tag:vip", "name~", "name~x", "not", "or", "and", "a or", "(((", ")))", "name:'", 'name:"', "due<", "due<eow", "x!:y", "a!~b", "!", "~",
    "id:1", "rowid:1", "uid:x", "password:x", "custom.x:y", "custom.:y", "owner:me", "external:a:b", "sqlite_master", "pg_sleep(1)", "<=", "1=1",
    "name~" + "a" * 600, "(" * 200 + "a" + ")" * 200, "not " * 100 + "a", "tag:" + ",".join("ab" * 300),
]  # fmt: skip
NUMBERS = [
    "0", "-1", "1e999", "NaN", "Infinity", "-Infinity", "0x10", "1_000", "٣", "１２", "9" * 40, "9223372036854775808", "-9223372036854775809",
    "1.5", "1,5", ".5", "5.", "+5", "00012", "1e3", "½", "²", "0.1e-400", "1" * 5000, "c1", "c0", "c-1", "c99999999999999999999", "co", "f", "op1",
    "2026-02-30", "2026-13-01", "0000-00-00", "9999-12-31", "9999-12-31T23:59:59Z", "+999999999d", "-999999999y", "in 99999999999 weeks", "now+", "12:60",
    "24:00", "2026-03-29 02:30", "tomorrow tomorrow", "next", "+", "2026-11-20T10:00:00+99:00", "+3d Europe/Nowhere", "5 Octember 2026", "٢٠٢٦-١١-٢٠",
]  # fmt: skip
MAIL = [
    "a@b", "a@b@c.example", "@x.example", "a@", "<a@x.example>", "Ada <a@x.example>", "a@x.example, b@x.example", '"a b"@x.example', "a@[127.0.0.1]",
    "a@x.example\nBcc: b@x.example", "a@x.example\r\nBcc: b@x.example", "Subject: x\n\nbody", "x\r\n.\r\nQUIT", "=?utf-8?q?=1B[31m?=", "=?utf-8?b?/w==?=",
    "a@\u202ex.example", "a@xn--.example", "a@xn--a-ecp.example", "ä@ö.example", "a" * 80 + "@x.example", "a@" + "x." * 140 + "example", "mailto:a@x.example",
    "+44 20 7946 0958", "+" + "1" * 40, "00", "110", "tel:+44", "+44 (0)20 7946 0958 ext. 5", "BEGIN:VCARD\nEND:VCARD", "x\nEND:VEVENT\nBEGIN:VEVENT",
    "work=", "=x", "label=a@x.example", "https://x.example/\n", "https://u:p@x.example", "http://[::1", "ftp://x", "x.example", "https://x.example/?a=b&c=d#e",
]  # fmt: skip
LONG = [
    "x" * 10_000,
    "word " * 2_000,
    "山" * 5_000,
    "\x1b[31m" * 2_000,
    "a\u0301" * 3_000,
    "[" * 3_000,
    "'" * 3_000,
    "\n" * 500 + "x",
]
EMPTY = ["", " ", "\t", "\n", "\u200b", "\u3000"]
BROKEN = ["nul\0inside", "\0", "half \ud800 pair", "\udcff\udcfe", "\udc1b[31m", "\ud83d", "\udc9b31m", "\udc80" * 5]
"""What no database can keep: NUL, and halves of pairs, which is how Python spells bytes that are no text."""

STRINGS = list(
    dict.fromkeys(
        [*TERMINAL, *HIDDEN, *WRITING, *MARKUP, *FORMULAS, *SHELL, *PATHS, *QUERIES, *NUMBERS, *MAIL, *LONG, *EMPTY, *BROKEN]
    )
)  # fmt: skip


def storable(text: str) -> bool:
    """Whether a database can keep it."""
    return bool(text.strip()) and "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text)
