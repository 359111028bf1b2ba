"""What may be done to a person's words: shown safely, compared, cut into search tokens, measured, checked."""

import re
import unicodedata
from collections.abc import Iterator

from crmcli.kernel.errors import UsageError

_UNSAFE = (
    (0x0000, 0x001F), (0x007F, 0x009F),  # controls
    (0x00AD, 0x00AD), (0x061C, 0x061C), (0x180E, 0x180E), (0x200B, 0x200B), (0x200E, 0x200F),  # invisible, direction
    (0x2028, 0x202E), (0x2060, 0x206F), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB),  # line ends, direction, invisible
    (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE007F),  # invisible, tags
    (0xD800, 0xF8FF), (0xF0000, 0x10FFFF),  # surrogates and private use
)  # fmt: skip
_NAMED_ESCAPES = {9: "\\t", 10: "\\n", 13: "\\r"}


class _Escapes(dict[int, str | int]):
    """A table for str.translate that works out each character when it is first met."""

    def __missing__(self, code: int) -> str | int:
        result: str | int = code
        if any(first <= code <= last for first, last in _UNSAFE):
            result = _NAMED_ESCAPES.get(code) or (
                f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
            )
        self[code] = result
        return result


_ONE_LINE = _Escapes()
_MANY_LINES = _Escapes({10: 10})


def safe(text: str, *, newlines: bool = False) -> str:
    """Return `text` with every character that could drive a terminal or mislead a reader as a visible escape.

    Controls, lone surrogates, private use, line and paragraph separators, direction marks, tags and invisible format
    characters become `\\x1b`, `\\u202e`, `\\U000e0041` and the like. What scripts and emoji need to be written stays:
    the zero-width joiner and non-joiner, variation selectors, visible Arabic and Kaithi signs, hieroglyph joiners.

    Args:
        text: what a person stored or typed.
        newlines: keep line feeds, and turn CR LF into them.
    """
    if text.isprintable():  # printable means no character of Cc, Cf, Cs, Co, Zl or Zp
        return text
    if newlines:
        return text.replace("\r\n", "\n").translate(_MANY_LINES)
    return text.translate(_ONE_LINE)


_LETTERS = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ƀ": "b", "\u0131": "i", "ɨ": "i", "ʉ": "u",
        "æ": "ae", "œ": "oe", "þ": "th", "ŋ": "n", "ə": "e", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƒ": "f",
        "\u02bb": "'", "\u02bc": "'", "\u2018": "'", "\u2019": "'",
        "\u0640": "", "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "", "\ufe0e": "", "\ufe0f": "", "\ufeff": "",
    }
)  # fmt: skip


def fold(text: str) -> str:
    """Return the form in which names are compared: `Müller` and `MULLER` both become `muller`.

    Compatibility decomposition (NFKD), accents and vowel points removed, case folded, letters that do not decompose
    spelt out (`ø`, `ł`, `æ`), invisible joiners dropped, recomposed. Vowel signs of Indic and Thai scripts and the
    voicing marks of kana stay: without them it would be another word. Folding twice changes nothing.
    """
    if text.isascii():
        return text.lower()
    bare = _without_accents(unicodedata.normalize("NFKD", text)).casefold().translate(_LETTERS)
    # Case folding and spelling out can bring new composed characters, hence the second round.
    return unicodedata.normalize("NFC", _without_accents(unicodedata.normalize("NFKD", bare)))


def _without_accents(decomposed: str) -> str:
    accents = {ord(c): None for c in set(decomposed) if _is_accent(unicodedata.combining(c))}
    return decomposed.translate(accents) if accents else decomposed


def _is_accent(combining_class: int) -> bool:
    # 1 overlays, 10-36 Hebrew and Arabic points, 200 and up accents; 7-9 and 84-132 are parts of Asian letters.
    return combining_class >= 200 or 10 <= combining_class <= 36 or combining_class == 1


_LONGEST_TOKEN = 64
_PLAIN_WORD = re.compile("[a-z0-9]+")
FIRST_IDEOGRAPH = "\u2e80"
"""From here on stand the scripts in which every character is a word of its own (Chinese, Japanese, Korean)."""
_IDEOGRAPHS = ((0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3040, 0x318F), (0x31A0, 0x31BF), (0x31F0, 0x31FF),
               (0x3400, 0x4DBF), (0x4E00, 0xA4CF), (0xAC00, 0xD7FF), (0xF900, 0xFAFF), (0x1B000, 0x1B16F),
               (0x20000, 0x3FFFF))  # fmt: skip


