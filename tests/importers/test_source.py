"""Sources: how their text is encoded, and that they can be read again and again."""

import io
import tempfile
from pathlib import Path

import pytest

from crmcli.importers.source import Source, by_zeros
from crmcli.kernel.errors import CrmError
from tests.importers.tables import SAMPLES, source

TEXT = "name,city\nJürgen,Köln\n"
BOMS = sorted(SAMPLES.glob("csv-salesforce/csvtext_BOM_*.csv"))


@pytest.mark.parametrize(
    "codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "cp1252"]
)
def test_text_is_read_in_its_encoding(codec: str) -> None:
    file = source(TEXT.encode(codec))
    assert file.text == TEXT
    assert "".join(file.lines()) == TEXT


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_a_mark_of_utf_16_before_it_counts(codec: str) -> None:
    assert source("\ufeffこんにちは,世界\n".encode(codec)).text == "こんにちは,世界\n"


@pytest.mark.parametrize("codec", ["utf-32-le", "utf-32-be"])
def test_a_mark_of_utf_16_before_utf_32_is_passed_over(codec: str) -> None:
    file = source(b"\xfe\xff" + TEXT.encode(codec))
    assert file.text == TEXT
    assert "".join(file.lines()) == TEXT


@pytest.mark.skipif(not BOMS, reason=f"no samples in {SAMPLES}")
@pytest.mark.parametrize("path", BOMS, ids=lambda path: path.stem)
def test_samples_with_marks_hold_the_same_text(path: Path) -> None:
    assert next(Source(path.name, path).lines()).replace('"', "").strip() == "column1,column2,column3"


def test_what_is_not_utf_8_is_windows_1252_and_said_so() -> None:
    file = source("Café €5".encode("cp1252"), "old.csv")
    assert file.text == "Café €5"
    assert file.notes == ["old.csv is not UTF-8; it is read as Windows-1252 (cp1252)"]


def test_a_file_without_text_is_not_called_windows_1252() -> None:
    file = source(b"PK\x03\x04\x14\x00\x00\x00\xff\xfe\x80")
    assert file.encoding == "utf-8"
    assert not file.notes


@pytest.mark.parametrize(("data", "name"), [(b"", None), (b"a\0", None), (b"\0" * 100, None), (b"plain text", None)])
def test_zero_bytes_tell_nothing_of_other_files(data: bytes, name: str | None) -> None:
    assert by_zeros(data) == name


def test_a_letter_that_the_head_cuts_in_two_is_whole_in_the_lines() -> None:
    text = "x" * 65_535 + "é\n"
    file = source(text)
    assert file.text == "x" * 65_535
    assert "".join(file.lines()) == text


def test_a_broken_letter_between_pieces_is_seen() -> None:
    # The first piece ends within a letter, the second is plain, the third begins as the rest of the letter would.
    data = b"x" * ((1 << 20) - 1) + b"\xc3" + b"y" * (1 << 20) + b"\xa9"
    assert source(data).encoding == "cp1252"


def test_standard_input_is_read_as_often_as_needed() -> None:
    with tempfile.TemporaryFile() as held:
        held.write(TEXT.encode())
        file = Source("-", held=held)
        assert [file.text, "".join(file.lines()), file.open().read().decode()] == [TEXT] * 3


def test_a_source_may_become_the_text_made_of_it() -> None:
    file = source(b"PK\x03\x04 something \x00\xff")
    assert (file.text, file.size) != (TEXT, len(TEXT.encode()))
    with tempfile.TemporaryFile() as made:
        made.write(TEXT.encode())
        file.become(made)
        assert (file.text, file.size, file.encoding) == (TEXT, len(TEXT.encode()), "utf-8")


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(CrmError, match="cannot read people.csv: No such file or directory"):
        Source("people.csv", tmp_path / "people.csv").open()


def test_a_folder_has_no_text(tmp_path: Path) -> None:
    file = Source("mail", tmp_path)
    assert file.is_folder
    assert (file.head, file.size, file.text) == (b"", 0, "")


def test_lines_keep_their_ends() -> None:
    text = "a\r\nb\rc\n\x0bd\u2028e\x85f"
    assert list(source(text).lines()) == list(io.StringIO(text, newline=""))
