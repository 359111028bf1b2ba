"""Where messages stand: mbox files, Maildirs, folders."""

import os
from pathlib import Path
from tempfile import TemporaryFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.importers import mail_boxes
from crmcli.importers.mail_boxes import again, begins_mbox, folder, mbox
from crmcli.importers.source import Source
from crmcli.kernel.errors import UsageError
from tests.importers.letters import letter, source

LINE = "From ada@engines.example Thu Nov 19 09:00:00 2026\n"


def box(path: Path, data: str | bytes) -> list[mail_boxes.Message]:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return list(mbox(source(path)))


def test_messages_stand_one_after_the_other(tmp_path: Path) -> None:
    found = box(tmp_path / "box", f"{LINE}A: 1\n\none\n\n{LINE}A: 2\n\ntwo\n")
    assert [message.data for message in found] == [b"A: 1\n\none\n\n", b"A: 2\n\ntwo\n"]
    assert [message.place for message in found] == [1, 2]
    assert {message.separator for message in found} == {LINE.strip().encode()}


@pytest.mark.parametrize(
    "line",
    [
        "From ada@engines.example Thu Nov 19 09:00:00 2026",
        "From - Thu Nov 19 09:00:00 2026",
        "From 1234567890123@xxx Thu Nov 19 09:00:00 +0000 2026",
        "From MAILER-DAEMON Thu Nov 19 09:00 2026",
        "From ada@engines.example  Thu, 19 Nov 2026 09:00:00 +0100",
        "From ada Thu Nov 19 09:00:00 CET 2026 remote from engines",
    ],
)
def test_separators_of_many_programs(tmp_path: Path, line: str) -> None:
    assert len(box(tmp_path / "box", f"{line}\nA: 1\n\none\n\n{line}\r\nA: 2\n\ntwo\n")) == 2


@pytest.mark.parametrize(
    "body",
    [
        "From here on it is text",
        "From Paris in Nov 2026 at 10:00 we go on",  # no blank line before
        "\nFrom the mill we went on Nov 19 09:00:00 2026\nand no field follows",
        "\nFrom ada@engines.example\nSubject: no date",
    ],
)
def test_lines_that_were_not_escaped_are_text(tmp_path: Path, body: str) -> None:
    (message,) = box(tmp_path / "box", f"{LINE}A: 1\n\nHello\n{body}\n")
    assert message.data.decode().endswith(f"{body}\n")


def test_escaped_lines_are_put_right(tmp_path: Path) -> None:
    (message,) = box(tmp_path / "box", f"{LINE}A: 1\n\n>From here\n>>From there\n> From\n")
    assert message.data == b"A: 1\n\nFrom here\n>From there\n> From\n"


def test_marks_blank_lines_and_dos_line_ends_do_no_harm(tmp_path: Path) -> None:
    text = f"\ufeff\r\n{LINE}A: 1\n\none\n \n{LINE}A: 2\n\ntwo".replace("\n", "\r\n")
    assert len(box(tmp_path / "box", text)) == 2


def test_text_before_the_first_message_is_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no mbox"):
        box(tmp_path / "box", "Hello\n\nthere\n")


@pytest.mark.parametrize("chunk", [1100, 1500, 4096])
def test_the_size_of_what_is_read_at_once_makes_no_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    bodies = [f"{number} " + "line of text\n" * (number % 7 * 40) for number in range(30)]
    text = "".join(f"{LINE}A: {number}\n\n{body}\n\n" for number, body in enumerate(bodies))
    whole = box(tmp_path / "box", text)
    monkeypatch.setattr(mail_boxes, "_CHUNK", chunk)
    assert box(tmp_path / "box", text) == whole
    assert len(whole) == 30


@settings(max_examples=60)
@given(
    st.lists(
        st.lists(st.sampled_from(["text", "", "From", "From x", ">From y", "> z", LINE.strip()]), max_size=6),
        min_size=1,
        max_size=5,
    )
)
def test_where_it_stands_is_where_it_is_found_again(tmp_path: Path, bodies: list[list[str]]) -> None:
    path = tmp_path / "box"
    path.write_text("".join(f"{LINE}A: 1\n\n" + "\n".join(body) + "\n\n" for body in bodies), "utf-8")
    made = source(path)
    found = list(mbox(made))
    assert len(found) >= len(bodies)
    for message in found:
        assert again(made, message.stored) == (message.separator, message.data)


