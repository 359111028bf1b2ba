"""Secrets stand in files that nobody else can read, or come from a command; nothing tells them on."""

import os
from pathlib import Path

import pytest

from crmcli.kernel.errors import UsageError
from crmcli.notifiers import needs
from crmcli.notifiers.base import NotSent
from tests.notifiers.notices import SECRET, script, secret_file, surroundings

NAME = "smtp.password_file"
COMMAND = "smtp.password_command"


def read(path: str) -> str:
    return needs.secret(surroundings({NAME: path}), NAME)


def test_a_missing_setting_names_the_command_that_sets_it() -> None:
    with pytest.raises(UsageError) as error:
        needs.setting(surroundings({}), "smtp.host", "email")
    assert "the channel 'email' needs smtp.host" in error.value.message
    assert error.value.hint == "crm config set smtp.host mail.engines.example"


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_file_of_ones_own(tmp_path: Path, mode: int) -> None:
    assert read(secret_file(tmp_path, mode=mode)) == SECRET


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601, 0o610, 0o666])
def test_what_others_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    path = secret_file(tmp_path, mode=mode)
    with pytest.raises(UsageError) as error:
        read(path)
    assert f"{mode:04o}" in error.value.message
    assert error.value.hint == f"chmod 600 {path}"
    os.chmod(path, 0o600)  # what the hint says is what helps
    assert read(path) == SECRET


def test_a_link_is_judged_by_where_it_leads(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(secret_file(tmp_path, mode=0o644))
    with pytest.raises(UsageError, match="0644"):
        read(str(tmp_path / "link"))


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    for path in (tmp_path / "pipe", tmp_path, tmp_path / "nowhere"):
        with pytest.raises(UsageError) as error:
            read(str(path))
        assert str(path) in error.value.message


def test_somebody_elses_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = secret_file(tmp_path)
    monkeypatch.setattr(os, "getuid", lambda: 1_000_001)
    with pytest.raises(UsageError, match="somebody else"):
        read(path)


@pytest.mark.parametrize("data", [b"", b" \n", b"\xff\xfe", b"a\0b", b"x" * 70_000])
def test_what_holds_no_secret_is_refused(tmp_path: Path, data: bytes) -> None:
    path = Path(secret_file(tmp_path))
    path.write_bytes(data)
    with pytest.raises(UsageError):
        read(str(path))


def printed(command: str) -> str:
    return needs.printed_secret(surroundings({COMMAND: command}), COMMAND)


def test_a_command_prints_the_secret_in_its_first_line(tmp_path: Path) -> None:
    assert printed(script(tmp_path, f"echo {SECRET}; echo login: ada")) == SECRET
    # No shell reads the command.
    assert printed("/bin/echo '$HOME `id`'") == "$HOME `id`"


@pytest.mark.parametrize(
    ("text", "told"),
    [(f"echo {SECRET}; echo {SECRET} >&2; exit 3", "status 3"), ("exit 0", "printed nothing"), ("kill -9 $$", "-9")],
)
def test_a_command_that_fails_tells_no_secret(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(NotSent) as error:
        printed(script(tmp_path, text))
    assert told in str(error.value)
    assert SECRET not in str(error.value)


def test_a_command_that_is_not_there_or_does_not_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotSent, match="No such file"):
        printed("/nowhere/pass show mail")
    monkeypatch.setattr(needs, "COMMAND_SECONDS", 0.2)
    with pytest.raises(NotSent, match=r"did not end within 0\.2 seconds"):
        printed(script(tmp_path, "exec sleep 60"))
