"""A file is written whole or not at all."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from crmcli.kernel.errors import CrmError, UsageError
from crmcli.kernel.files import draft_beside, replacing, sweep


def test_it_takes_the_place_of_the_old_one_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old")
    path.chmod(0o666)
    with replacing(str(path)) as file:
        file.write("é\r\n")
        assert path.read_text() == "old"
    assert path.read_bytes() == "é\r\n".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["out.csv"]


def interrupted(path: Path) -> None:
    with replacing(str(path)) as file:
        file.write("half")
        raise KeyboardInterrupt


def test_what_fails_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old")
    with pytest.raises(KeyboardInterrupt):
        interrupted(path)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["out.csv"]


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("mine")
    (tmp_path / "link").symlink_to("other")
    with replacing(str(tmp_path / "link")) as file:
        file.write("new")
    assert (tmp_path / "other").read_text() == "mine"
    assert (tmp_path / "link").read_text() == "new"


def test_places_that_are_no_files(tmp_path: Path) -> None:
    for place, error in ((tmp_path, UsageError), ("/dev/null", UsageError), (tmp_path / "no" / "x", CrmError)):
        with pytest.raises(error), replacing(str(place)):
            pass
    with pytest.raises(UsageError), replacing(f"{tmp_path}/"):
        pass
    assert os.listdir(tmp_path) == []


def dead() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_drafts_of_the_dead_are_removed_by_who_writes_next(tmp_path: Path) -> None:
    left = [f".out.csv.{dead()}.0123abcd", f".crm.db.{dead()}.0123abcd", f".crm.db.{dead()}.0123abcd-journal"]
    living = f".crm.db.{os.getpid()}.0123abcd"
    others = [".crm.db.notes", f".crm.db.2.{dead()}.0123abcd", f"crm.db.{dead()}.0123abcd", ".crm.db.99.0123abcd.txt"]
    for name in (*left, living, *others):
        (tmp_path / name).touch()
    with replacing(str(tmp_path / "out.csv")) as file:
        file.write("new")
    sweep(str(tmp_path / "crm.db"))
    assert sorted(os.listdir(tmp_path)) == sorted(["out.csv", living, *others])


def test_a_draft_of_a_long_name_is_known_again(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 250)
    draft = Path(draft_beside(str(path)))
    draft.touch()
    (tmp_path / draft.name.replace(f".{os.getpid()}.", f".{dead()}.")).touch()
    draft_beside(str(path))
    assert os.listdir(tmp_path) == [draft.name]
