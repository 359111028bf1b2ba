"""A person's words: what names them, what was written about them, and taking their names out of others' texts."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crmcli.kernel.codes import calling_code_length
from crmcli.kernel.text import bounded, tokens
from crmcli.store import erasing_sales, search
from crmcli.store.derive import digits, email_key, name_key
from crmcli.store.matching import external_key
from crmcli.store.suppression import kept_number, sale_key
from crmcli.store.texts import text_columns

ERASED = "[erased]"
# What was bought is called as the product is.
_OF_PRODUCTS = ("deal_line", "order_line")
# A text shorter than this, or of one word, says too little to be looked for.
SHORTEST = 12
# So much of a sentence is looked for.
LONGEST = 80
FEWEST_DIGITS = 6
# A text of more characters is looked through for parts of names first.
LONG = 10_000
MARKS = "-_."
"""What stands for a space in the names of files and in addresses: zelda-quux.csv."""
_BETWEEN = rf"(?:\s+|[{re.escape(MARKS)}])"
_SIGNS = b" \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f().-/"
_BREAKS = re.compile(r'[\n\r\t"\\.!?;:…。！？<>|]+')
# Columns whose words are the program's, or what many have in common.
_COMMON = frozenset({"label", "uid", "timezone", "thread", "in_reply_to", "media_type", "digest", "series",
                     "recurrence", "workdays", "occurs_on", "name_key", "filter", "ideal", "maximum", "source",
                     "occurrence", "channel", "run", "role", "purpose", "number", "method", "error"})  # fmt: skip


@dataclass
class Words:
    """What a person is known by, and what was written.

    `names`, `emails` and `numbers` are as they were written; `keys` what records are matched by, with the kind of each;
    `sales` what other systems call the person's deals, orders and cases; `texts` are sentences, and parts of them;
    `spelt` the words of everything that the person was ever called, of which the search knows the misspellings.
    """

    names: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    keys: dict[str, str] = field(default_factory=dict)
    sales: set[str] = field(default_factory=set)
    texts: dict[str, None] = field(default_factory=dict)
    spelt: set[str] = field(default_factory=set)

    def add(self, table: str, row: Mapping[str, Any]) -> None:
        """Take in what a row, or an image of one in the journal, says."""
        if table == "contact":
            self._named(row)
        elif table == "email" and row.get("value"):
            self.emails.add(row["value"])
            self.keys[email_key(row["value"])] = "email"
        elif table == "phone":
            self._number(row)
        elif table == "external_id" and row.get("source") and row.get("key"):
            self.keys[external_key(row["source"], row["key"])] = "external"
        elif table in erasing_sales.TABLES_OF_SALES and row.get("external"):
            self.sales.add(sale_key(table, row["external"]))
        if table not in ("email", "phone", "tag", *_OF_PRODUCTS):
            self._texts(table, row)

    def _named(self, row: Mapping[str, Any]) -> None:
        if row.get("uid"):
            self.keys[row["uid"]] = "uid"
        said = [row.get(name) for name in search.NAMES["contact"]]
        self.spelt |= {word for word in search.words(said) if search.is_spelt(word)}
        if row.get("display_name"):
            self.names.add(row["display_name"])
        given, family = row.get("given_name"), row.get("family_name")
        if given and family:
            self.names |= {f"{given} {family}", f"{family}, {given}"}

    def _number(self, row: Mapping[str, Any]) -> None:
        for name in ("raw", "e164"):
            if row.get(name) and len(digits(row[name])) >= FEWEST_DIGITS:
                self.numbers.add(row[name])
                self.keys[digits(row[name])] = "phone"
        if row.get("raw"):
            self.keys |= dict.fromkeys(kept_number(row["raw"], row.get("e164")), "phone")

    def _texts(self, table: str, row: Mapping[str, Any]) -> None:
        for name in text_columns(table):
            if row.get(name) and name not in _COMMON and (table, name) != ("contact", "display_name"):
                self.texts.update(dict.fromkeys(pieces(str(row[name]))))

    def join(self, other: "Words") -> None:
        """Take in what another person is known by, to be looked for together."""
        self.names |= other.names
        self.emails |= other.emails
        self.numbers |= other.numbers
        self.texts |= other.texts
        self.spelt |= other.spelt

    def only_named(self) -> bool:
        """Whether there is nothing but a name to know the person by."""
        return not set(self.keys.values()) - {"uid"}

    @property
    def identifiers(self) -> list[str]:
        """What names the person: full names, addresses, numbers."""
        return sorted({*self.names, *self.emails, *self.numbers})

    def forms(self) -> dict[str, str]:
        """The forms in which what names the person may be written, each with the name, address or number it is of."""
        found = {name: name for name in self.identifiers}
        found |= {" ".join(tokens(name)): name for name in self.names if len(tokens(name)) > 1}
        return found | {mark.join(name.split()): name for name in self.names if " " in name for mark in MARKS}


def pieces(text: str) -> list[str]:
    """The sentences of a text that are long enough to be its own."""
    found = []
    for part in _BREAKS.split(text):
        piece = part.strip()[:LONGEST].strip()
        if len(piece) >= SHORTEST and (" " in piece or not piece.isascii()):
            found.append(piece)
    return found


class Eraser:
    """Takes the names, addresses and numbers of a person out of a text.

    Args:
        words: the person's.
    """

    def __init__(self, words: Words) -> None:
        patterns = [bounded(re.escape(one)) for one in sorted(words.emails, key=len, reverse=True)]
        patterns += [_number(one) for one in sorted(words.numbers, key=len, reverse=True)]
        names = sorted({" ".join(name.split()) for name in words.names}, key=len, reverse=True)
        patterns += [bounded(_BETWEEN.join(map(re.escape, name.split()))) for name in names if len(name) > 1]
        self._words = {word for name in names for word in tokens(name) if len(word) > 1}
        self._pattern = re.compile("|".join(patterns), re.IGNORECASE) if patterns else None
        parts = [max(re.split(_BETWEEN, name.lower()), key=len) for name in names if len(name) > 1]
        self._parts = [*parts, *(one.lower() for one in words.emails)]
        self._digits = [_national(one) for one in words.numbers]

    def clean(self, text: str | None) -> str | None:
        """The text without them."""
        return text if text is None or self._pattern is None else self._pattern.sub(ERASED, text)

    def changed(self, row: Mapping[str, Any], columns: Iterable[str]) -> dict[str, Any]:
        """Those of these columns of a row in which something is to be taken out, with what is left."""
        found = {name: self.clean(row[name]) for name in columns}
        return {name: value for name, value in found.items() if value != row[name]}

    def kept(self, text: str | None) -> str | None:
        """A text that stays whole, or goes where a word of a name, an address or a number stands in it."""
        said = set(tokens(text or ""))
        return None if self.finds(text) or said & self._words else text

    def finds(self, text: str | None) -> bool:
        """Whether something of the person stands in a text."""
        return bool(text and self.found(text))

    def found(self, text: str) -> str | None:
        """What of the person stands first in a text, as it is written there."""
        if self._pattern is None or (len(text) > LONG and not self._may_be_in(text)):
            return None
        hit = self._pattern.search(text)
        return hit and hit[0]

    def _may_be_in(self, text: str) -> bool:
        """Whether a part of each stands there: the pattern goes through a long text a hundred times more slowly."""
        low = text.lower()
        if any(part in low for part in self._parts):
            return True
        if not self._digits:
            return False
        # Spaces and letters that are not ASCII go as well.
        plain = text.encode("ascii", "ignore").translate(None, _SIGNS).decode("ascii")
        return any(number in plain for number in self._digits)


def _national(text: str) -> str:
    """The digits of a number that it has in every notation."""
    plain = digits(text)
    national = plain[calling_code_length("+" + plain) :] if text.startswith("+") else plain
    return national if len(national) >= FEWEST_DIGITS else plain


def _number(text: str) -> str:
    """A number in any notation: with the code of its country, with a zero, or as it is dialled there."""
    plain = digits(text)
    if text.startswith("+"):
        code = 1 + calling_code_length("+" + plain)
        national = plain[code - 1 :]
        if len(national) >= FEWEST_DIGITS:
            prefix = rf"(?:(?:\+|00)\s?{_spread(plain[: code - 1])}[\s().\-/]*(?:\(0\)[\s.\-/]*)?|\(?0[\s().\-/]*)?"
            return rf"(?<![\d+]){prefix}{_spread(national)}(?!\d)"
    return rf"(?<!\d)\+?{_spread(plain)}(?!\d)"


def _spread(number: str) -> str:
    return r"[\s().\-/]*".join(number)


def named_key(name: str) -> str:
    """What somebody is suppressed by who has nothing but a name."""
    return f"name\x1f{name_key(name)}"
