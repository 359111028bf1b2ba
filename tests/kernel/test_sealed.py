"""The seal notices whatever happened to the lines before it."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.kernel.errors import UsageError
from crmcli.kernel.sealed import check, sealed, unsealed

lines = st.lists(st.text(st.characters(min_codepoint=32, max_codepoint=126)), max_size=6)


def whole(given: list[str]) -> bytes:
    return "".join(sealed(given, "test/1")).encode("ascii")


@given(lines)
def test_lines_come_back_with_their_numbers(given: list[str]) -> None:
    found = list(unsealed(io.BytesIO(whole(given)), "test/1"))
    assert found == [(number, line.encode()) for number, line in enumerate(given, 1)]
    assert check(io.BytesIO(whole(given).replace(b"\n", b"\r\n")), "test/1") == len(given)


@given(lines, st.integers(0, 10_000), st.integers(1, 255))
def test_a_byte_that_differs_is_noticed(given: list[str], place: int, flip: int) -> None:
    data = bytearray(whole(given))
    place %= len(data)
    data[place] ^= flip
    if data[place] in b"\r\n" or bytes(data[place : place + 1]) in (b" ",) or place >= len(data) - 1:
        return  # line ends may change
    with pytest.raises(UsageError):
        check(io.BytesIO(bytes(data)), "test/1")


@given(lines, st.integers(0, 10_000))
def test_a_part_that_is_missing_is_noticed(given: list[str], cut: int) -> None:
    data = whole(given)
    if cut % len(data) < len(data) - 1:
        with pytest.raises(UsageError):
            check(io.BytesIO(data[: cut % len(data)]), "test/1")


def test_another_kind_of_file_has_another_seal() -> None:
    with pytest.raises(UsageError, match="changed"):
        check(io.BytesIO(whole(["a"])), "test/2")