def test_what_came_on_standard_input_can_be_looked_at_again_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_boxes, "_CHUNK", 3_000)
    with TemporaryFile() as held:
        held.write("".join(f"{LINE}A: {number}\n\n{'text ' * 400}\n\n" for number in range(20)).encode())
        held.flush()
        made = Source("-", held=held)
        found = [(message.data, again(made, message.stored)[1]) for message in mbox(made)]
    assert len(found) == 20
    assert all(first == second for first, second in found)


def test_a_message_that_is_too_large_is_refused_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_boxes, "LARGEST", 10_000)
    monkeypatch.setattr(mail_boxes, "_CHUNK", 3_000)
    first, second = box(tmp_path / "box", f"{LINE}A: 1\n\n{'x' * 79}\n" + "y" * 50_000 + f"\n\n{LINE}A: 2\n\ntwo\n")
    assert "at most 10,000 are read" in first.problem
    assert first.stored.length > 50_000
    assert (second.problem, second.data) == ("", b"A: 2\n\ntwo\n")


def test_what_begins_as_an_mbox() -> None:
    assert begins_mbox(f"\n{LINE}Subject: x\n".encode())
    assert not begins_mbox(b"From: ada@engines.example\n")
    assert not begins_mbox(f"{LINE}no field".encode())


# --- folders


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    """A Maildir with a folder of sent mail."""
    for name in ("", ".Sent"):
        for inner in ("cur", "new", "tmp"):
            (tmp_path / "mail" / name / inner).mkdir(parents=True)
    return tmp_path / "mail"


def put(maildir: Path, name: str, text: str = "") -> None:
    (maildir / name).write_text(text or letter(), "utf-8")


def paths(path: Path) -> list[str]:
    return [message.stored.path for message in folder(source(path))]


def test_a_maildir_is_read_with_its_folders(maildir: Path) -> None:
    put(maildir, "cur/2:2,S")
    put(maildir, "cur/1:2,")
    put(maildir, "new/3")
    put(maildir, ".Sent/cur/4:2,S")
    put(maildir, "tmp/5")
    put(maildir, "dovecot.index")
    assert sorted(paths(maildir)) == [".Sent/cur/4:2,S", "cur/1:2,", "cur/2:2,S", "new/3"]


def test_drafts_spam_and_what_was_thrown_away_are_left_out_and_told(maildir: Path) -> None:
    for name in (".Junk", ".INBOX.Trash", ".Drafts", ".Work"):
        (maildir / name / "cur").mkdir(parents=True)
        put(maildir, f"{name}/cur/1:2,S")
    put(maildir, "cur/2:2,DS")
    put(maildir, "cur/3:2,T")
    made = source(maildir)
    assert [message.stored.path for message in folder(made)] == [".Work/cur/1:2,S"]
    assert made.notes == ["left out of mail: Drafts, Junk, Trash", "2 drafts and deleted messages of mail are left out"]
    assert paths(maildir / ".Junk") == ["cur/1:2,S"]  # unless it is asked for


def test_links_are_not_followed(maildir: Path, tmp_path: Path) -> None:
    put(tmp_path, "secret")
    os.symlink(tmp_path / "secret", maildir / "cur" / "1")
    os.symlink(tmp_path, maildir / "new" / "loop")
    assert paths(maildir) == []


def test_a_folder_of_messages(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    for name in ("b.eml", "a.EML", "inner/c.eml", "notes.txt", ".hidden.eml"):
        put(tmp_path, name)
    assert paths(tmp_path) == ["a.EML", "b.eml", "inner/c.eml"]


def test_a_file_that_is_moved_away_meanwhile_is_left_for_the_next_import(maildir: Path) -> None:
    put(maildir, "cur/1")
    put(maildir, "cur/2")
    found = folder(source(maildir))
    assert next(found).stored.path == "cur/1"
    (maildir / "cur/2").unlink()
    assert list(found) == []


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everybody may read everything here")
def test_a_file_that_may_not_be_read_is_refused(maildir: Path) -> None:
    put(maildir, "cur/1")
    (maildir / "cur/1").chmod(0)
    (message,) = folder(source(maildir))
    assert "cannot be read" in message.problem


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    put(tmp_path, "a.eml")
    with pytest.raises(UsageError, match="is no folder"):
        paths(tmp_path / "a.eml")
