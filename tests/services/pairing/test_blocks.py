"""Pairs within blocks: each with each while they are few, neighbours only when they are many."""

from hypothesis import given
from hypothesis import strategies as st

from crmcli.services.pairing.blocks import MOST, NEIGHBOURS, Blocks, by_value


def blocks() -> Blocks:
    return Blocks(lambda key: (str(key % 7),))


def test_few_are_compared_each_with_each() -> None:
    found = blocks()
    found.add([3, 1, 2, 2], "a box")
    assert found.pairs == {(1, 2), (1, 3), (2, 3)}
    assert found.notes("contact") == []


def test_of_those_alike_only() -> None:
    found = blocks()
    found.add([1, 2, 3], "a box", lambda a, b: a + b == 4)
    assert found.pairs == {(1, 3)}


@given(st.integers(MOST + 1, 400))
def test_a_crowd_costs_no_more_than_its_size(size: int) -> None:
    found = blocks()
    found.add(range(size), "the phone number 1")
    assert len(found.pairs) <= NEIGHBOURS * size
    # Those of one name stand next to one another.
    assert (0, 7) in found.pairs
    assert found.notes("contact") == [
        f"{size:,} contact records share the phone number 1: of them only those with neighbouring names were compared"
    ]


def test_no_more_notes_than_are_read() -> None:
    found = blocks()
    for number in range(10):
        found.add(range(MOST + 1 + number), f"box {number}")
    notes = found.notes("company")
    assert len(notes) == 4
    assert "box 9" in notes[0]
    assert notes[-1] == "so were 7 smaller crowds"


def test_who_holds_a_value() -> None:
    rows = [
        {"value": "a", "contact_id": 1, "company_id": None},
        {"value": "a", "contact_id": None, "company_id": 2},
        {"value": "b", "contact_id": None, "company_id": 2},
    ]
    assert by_value(rows, "contact") == {"a": ([1], [2])}
    assert by_value(rows, "company") == {"a": ([2], [1]), "b": ([2], [])}
