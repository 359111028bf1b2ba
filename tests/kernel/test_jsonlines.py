"""JSON that others wrote: what is right is read, what could do harm is an error in plain words."""

import io
import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.kernel import jsonlines
from crmcli.kernel.errors import UsageError

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_what_is_encoded_is_decoded(value: Any) -> None:
    text = jsonlines.encode(value)
    assert jsonlines.decode(text) == value == json.loads(text)
    assert text.isascii() and text.isprintable()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ('{"a": 1,}', "not JSON"),
        ("[NaN]", "NaN is not a number"),
        ("[-Infinity]", "not a number"),
        ("[1e999]", "too large a number"),
        (f"[{'1' * 5000}]", "not JSON"),
        ('{"a": 1, "a": 2}', "stands twice"),
        ('{"b": [{"a": 1, "a": 1}]}', "stands twice"),
        ("[" * 100_000, "too deeply"),
        ('{"a":' * 20_000, "too deeply"),
        ("[" + "[]," * 400_000 + "0]", "too many parts"),
        ('["' + "x" * 20_000_000 + '"]', "too long"),
    ],
    ids=lambda value: value[:12],
)
def test_what_is_refused(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        jsonlines.decode(text)


def test_commas_in_texts_are_no_parts() -> None:
    text = jsonlines.encode(["," * 1_000_000, '"[' * 300_000])
    assert len(jsonlines.decode(text)) == 2


def test_only_objects() -> None:
    assert jsonlines.decode_object(' {"a": null} ') == {"a": None}
    with pytest.raises(UsageError, match="not an object"):
        jsonlines.decode_object("[]")


@pytest.mark.parametrize(
    "text", ["[" + "[]," * 3_300_000 + "0]", '{"a":' * 2_000_000, '"a"' * 3_300_000, '["' + "\\n" * 5_000_000 + '"]']
)
def test_ten_megabytes_take_no_more_memory_than_there_is(text: str) -> None:
    tracemalloc.start()
    try:
        jsonlines.decode(text)
    except UsageError:
        pass
    finally:
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert most < 100_000_000


def test_texts_that_no_database_holds() -> None:
    decode = jsonlines.decode
    assert jsonlines.broken_text(decode(r'{"a": ["b", {"c": "\u0000"}]}')) == "a NUL character"
    assert "surrogate" in jsonlines.broken_text(decode(r'{"\udc80": 1}'))
    assert jsonlines.broken_text(decode(r'{"a": "\ud83d\ude00 é", "b": [1, null]}')) == ""


def test_lines_are_bounded() -> None:
    file = io.StringIO("a\n" + "b" * 50 + "\nc", newline="")
    found = list(jsonlines.lines(file, 10))
    assert [line.strip() for line in found] == ["a", "b" * 12, "c"]
