"""Content lines, of which vCards are made: `group.NAME;PARAM=value:text`, folded, with escapes.

Sources: RFC 6350, section 3 (vCard 4.0); RFC 2426, section 2 (3.0); the vCard 2.1 specification of the versit
Consortium; RFC 2045, section 6.7, for quoted-printable.
"""

import base64
import binascii
import re
from collections.abc import Iterable

MOST_PIECES = 1000
"""A value is cut into no more pieces; what comes after stays together in the last."""
LONGEST_LINE = 75
"""Octets of a line that is written, without its end."""
ORIGINAL = "X-CRM-VALUE"
"""The parameter that carries a value which holds characters that no line may hold."""

_LINE = re.compile(
    r"(?:([A-Za-z0-9_-]++)\.)?([A-Za-z0-9_-]++)"  # the group, the name
    r"((?:[ \t]*+;(?:[^\";:]++|\"[^\"]*+\")*+)*+)[ \t]*+:(.*)",  # the parameters, the value
    re.DOTALL,
)
# vCard 2.1 knows no quotes: there one may stand alone.
_UNQUOTED = re.compile(r"(?:([A-Za-z0-9_-]++)\.)?([A-Za-z0-9_-]++)((?:;[^:]*+)?)[ \t]*+:(.*)", re.DOTALL)
_PARAMETER = re.compile(r";((?:[^\";]++|\"[^\"]*+\"?)*+)")
_LISTED = re.compile(r"((?:[^\",]++|\"[^\"]*+\"?)*+)(?:,|$)")
_MARK = re.compile(r"\\.|[;,]", re.DOTALL)
_ESCAPE = re.compile(r"\\([\\;,:nN\n])")
_OLD_ESCAPE = re.compile(r"\\([\\;,:\n])")
# Nothing that a reader could take for the end of a line, or a terminal for an order, stands in a line.
_CONTROLS = re.compile("[\0-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_SURROGATES = re.compile("[\udc80-\udcff]")
_ENCODINGS = ("QUOTED-PRINTABLE", "BASE64", "B", "8BIT", "7BIT")
# Declared character sets that are read as what is really meant by them, as browsers do (WHATWG Encoding Standard).
_CHARSETS = {
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932",
    "gb2312": "gb18030", "gbk": "gb18030", "euc-kr": "cp949", "big5": "big5hkscs", "us-ascii": "cp1252",
    "ascii": "cp1252", "iso-8859-1": "cp1252", "latin1": "cp1252",
}  # fmt: skip
_USUAL = (("utf-8", "strict"), ("cp1252", "replace"))
_KNOWN_CHARSETS = re.compile(
    r"utf-?8|utf-?16(?:-?[bl]e)?|iso-?8859-\d{1,2}|windows-?\d{3,4}|cp\d{3,4}|koi8-[rtu]|euc[-_]?jp|gb18030"
    r"|iso-?2022-(?:jp|kr)|johab|big5hkscs|tis-?620"
)


class Property:
    """One property of a card, as it stands there.

    Args:
        group: what stands before the point, or "".
        name: the name as it is written.
        raw: the parameters as they are written, each with its `;`.
        value: the text after the colon, still encoded and escaped. Bytes that are no UTF-8 are in it as surrogates
            (PEP 383).
        old: vCard 2.1, in which a line end is not written as an escape.
    """

    __slots__ = ("_params", "group", "key", "name", "old", "raw", "value")

    def __init__(self, group: str, name: str, raw: str, value: str, old: bool = False) -> None:
        self.group = group
        self.name = name
        self.key = name.upper()
        self.raw = raw
        self.value = value
        self.old = old
        self._params: dict[str, list[str]] | None = None

    @property
    def params(self) -> dict[str, list[str]]:
        """The parameters by their names in upper case, each with its values; bare words are types or encodings."""
        if self._params is None:
            self._params = parameters(self.raw) if self.raw else {}
        return self._params

    def param(self, name: str) -> str:
        """The first value of a parameter, or ""."""
        found = self.params.get(name) if self.raw else None
        return found[0] if found else ""

    @property
    def types(self) -> list[str]:
        """The TYPE parameters in lower case, those of quoted lists each by itself."""
        if not self.raw:
            return []
        return [word.strip().lower() for one in self.params.get("TYPE", ()) for word in one.split(",") if word.strip()]

    @property
    def quoted_printable(self) -> bool:
        """Whether the value is encoded as quoted-printable."""
        return bool(self.raw) and self.param("ENCODING").upper() == "QUOTED-PRINTABLE"

    @property
    def binary(self) -> bool:
        """Whether the value is encoded as base64."""
        return bool(self.raw) and self.param("ENCODING").upper() in ("B", "BASE64")

    def text(self) -> str:
        """The value as text, without white space at its ends."""
        return self.whole().strip()

    def whole(self) -> str:
        """The value as text, with the white space at its ends."""
        return self._unescaped(self._decoded(self.value))

    def pieces(self, mark: str = ";") -> list[str]:
        """The texts between unescaped marks, `;` or `,`, without white space at their ends."""
        return [piece.strip() for piece in self.whole_pieces(mark)]

    def whole_pieces(self, mark: str = ";") -> list[str]:
        """The texts between unescaped marks, with the white space at their ends."""
        if self.quoted_printable:  # a mark that is encoded is part of the text
            return [self._unescaped(self._decoded(piece)) for piece in split(self.value, mark)]
        return [self._unescaped(piece) for piece in split(self._decoded(self.value), mark)]

    def lists(self) -> list[list[str]]:
        """The pieces between `;`, each cut at its unescaped commas; vCard 2.1 has no such lists."""
        pieces = split(self._decoded(self.value), ";") if not self.quoted_printable else []
        if self.old or not pieces:
            return [[piece] for piece in self.pieces()]
        return [[self._unescaped(one) for one in split(piece, ",")] for piece in pieces]

    def line(self) -> str:
        """The property as one line that needs no knowledge of vCard 2.1.

        It is the line as it stands there, unfolded. Only what vCard 3.0 and 4.0 cannot say is translated:
        quoted-printable, character sets, parameters without names.
        """
        raw, value = self.raw, self.value
        if not raw and value.isascii():
            return f"{self.group}.{self.name}:{value}" if self.group else f"{self.name}:{value}"
        if self.quoted_printable or _SURROGATES.search(value) or "CHARSET" in self.params:
            value = self._decoded(value).replace("\n", "\\n")
            raw = _written(self.params, leave=("CHARSET", *(["ENCODING"] if self.quoted_printable else [])))
        elif raw and any("=" not in found[1] for found in _PARAMETER.finditer(raw)):
            raw = _written(self.params)
        return f"{self.group}{'.' if self.group else ''}{self.name}{clean(raw)}:{value}"

    def _decoded(self, text: str) -> str:
        charset = self.param("CHARSET").strip().lower() if self.raw else ""
        if self.quoted_printable:
            # An equals sign before white space is a soft line end that was folded beside.
            quoted = re.sub("=(?=[ \t])", "", text).encode("utf-8", "surrogateescape")
            return decode(binascii.a2b_qp(quoted), charset)
        if text.isascii() and ("\x1b" not in text or not charset):
            return text
        if _SURROGATES.search(text) or charset not in ("", "utf-8"):
            return decode(text.encode("utf-8", "surrogateescape"), charset)
        return text

    def _unescaped(self, text: str) -> str:
        return unescape(text, old=self.old) if "\\" in text else text


def parse(line: str, *, old: bool = False) -> Property | None:
    """The property that an unfolded line holds; None when it holds none."""
    found = _LINE.fullmatch(line) or _UNQUOTED.fullmatch(line)
    if found is None:
        return None
    group, name, raw, value = found.groups()
    if _SURROGATES.search(raw):
        raw = decode(raw.encode("utf-8", "surrogateescape"))
    made = Property(group or "", name, raw, value, old)
    if raw and ORIGINAL in raw.upper():
        _restore(made)
    return made


def _restore(made: Property) -> None:
    """Put the value back that `write` had to clean, unless somebody changed it since."""
    encoded = made.param(ORIGINAL)
    kept = [found[0] for found in _PARAMETER.finditer(made.raw) if not found[1].upper().startswith(ORIGINAL)]
    made.raw, made._params = "".join(kept), None
    try:
        original = base64.b64decode(encoded, validate=True).decode("utf-8")
    except ValueError:
        return
    if clean(original) == made.value and "\n" not in original and "\0" not in original:
        made.value = original


def parameters(raw: str) -> dict[str, list[str]]:
    """Parameters by their names in upper case. A word without a name is an encoding or a type, as in vCard 2.1."""
    found: dict[str, list[str]] = {}
    texts = raw[1:].split(";") if '"' not in raw else [one[1] for one in _PARAMETER.finditer(raw)]
    for text in texts:
        name, equals, value = text.partition("=")
        name = name.strip().upper()
        if not equals:
            name, value = ("ENCODING" if name in _ENCODINGS else "TYPE"), text
        values = [value.strip()] if '"' not in value and "," not in value else _listed(value)
        if name and any(values):
            found.setdefault(name, []).extend(values)
    return found


def _listed(value: str) -> list[str]:
    texts = [one.strip() for one in _LISTED.findall(value)]
    return [_uncaret(one.replace('"', "")) for one in texts if one]


def _uncaret(text: str) -> str:
    """RFC 6868: what a parameter cannot hold is written with a caret."""
    return text.replace("^n", "\n").replace("^'", '"').replace("^^", "^") if "^" in text else text


def _written(params: dict[str, list[str]], leave: Iterable[str] = ()) -> str:
    quoted = {name: ",".join(_quote(value) for value in values) for name, values in params.items() if name not in leave}
    return "".join(f";{name}={value}" for name, value in quoted.items())


def _quote(value: str) -> str:
    text = value.replace("^", "^^").replace("\n", "^n").replace('"', "^'") if re.search('[\n"]', value) else value
    return f'"{text}"' if re.search("[,;:]", text) else text


def split(text: str, mark: str) -> list[str]:
    """The texts between unescaped marks, still escaped; at most MOST_PIECES."""
    if "\\" not in text:
        return text.split(mark, MOST_PIECES - 1)
    pieces: list[str] = []
    start = 0
    for found in _MARK.finditer(text):
        if found[0] == mark and len(pieces) < MOST_PIECES - 1:
            pieces.append(text[start : found.start()])
            start = found.end()
    return [*pieces, text[start:]]


def unescape(text: str, *, old: bool = False) -> str:
    """A text without its escapes; a backslash that begins none stays. vCard 2.1 (`old`) has none for a line end."""
    if "\\" not in text:
        return text
    return (_OLD_ESCAPE if old else _ESCAPE).sub(lambda found: "\n" if found[1] in "nN" else found[1], text)


def escape(text: str) -> str:
    """A text as it stands between marks."""
    if text.isalnum():
        return text
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def clean(text: str) -> str:
    """A text of a line with a space for every character that no line may hold."""
    return _CONTROLS.sub(" ", text) if not text.isprintable() else text


def write(name: str, value: str, params: str = "") -> str:
    """A line, folded, with its end.

    A value with control characters is cleaned of them and goes whole into a parameter of our own, so that we can read
    it again and nobody else can be misled by it.

    Args:
        name: the name, with its group.
        value: the value, escaped.
        params: the parameters, each with its `;`.
    """
    cleaned = clean(value)
    if cleaned != value:
        original = base64.b64encode(value.encode("utf-8", "replace")).decode("ascii")
        params = f"{params};{ORIGINAL}={original}"
    return fold(f"{name}{clean(params)}:{cleaned}")


def fold(line: str) -> str:
    """A line cut at 75 octets (RFC 6350, section 3.2), never within a character, with CR LF at the end of each."""
    if len(line) <= LONGEST_LINE and line.isascii():
        return line + "\r\n"
    data = line.encode("utf-8", "replace")
    pieces, start, most = [], 0, LONGEST_LINE
    while len(data) - start > most:
        end = start + most
        while data[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(data[start:end])
        start, most = end, LONGEST_LINE - 1  # the space before a continued line counts
    pieces.append(data[start:])
    return b"\r\n ".join(pieces).decode("utf-8") + "\r\n"


def decode(data: bytes, charset: str = "") -> str:
    """Bytes as text: in the character set that was declared, where it is known, else UTF-8, else Windows-1252.

    Bytes that mean nothing become U+FFFD; NUL characters, which are no text, are left out.
    """
    codec = _CHARSETS.get(charset, charset)
    attempts = ((codec, "replace"), *_USUAL) if codec and _KNOWN_CHARSETS.fullmatch(codec) else _USUAL
    for attempt, errors in attempts:
        try:
            text = data.decode(attempt, errors)
            break
        except (UnicodeDecodeError, LookupError):
            continue
    return text.replace("\0", "").replace("\r\n", "\n")
