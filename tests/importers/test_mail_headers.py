"""Headers: fields, encoded words, addresses, dates."""

from datetime import UTC, datetime
from email.header import Header
from email.utils import formataddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.importers.mail_headers import Address, addresses, base64, first_moment, moment, parse, words
from tests.importers.letters import NOW

PLAIN = st.text(
    st.characters(categories=("L", "N", "Zs"), exclude_characters="\u00a0\u3000\u2000"), min_size=1, max_size=20
)


def test_fields_are_unfolded_and_found_without_regard_to_case() -> None:
    headers, body = parse(b"Subject: one\r\n two\r\nSUBJECT: three\r\nX : y\r\n\r\nbody")
    assert headers.raw("subject") == "one two"
    assert headers.every("subject") == ["one two", "three"]
    assert headers.raw("x") == "y"
    assert headers.raw("missing") == ""
    assert body == b"body"


def test_a_line_that_is_no_field_ends_the_header() -> None:
    headers, body = parse(b"From: ada@engines.example\nHello there\nTo: x\n")
    assert not headers.has("to")
    assert body.startswith(b"Hello")


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ("=?utf-8?q?Angebot_f=C3=BCr_Sie?=", "Angebot für Sie"),
        ("=?ISO-8859-1?B?cmVhZCB0aGlzIHlv?= =?ISO-8859-2?B?dSB1bmRlcnN0YW5k?=", "read this you understand"),
        ("Re: =?utf-8?b?w6Q=?= and more", "Re: ä and more"),
        ("=?utf-8*en?q?a?=", "a"),
        ("=?no-such-charset?q?caf=C3=A9?=", "café"),
        ("=?utf-8?q?cut", "=?utf-8?q?cut"),
        ("=?gb2312?b?1tC5+g==?=", "中国"),
    ],
)  # fmt: skip
def test_encoded_words(text: str, decoded: str) -> None:
    assert words(text) == decoded


def test_words_that_were_cut_within_a_character_are_joined() -> None:
    assert words("=?utf-8?q?M=C3?= =?utf-8?q?=BCller?=") == "Müller"


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60))
def test_what_python_encodes_is_decoded(text: str) -> None:
    encoded = Header(text, "utf-8").encode(linesep="\n").replace("\n ", " ")
    assert words(encoded) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ada@engines.example", [("", "ada@engines.example")]),
        ("Ada Lovelace <ada@engines.example>", [("Ada Lovelace", "ada@engines.example")]),
        ('"Lovelace, Ada" <a@x.example>, b@x.example', [("Lovelace, Ada", "a@x.example"), ("", "b@x.example")]),
        ("ada@engines.example (Ada Lovelace)", [("Ada Lovelace", "ada@engines.example")]),
        ("Friends: a@x.example, b@x.example;, c@x.example", [("", f"{one}@x.example") for one in "abc"]),
        ("undisclosed-recipients:;", []),
        ("'Ada' <ADA@engines.example>", [("Ada", "ADA@engines.example")]),
        ('"ada@engines.example" <ada@engines.example>', [("", "ada@engines.example")]),
        ("=?utf-8?q?J=C3=BCrgen=2C_M=2E?= <j@x.example>", [("Jürgen, M.", "j@x.example")]),
        ('"Unclosed <a@x.example>, b@x.example', [("Unclosed", "a@x.example"), ("", "b@x.example")]),
        ("A <a@x.example> B <b@x.example>", [("A", "a@x.example"), ("B", "b@x.example")]),
        ("<mailto:a@x.example>", [("", "a@x.example")]),
        ("a@x.example; b@x.example", [("", "a@x.example"), ("", "b@x.example")]),
        ("nobody", []),
        ("<>", []),
        ("\x1b[31m <a@x.example>", [("[31m", "a@x.example")]),
    ],
)  # fmt: skip
def test_addresses(text: str, expected: list[tuple[str, str]]) -> None:
    assert addresses(text) == [Address(*pair) for pair in expected]


@given(
    st.lists(
        st.tuples(PLAIN, st.from_regex(r"[a-z]{1,8}(?:\.[a-z]{1,8})?@[a-z]{1,8}\.example", fullmatch=True)), max_size=5
    )
)
def test_what_python_formats_is_read(pairs: list[tuple[str, str]]) -> None:
    text = ", ".join(formataddr((" ".join(name.split()), email)) for name, email in pairs)
    found = addresses(text)
    assert [one.email for one in found] == [email for _, email in pairs]
    assert [one.name for one in found] == [" ".join(name.split()) for name, _ in pairs]


@given(st.text(max_size=300))
def test_any_text_has_addresses_or_none(text: str) -> None:
    for one in addresses(text):
        assert "@" in one.email
        assert one.email.isprintable()
        assert "\n" not in one.name


@pytest.mark.parametrize(
    "hostile",
    ['"' * 60_001, '"' + '\\"' * 30_000, "(" * 60_000, "<a@b" * 15_000, "=?utf-8?q?a?= " * 5000, "a@" * 30_000],
)
def test_hostile_address_fields_end(hostile: str) -> None:
    assert len(addresses(hostile)) <= 15_000


@given(st.binary(max_size=200))
def test_base64_takes_anything(data: bytes) -> None:
    assert isinstance(base64(data), bytes)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thu, 19 Nov 2026 09:00:00 +0100", datetime(2026, 11, 19, 8, tzinfo=UTC)),
        ("19 Nov 26 09:00 GMT", datetime(2026, 11, 19, 9, tzinfo=UTC)),
        ("Thu Nov 19 09:00:00 2026", datetime(2026, 11, 19, 9, tzinfo=UTC)),
        ("Thu, 19 Nov 2026 09:00:00 -0000", datetime(2026, 11, 19, 9, tzinfo=UTC)),
        ("Thu, 19 Nov 2026 09:00:00 EST", datetime(2026, 11, 19, 14, tzinfo=UTC)),
        ("2026-11-19T09:00:00+01:00", datetime(2026, 11, 19, 8, tzinfo=UTC)),
        ("Thu, 31 Feb 2026 09:00:00 +0000", None),
        ("gestern", None),
        ("", None),
        ("Thu, 19 Nov 99999999999999 09:00:00 +9999999999", None),
    ],
)
def test_dates(text: str, expected: datetime | None) -> None:
    assert moment(text) == expected


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_none(text: str) -> None:
    found = moment(text)
    assert found is None or found.tzinfo is UTC


def test_a_date_to_come_is_put_right() -> None:
    future, past, unset = (
        "Thu, 19 Nov 2037 09:00:00 +0000",
        "Thu, 19 Nov 2026 09:00:00 +0000",
        "Thu, 1 Jan 1970 00:00:00 +0000",
    )
    assert first_moment([future, past], NOW) == moment(past)
    assert first_moment([unset, past], NOW) == moment(past)
    assert first_moment([future], NOW) == NOW
    assert first_moment([unset, ""], NOW) is None
