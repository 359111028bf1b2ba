"""Company names without their legal forms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.kernel.legalforms import firm


@pytest.mark.parametrize(
    ("name", "words", "form"),
    [
        ("Acme", "acme", ""),
        ("ACME GmbH & Co. KG", "acme", "gmbh kg"),
        ("Acme, Inc.", "acme", "inc"),
        ("Acme Incorporated", "acme", "inc"),
        ("Acme Limited", "acme", "ltd"),
        ("Acme Private Limited", "acme", "ltd"),
        ("Siam Co., Ltd.", "siam", "ltd"),
        ("Acme S.A.", "acme", "sa"),
        ("Acme S. A. R. L.", "acme", "sarl"),
        ("Acme Sp. z o.o.", "acme", "spzoo"),
        ("Novák spol. s r.o.", "novak", "sro"),
        ("Nordic A/S", "nordic", "as"),
        ("Müller & Söhne OHG", "muller sohne", "ohg"),
        ("Muller und Sohne", "muller sohne", ""),
        ("A.B.C. Ltd", "abc", "ltd"),
        ("OOO Romashka", "romashka", "ooo"),
        ("株式会社山田", "山 田", "kk"),
        ("Société Générale S.A.", "societe generale", "sa"),
        ("Bau SE Technik", "bau se technik", ""),
        ("SE Electronics", "se electronics", ""),
        ("Limited", "limited", ""),
        ("The Bakery Ltd", "bakery", "ltd"),
    ],
)
def test_what_is_left_of_a_name(name: str, words: str, form: str) -> None:
    assert firm(name) == (tuple(words.split()), form)


@given(st.text(max_size=20).filter(lambda text: any(letter.isalnum() for letter in text)))
def test_something_is_left_of_every_name(name: str) -> None:
    assert firm(name).words


@given(st.sampled_from(["GmbH", "Ltd.", "Inc", "S.A.", "AB", "B.V.", "Sp. z o.o."]))
def test_a_form_makes_no_other_name(form: str) -> None:
    assert firm(f"Analytical Engines {form}").words == firm("Analytical Engines").words
