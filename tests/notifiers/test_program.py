"""A program of one's own."""

import signal
from pathlib import Path

import pytest

from crmcli.kernel.errors import UsageError
from crmcli.notifiers import program
from crmcli.notifiers.base import NotSent, Setup, Unsure
from tests.notifiers.notices import NOTICE, SECRET, script, surroundings


def setup_of(command: str, **environ: str) -> Setup:
    return surroundings({"remind.program": command}, **environ)


def test_it_gets_the_text_and_three_variables(tmp_path: Path) -> None:
    path = script(tmp_path, 'cat > "$1"; env > "$1.env"; echo loud')
    setup = setup_of(f"'{path}' '{tmp_path}/a file'", KEPT="yes")
    program.check(setup)
    program.send(NOTICE, setup)
    assert (tmp_path / "a file").read_text("utf-8") == NOTICE.text
    variables = (tmp_path / "a file.env").read_text().splitlines()
    assert "CRM_NOTICE_KIND=due" in variables and f"CRM_NOTICE_KEY={NOTICE.key}" in variables
    assert f"CRM_NOTICE_TITLE={NOTICE.title}" in variables and "KEPT=yes" in variables
    assert setup.stdout.getvalue() == ""  # type: ignore[attr-defined]


def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    program.send(NOTICE, setup_of(f"/usr/bin/tee '{tmp_path}/a; exit 1' {tmp_path}/$HOME"))
    assert {path.name for path in tmp_path.iterdir()} == {"a; exit 1", "$HOME"}


def test_a_program_that_does_not_read_is_no_failure(tmp_path: Path) -> None:
    program.send(NOTICE._replace(text="x" * 1_000_000), setup_of("/bin/true"))


@pytest.mark.parametrize(
    ("text", "told"), [("exit 7", "status 7"), ("echo 'no \033[31mroom' >&2; exit 1", r"status 1: no \\x1b\[31mroom")]
)
def test_another_status_means_not_sent(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(NotSent, match=told):
        program.send(NOTICE, setup_of(script(tmp_path, text)))


@pytest.mark.parametrize("command", ["/nowhere/at-all", "/etc/hostname", "not-in-path-at-all", "", "'", "a\0b"])
def test_what_cannot_be_run_was_not_sent(command: str) -> None:
    with pytest.raises(NotSent, match=r"cannot be (run|read)") as error:
        program.send(NOTICE, setup_of(f"{command} --token={SECRET}" if command[1:] else command))
    assert SECRET not in str(error.value)


def test_a_program_that_was_killed_leaves_it_open(tmp_path: Path) -> None:
    with pytest.raises(Unsure, match="signal 9"):
        program.send(NOTICE, setup_of(script(tmp_path, "kill -9 $$")))


def test_a_program_that_does_not_end_is_ended_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "SECONDS", 0.5)
    ended: list[int] = []
    killpg = program.processes.os.killpg
    monkeypatch.setattr(
        program.processes.os, "killpg", lambda group, number: (ended.append(number), killpg(group, number))
    )
    with pytest.raises(Unsure, match="did not end within 0.5 seconds"):
        program.send(NOTICE, setup_of(script(tmp_path, "sleep 60 & sleep 60")))
    assert ended == [signal.SIGKILL]


def test_it_must_be_named() -> None:
    with pytest.raises(UsageError) as error:
        program.check(surroundings({}))
    assert error.value.hint == "crm config set remind.program wall"
