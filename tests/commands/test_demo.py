"""`crm demo`."""

import shutil
from pathlib import Path
from stat import S_IMODE

import pytest

from crmcli.services.demo import Demo
from tests.conftest import Crm


@pytest.fixture
def usual(home: Path) -> Path:
    """Where the demo goes when nothing is said."""
    return home / ".cache" / "crm" / "demo.db"


def test_the_path_is_all_that_a_pipe_gets(crm_sqlite: Crm, usual: Path) -> None:
    result = crm_sqlite("demo")
    assert result == (0, f"{usual}\n", "")
    assert S_IMODE(usual.stat().st_mode) == 0o600
    assert S_IMODE(usual.parent.stat().st_mode) == 0o700
    assert [entry.name for entry in usual.parent.iterdir()] == ["demo.db"]
    assert len(crm_sqlite.json("contact", "list", env={"CRM_DB": str(usual)})["items"]) == 60


def test_what_a_terminal_is_told_works(crm_sqlite: Crm, usual: Path) -> None:
    told = crm_sqlite.ok("demo", tty=True)
    assert f"export CRM_DB={usual}" in told
    assert "60 people in 20 companies, 600 logged contacts" in told
    assert max(map(len, told.splitlines())) <= 80 + len(str(usual))
    commands = [line.strip() for line in told.splitlines() if line.startswith("  crm")]
    assert len(commands) == 5
    there = {"CRM_DB": str(usual)}
    for command in commands:
        words = [word.strip("'") for word in _words(command)][1:]
        assert crm_sqlite.ok(*words, env=there), command


def _words(command: str) -> list[str]:
    """The words of a shell command with single quotes."""
    parts = command.split("'")
    return [word for at, part in enumerate(parts) for word in ([part] if at % 2 else part.split())]


def test_json(crm_sqlite: Crm, usual: Path) -> None:
    document = crm_sqlite.json("demo")
    assert document["schema"] == "crm.demo/1"
    item = document["item"]
    assert (item["id"], item["contacts"], item["companies"], item["interactions"]) == (str(usual), 60, 20, 600)


def test_real_data_is_never_touched(crm_sqlite: Crm, usual: Path) -> None:
    crm_sqlite.ok("contact", "add", "Grace")
    before = Path(crm_sqlite.place).read_bytes()
    crm_sqlite.ok("demo")
    assert Path(crm_sqlite.place).read_bytes() == before
    result = crm_sqlite("demo", "--path", crm_sqlite.place)
    assert (result.code, result.out) == (2, "")
    assert "real database" in result.err
    assert Path(crm_sqlite.place).read_bytes() == before
    assert usual.exists()


def test_no_database_is_made_beside_the_demo(crm_sqlite: Crm, home: Path, tmp_path: Path) -> None:
    absent = tmp_path / "absent.db"
    crm_sqlite.ok("demo", env={"CRM_DB": str(absent)})
    assert not absent.exists()
    crm_sqlite.ok("demo", env={"CRM_DB": None})
    assert not (home / ".local").exists()
    assert not (home / ".config").exists()


def test_an_unreachable_server_does_not_matter(crm_sqlite: Crm, usual: Path) -> None:
    assert crm_sqlite.ok("demo", env={"CRM_DB": "postgresql://nobody@127.0.0.1:1/none"}) == f"{usual}\n"


def test_a_demo_is_made_afresh(crm_sqlite: Crm, usual: Path) -> None:
    crm_sqlite.ok("demo")
    there = {"CRM_DB": str(usual)}
    crm_sqlite.ok("contact", "add", "Grace Hopper", env=there)
    assert crm_sqlite.ok("demo", env=there) == f"{usual}\n"
    assert crm_sqlite("contact", "show", "Grace Hopper", env=there).code == 3
    assert [entry.name for entry in usual.parent.iterdir()] == ["demo.db"]


@pytest.mark.parametrize(
    ("content", "code"), [(b"Dear Ada, how are you?", 7), (b"", 7), (b"SQLite format 3\x00" + b"\0" * 4000, 7)]
)
def test_a_foreign_file_is_refused(crm_sqlite: Crm, tmp_path: Path, content: bytes, code: int) -> None:
    foreign = tmp_path / "foreign"
    foreign.write_bytes(content)
    result = crm_sqlite("demo", "--path", str(foreign))
    assert (result.code, result.out) == (code, "")
    assert foreign.read_bytes() == content
    assert {entry.name for entry in tmp_path.iterdir() if entry.is_file()} == {"foreign"}


def test_a_folder_and_a_link_are_refused(crm_sqlite: Crm, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(shutil.copy(crm_sqlite.place, tmp_path / "real.db"))
    for path in (tmp_path, link):
        result = crm_sqlite("demo", "--path", str(path))
        assert (result.code, result.out) == (2, "")
        assert "is not a plain file" in result.err
    assert link.is_symlink()


def test_a_failure_leaves_nothing_behind(crm_sqlite: Crm, usual: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crm_sqlite.ok("demo")
    before = usual.read_bytes()

    def fail(self: Demo, draft: Path) -> None:
        draft.write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Demo, "_build_beside", fail)
    result = crm_sqlite("demo")
    assert result.code == 7
    assert "No space left on device" in result.err
    assert usual.read_bytes() == before
    assert [entry.name for entry in usual.parent.iterdir()] == ["demo.db"]


def test_a_place_of_ones_own(crm_sqlite: Crm, tmp_path: Path) -> None:
    path = tmp_path / "a folder" / "trial.db"
    assert crm_sqlite.ok("demo", "--path", str(path)) == f"{path}\n"
    assert f"export CRM_DB='{path}'" in crm_sqlite.ok("demo", "--path", str(path), tty=True)
