"""Content lines: what is written is read as the same, and nothing that stands in a value ends a line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.kernel import contentlines
from crmcli.kernel.contentlines import Property, escape, fold, parse, split, unescape, write

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def parsed(line: str, *, old: bool = False) -> Property:
    found = parse(line, old=old)
    assert found is not None, line
    return found


def unfolded(text: str) -> str:
    return text.replace("\r\n ", "").removesuffix("\r\n")


@given(TEXT)
def test_a_folded_line_has_75_octets_and_whole_characters(text: str) -> None:
    line = "NOTE:" + text.replace("\r", "").replace("\n", "")
    folded = fold(line)
    assert folded.endswith("\r\n") and unfolded(folded) == line
    for one in folded.removesuffix("\r\n").encode().split(b"\r\n"):
        assert len(one) <= 75
        one.decode("utf-8")


def test_a_line_is_folded_only_when_it_must_be() -> None:
    assert fold("NOTE:" + "x" * 70) == "NOTE:" + "x" * 70 + "\r\n"
    assert fold("NOTE:" + "x" * 71) == "NOTE:" + "x" * 70 + "\r\n x\r\n"
    assert fold("NOTE:" + "é" * 36) == "NOTE:" + "é" * 35 + "\r\n é\r\n"


@given(TEXT)
def test_what_is_escaped_is_read_as_it_was(text: str) -> None:
    assert unescape(escape(text)) == text
    assert split(escape(text), ";") == [escape(text)]
    assert split(escape(text), ",") == [escape(text)]


@given(st.lists(TEXT, min_size=1, max_size=20), TEXT)
def test_what_is_written_is_read_as_it_was_and_stays_on_its_line(pieces: list[str], label: str) -> None:
    written = write("item1.ADR", ";".join(escape(one) for one in pieces), ";TYPE=home")
    line = unfolded(written)
    assert line.isprintable() or not any(c in line for c in "\r\n\x0b\x0c\x1b\x85\u2028\u2029")
    assert len(line.splitlines()) == 1
    found = parsed(line)
    assert (found.group, found.name, found.params) == ("item1", "ADR", {"TYPE": ["home"]})
    assert found.whole_pieces() == pieces


def test_a_value_with_controls_is_clean_for_others_and_whole_for_us() -> None:
    line = write("FN", escape("Ada\x1b[31m\rEND:VCARD"))
    assert unfolded(line).endswith(":Ada [31m END:VCARD")
    assert parsed(unfolded(line)).text() == "Ada\x1b[31m\rEND:VCARD"


@pytest.mark.parametrize("change", ["Eve", "Ada [31m", ""])
def test_what_another_program_changed_is_believed(change: str) -> None:
    line = unfolded(write("FN", "Ada\x1b[31m red"))
    assert parsed(line[: line.index(":") + 1] + change).text() == change


@pytest.mark.parametrize("forged", ["X-CRM-VALUE=%%%", "X-CRM-VALUE=", "X-CRM-VALUE=Cg==", "X-CRM-VALUE=AA=="])
def test_a_forged_original_is_not_believed(forged: str) -> None:
    assert parsed(f"FN;{forged}: ").whole() == " "


@pytest.mark.parametrize(
    ("line", "params", "types"),
    [
        ("TEL;HOME;VOICE:1", {"TYPE": ["HOME", "VOICE"]}, ["home", "voice"]),
        ("TEL;TYPE=HOME,voice;PREF=1:1", {"TYPE": ["HOME", "voice"], "PREF": ["1"]}, ["home", "voice"]),
        ('TEL;TYPE="voice,home";VALUE=uri:1', {"TYPE": ["voice,home"], "VALUE": ["uri"]}, ["voice", "home"]),
        ("TEL;type=HOME;type=pref:1", {"TYPE": ["HOME", "pref"]}, ["home", "pref"]),
        ("TEL;QUOTED-PRINTABLE;HOME:1", {"ENCODING": ["QUOTED-PRINTABLE"], "TYPE": ["HOME"]}, ["home"]),
        ('N;SORT-AS="Harten,Rene":1', {"SORT-AS": ["Harten,Rene"]}, []),
        ('ADR;LABEL="1 Fore St^nLondon; UK: ^^^\'":1', {"LABEL": ['1 Fore St\nLondon; UK: ^"']}, []),
        ('TEL;TYPE="unclosed;X=y:1', {"TYPE": ["unclosed;X=y"]}, ["unclosed;x=y"]),
        ("TEL ; TYPE = HOME :1", {"TYPE": ["HOME"]}, ["home"]),
        ("TEL;;=;TYPE=:1", {}, []),
        ("TEL:1", {}, []),
    ],
)
def test_parameters(line: str, params: dict[str, list[str]], types: list[str]) -> None:
    found = parsed(line)
    assert (found.value, found.params, found.types) == ("1", params, types)


@pytest.mark.parametrize("line", ["", "no colon", ":value", "two words:x", "a.b.c:x", ";TYPE=x:1", "Ä:x"])
def test_what_is_no_property(line: str) -> None:
    assert parse(line) is None


@pytest.mark.parametrize(
    ("line", "old", "text"),
    [
        (r"NOTE:a\nb\Nc\, d\; e\\n f\: g\d", False, "a\nb\nc, d; e\\n f: g\\d"),
        (r"NOTE:C:\new\; x\\", True, "C:\\new; x\\"),
        ("NOTE;ENCODING=QUOTED-PRINTABLE:a=0D=0Ab=C3=A9 =zz", True, "a\nbé =zz"),
        ("NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=SHIFT_JIS:=83=81=83=82", True, "メモ"),
        ("NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:=E9=80", True, "é€"),
        ("NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=X-NO-SUCH:=C3=A9", True, "é"),
        ("NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=CP9999:=C3=A9", True, "é"),
        ("NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=unicode_escape:=5Cx41", True, "\\x41"),
        ("NOTE;ENCODING=QUOTED-PRINTABLE:=E9=00", True, "é"),
        ("NOTE;CHARSET=ISO-2022-JP:\x1b$B0BF#\x1b(B", True, "安藤"),
    ],
)
def test_values(line: str, old: bool, text: str) -> None:
    assert parsed(line, old=old).text() == text


def test_bytes_that_are_no_utf8_are_read_as_their_charset_says() -> None:
    raw = b"\x88\xc0\x93\xa1;\x94\x5c".decode("utf-8", "surrogateescape")
    assert parsed(f"N;CHARSET=SHIFT_JIS:{raw}").pieces() == ["安藤", "能"]
    assert parsed("N:" + b"M\xfcller;".decode("utf-8", "surrogateescape")).pieces() == ["Müller", ""]


def test_an_encoded_mark_is_part_of_the_text() -> None:
    assert parsed("N;ENCODING=QUOTED-PRINTABLE:a=3Bb;c", old=True).pieces() == ["a;b", "c"]
    assert parsed(r"N:a\;b;c,d\,e").lists() == [["a;b"], ["c", "d,e"]]


@pytest.mark.parametrize(
    ("line", "old", "kept"),
    [
        ('X-Foo;Bar=1;baz="a,b":x\\,y;z', False, None),
        ("item1.X-ABDATE;type=pref:2001-01-01", False, None),
        ("X-FOO;HOME;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:a=C3=A9=0D=0Ab", True, "X-FOO;TYPE=HOME:aé\\nb"),
        ("X-FOO;CHARSET=UTF-8:é", True, "X-FOO:é"),
        ('X-FOO;A^B=c;D="x;y";bare:1', False, 'X-FOO;A^B=c;D="x;y";TYPE=bare:1'),
    ],
)
def test_a_line_that_is_kept_is_word_for_word_what_vcard_4_can_say(line: str, old: bool, kept: str | None) -> None:
    assert parsed(line, old=old).line() == (kept or line)
    assert parsed(kept or line).line() == (kept or line)


def test_a_value_is_cut_into_so_many_pieces_and_no_more() -> None:
    assert len(split(";" * 5000, ";")) == contentlines.MOST_PIECES
    assert len(split("\\;" + ";" * 5000, ";")) == contentlines.MOST_PIECES
