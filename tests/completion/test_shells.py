"""Names of every kind, completed with TAB in real shells, arrive at the program whole, and nothing in them is run."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from crmcli.completion import scripts
from tests.completion.shells import Shell, running
from tests.conftest import Crm

NAMES = (
    "Ada Lovelace",
    'Bob "Quote" Smith',
    "Conan O'Brien",
    "Dollar $(touch pwned) X",
    "Eve `touch pwned`",
    "山田 太郎",
    "[brack] et",
    "Half\\slash X",
    "Semi; touch pwned",
    "Iris # Bang! wow",
    "Tilde ~root *",
    "Jürgen Müller",
    "Zoe & Co | x > y",
    "-rf dash",
)


@pytest.fixture(params=["bash", "zsh", "fish"])
def shell(request: pytest.FixtureRequest, crm_sqlite: Crm, tmp_path: Path) -> Iterator[Shell]:
    """An interactive shell with the completion script."""
    if not shutil.which(request.param):
        pytest.skip(f"NO {request.param.upper()} on this machine: its completion is not tested")
    for name in NAMES:
        crm_sqlite.ok("contact", "add", "--", name)
    folder = tmp_path / "shell"
    folder.mkdir()
    with running(request.param, scripts.script(request.param, "crm"), folder, crm_sqlite.environ()) as made:
        yield made
    assert list((folder / "empty").iterdir()) == [], "a name was run as a command"


def test_names_arrive_whole(shell: Shell) -> None:
    for name in NAMES:
        start = {"[brack] et": "\\[bra", "-rf dash": "dash", "山田 太郎": "山"}.get(name, name[:3])
        assert shell.words(f"crm show {start}") == ["show", "c14" if name == "-rf dash" else name]


def test_names_arrive_whole_inside_open_quotes(shell: Shell) -> None:
    for quote in "'\"":
        for name in (
            "Ada Lovelace",
            'Bob "Quote" Smith',
            "Conan O'Brien",
            "Dollar $(touch pwned) X",
            "Iris # Bang! wow",
        ):
            assert shell.words(f"crm show {quote}{name[:3]}") == ["show", name]
        assert shell.words(f"crm show {quote}Ada L") == ["show", "Ada Lovelace"]
    assert shell.words("crm show Ada\\ L") == ["show", "Ada Lovelace"]


def test_commands_flags_and_their_values(shell: Shell) -> None:
    assert shell.words("crm contact ad") == ["contact", "add"]
    assert shell.words("crm log in c1 x --chan") == ["log", "in", "c1", "x", "--channel"]
    assert shell.words("crm log in c1 x --channel=ema") == ["log", "in", "c1", "x", "--channel=email"]


def test_files_are_left_to_the_shell(shell: Shell) -> None:
    assert shell.words("crm log in c1 x --file /etc/passw") == ["log", "in", "c1", "x", "--file", "/etc/passwd"]
