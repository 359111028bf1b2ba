"""Cells that spreadsheets would calculate: protected, and read again as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.kernel.spreadsheets import protected, unprotected

SIGNS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]
texts = st.text() | st.text(st.sampled_from(["'", *SIGNS, "a"]))


@given(texts, st.booleans())
def test_a_cell_is_read_as_it_was(text: str, formulas: bool) -> None:
    assert unprotected(protected(text, formulas=formulas)) == text


@given(texts)
def test_no_cell_begins_as_a_formula(text: str) -> None:
    assert not protected(text, formulas=True).startswith(tuple(SIGNS))


@pytest.mark.parametrize("sign", SIGNS)
def test_how_it_looks(sign: str) -> None:
    assert protected(f"{sign}1", formulas=True) == f"'{sign}1"
    assert protected(f"{sign}1", formulas=False) == f"{sign}1"
    assert protected(f"'{sign}1", formulas=False) == f"''{sign}1"
    assert protected("O'Brien =", formulas=True) == "O'Brien ="
    assert unprotected("'07700 900142") == "'07700 900142"
