"""Cells that a spreadsheet would take for a formula, and how they are kept from being one.

An apostrophe before the sign makes a text of it. It comes off again when it is read: an apostrophe before such a sign
is always taken for protection, so that a value which begins with just these two gets a second one, whatever file it is
written to. Cells that other programs protected in this way are read rightly, too.
"""

import re

_FORMULA = "=+\\-@\t\r\n＝＋－＠"
_BEGINS = re.compile(f"[{_FORMULA}]")
_PROTECTED = re.compile(f"'+[{_FORMULA}]")


def protected(text: str, *, formulas: bool) -> str:
    """A cell as it is written; with `formulas` one that would be a formula is protected."""
    if _PROTECTED.match(text) or (formulas and _BEGINS.match(text)):
        return "'" + text
    return text


def unprotected(text: str) -> str:
    """A cell as it was before `protected`."""
    return text[1:] if _PROTECTED.match(text) else text
