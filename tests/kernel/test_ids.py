"""References and UUIDs."""

import os
import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.kernel.ids import PREFIXES, Uids, parse_ref, ref, uid7


@given(st.sampled_from(sorted(PREFIXES)), st.integers(1, 2**63 - 1))
def test_a_reference_comes_back(noun: str, number: int) -> None:
    assert parse_ref(ref(noun, number)) == (noun, number)
    assert parse_ref(ref(noun, number).upper()) == (noun, number)


def test_prefixes_are_distinct() -> None:
    assert len(set(PREFIXES.values())) == len(PREFIXES)
    assert ref("contact", 42) == "c42"


@pytest.mark.parametrize(
    "text",
    ["", "c", "42", "c0", "c01", "c-1", "c 1", "x1", "c1x", "c1.0", "c٣", "ｃ1", "c1\n", "c9223372036854775808"]
    + ["c" + "9" * 5000],
)
def test_other_words_are_no_references(text: str) -> None:
    assert parse_ref(text) is None


def test_an_unknown_noun_is_a_mistake_of_the_program() -> None:
    with pytest.raises(KeyError):
        ref("unicorn", 1)


def test_uid7_matches_the_example_of_the_standard() -> None:
    """RFC 9562, appendix A.6: rand_a CC3, rand_b 18C4DC0C0C07398F."""
    random = (0xCC3 << 62 | 0x18C4DC0C0C07398F).to_bytes(10, "big")
    now = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)
    assert uid7(now, lambda size: random[:size]) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_uid_is_a_uuid_of_version_7(now: datetime) -> None:
    parsed = uuid.UUID(uid7(now))
    assert (parsed.version, parsed.variant) == (7, uuid.RFC_4122)


def test_later_uids_sort_later() -> None:
    first = uid7(datetime(2026, 11, 21, 14, 0, 0, tzinfo=UTC), lambda size: b"\xff" * size)
    second = uid7(datetime(2026, 11, 21, 14, 0, 1, tzinfo=UTC), lambda size: b"\x00" * size)
    assert first < second


def test_many_uuids_of_one_moment_grow_and_are_of_version_7() -> None:
    uids = Uids(datetime(2026, 11, 20, 10, 0, tzinfo=UTC), os.urandom)
    made = [*uids.next(500), *uids.next(500)]
    assert made == sorted(set(made))
    assert {(uuid.UUID(text).version, uuid.UUID(text).variant) for text in made} == {(7, uuid.RFC_4122)}
    assert all(text == str(uuid.UUID(text)) for text in made)
    assert {text[:13] for text in made} == {uid7(datetime(2026, 11, 20, 10, 0, tzinfo=UTC))[:13]}
