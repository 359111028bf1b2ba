"""`crm completion`."""

import shutil
import subprocess
from pathlib import Path

import pytest

from crmcli.completion import scripts
from tests.conftest import Crm

PLACES = {
    "bash": ".local/share/bash-completion/completions/crm",
    "zsh": ".local/share/zsh/site-functions/_crm",
    "fish": ".config/fish/completions/crm.fish",
}


@pytest.mark.parametrize("shell", scripts.SCRIPTS)
def test_the_script_is_printed(crm_sqlite: Crm, shell: str) -> None:
    out = crm_sqlite.ok("completion", shell)
    assert f"__complete {shell}" in out and "FUNCTION" not in out and "NAME" not in out


@pytest.mark.parametrize("shell", scripts.SCRIPTS)
@pytest.mark.parametrize("name", ["crm", "crmcli"])
def test_the_shell_finds_no_fault_in_it(shell: str, name: str) -> None:
    program = shutil.which(shell)
    if not program:
        pytest.skip(f"NO {shell.upper()} on this machine")
    subprocess.run([program, "-n"], input=scripts.script(shell, name), text=True, check=True, timeout=60)


@pytest.mark.parametrize("shell", scripts.SCRIPTS)
def test_it_is_installed_where_the_shell_looks(crm_sqlite: Crm, shell: str) -> None:
    result = crm_sqlite("completion", shell, "--install")
    path = crm_sqlite.home / PLACES[shell]
    assert result.code == 0 and str(path) in result.err
    assert path.read_text("utf-8") == scripts.script(shell, "crm")


def test_variables_name_other_places(crm_sqlite: Crm, tmp_path: Path) -> None:
    crm_sqlite.ok("completion", "fish", "--install", env={"XDG_CONFIG_HOME": str(tmp_path / "set")})
    assert (tmp_path / "set/fish/completions/crm.fish").exists()


def test_without_a_home_it_says_what_to_do(crm_sqlite: Crm) -> None:
    result = crm_sqlite("completion", "bash", "--install", env={"HOME": None})
    assert result.code == 1 and "crm completion bash > FILE" in result.err


def test_an_unknown_shell_is_refused(crm_sqlite: Crm) -> None:
    result = crm_sqlite("completion", "fsih")
    assert result.code == 2 and "did you mean fish?" in result.err