def tokens(text: str) -> list[str]:
    """Return the search words of a text: folded runs of letters and digits, of at most 64 characters each.

    Chinese, Japanese and Korean do not part words with spaces: each of their characters is a word of its own.
    """
    folded = fold(text)
    words = _PLAIN_WORD.findall(folded) if folded.isascii() else _words(folded)
    if len(folded) <= _LONGEST_TOKEN or all(len(word) <= _LONGEST_TOKEN for word in words):
        return words
    return [word[i : i + _LONGEST_TOKEN] for word in words for i in range(0, len(word), _LONGEST_TOKEN)]


def _words(folded: str) -> list[str]:
    words: list[str] = []
    run = ""
    for c in folded:
        if c.isalnum():
            if c >= FIRST_IDEOGRAPH and any(first <= ord(c) <= last for first, last in _IDEOGRAPHS):
                words += [run, c]
                run = ""
            else:
                run += c
        elif run and unicodedata.category(c)[0] == "M":
            run += c
        else:
            words.append(run)
            run = ""
    words.append(run)
    return [word for word in words if word]


def cell_width(text: str) -> int:
    """Return the terminal columns a text takes: two for wide East Asian characters and emoji, none for marks.

    Source of the widths: Unicode Standard Annex 11; a joined or skin-toned emoji takes the columns of its first part.
    """
    if text.isascii():
        return len(text)
    return sum(_widths(text))


def _widths(text: str) -> Iterator[int]:
    """Yield what each character adds to the width of those before it."""
    base = 0
    joined = False
    for c in text:
        code = ord(c)
        wide = unicodedata.east_asian_width(c) in "WF"
        width = 0
        if c == "\u200d":
            joined = base == 2
            yield 0
            continue
        if c == "\ufe0f":
            width = 1 if base == 1 else 0  # asks for the emoji form of a narrow sign
            base += width
        elif (joined and wide) or (0x1F3FB <= code <= 0x1F3FF and base == 2) or 0x1160 <= code <= 0x11FF:
            width = 0
        elif code == 0xAD or unicodedata.category(c) not in ("Mn", "Me", "Cf", "Cc"):
            width = base = 2 if wide else 1
        joined = False
        yield width


def clip(text: str, width: int) -> str:
    """Return `text` cut to `width` terminal columns, the last of them "…" when something was cut off."""
    if cell_width(text) <= width:
        return text
    if width < 1:
        return ""
    kept = used = 0
    for step in _widths(text):
        if used + step > width - 1:
            break
        used += step
        kept += 1
    return text[:kept].rstrip("\u200d") + "…"


def check_text(value: object, *, what: str, max_length: int, multiline: bool = False, required: bool = False) -> str:
    """Return a text fit to be stored, without white space at its ends.

    Args:
        value: what was given.
        what: the name of the field, for the message.
        max_length: the most characters it may have.
        multiline: turn CR LF line ends into LF. Line ends in other fields are kept, and shown escaped.
        required: refuse an empty text.

    Raises:
        UsageError: not text, a NUL character, a lone surrogate, too long, or empty though required.
    """
    if not isinstance(value, str):
        raise UsageError(f"{what} must be text, not {type(value).__name__}")
    if "\0" in value:
        raise UsageError(f"{what} contains a NUL character", "remove it; no database here can store it")
    if not value.isascii() and re.search("[\ud800-\udfff]", value):
        raise UsageError(f"{what} contains a broken character (a lone surrogate)", "give it as valid UTF-8")
    text = value.replace("\r\n", "\n").strip() if multiline else value.strip()
    if required and not text:
        raise UsageError(f"{what} is empty")
    if len(text) > max_length:
        raise UsageError(f"{what} has {len(text)} characters", f"the limit is {max_length}")
    return text


def bounded(pattern: str) -> str:
    """A pattern, of escaped words, that matches whole words; scripts that set no spaces between words have none."""
    plain = re.sub(r"\\(.)|\\s\+", r"\1", pattern)
    before = r"(?<!\w)" if plain[:1].isalnum() and _spaced(plain[0]) else ""
    after = r"(?!\w)" if plain[-1:].isalnum() and _spaced(plain[-1]) else ""
    return f"{before}{pattern}{after}"


def _spaced(letter: str) -> bool:
    return letter.isdigit() or letter.lower() != letter.upper()
