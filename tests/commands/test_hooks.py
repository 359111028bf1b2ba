"""Hooks: a person's own programs around the commit of a change."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from crmcli.services import hooks
from tests.conftest import Crm
from tests.house.test_startup import modules

KEEP = '#!/bin/sh\ncat > "$HOME/told-$CRM_HOOK"\n'


def hook(crm: Crm, name: str, script: str, mode: int = 0o700) -> Path:
    """Write a hook."""
    folder = crm.home / ".config" / "crm" / "hooks"
    for place in (folder.parent, folder):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    path.write_text(script)
    path.chmod(mode)
    return path


def told(crm: Crm, name: str) -> Any:
    document = json.loads((crm.home / f"told-{name}").read_bytes())
    assert document["schema"] == "crm.hook/1"
    return document["item"]


@pytest.fixture
def ada(crm: Crm) -> Crm:
    crm.ok("contact", "add", "Ada Lovelace")
    return crm


@pytest.fixture
def ada_sqlite(crm_sqlite: Crm) -> Crm:
    crm_sqlite.ok("contact", "add", "Ada Lovelace")
    return crm_sqlite


def test_hooks_are_told_what_changed(ada: Crm) -> None:
    for name in ("pre-log", "post-log"):
        hook(ada, name, KEEP)
    ada.ok("log", "in", "c1", "Where is it? \x1b[31m é", "--channel", "call", "--followup", "tomorrow")
    item = told(ada, "post-log")
    assert {**item, "hook": "pre-log"} == told(ada, "pre-log")
    assert list(item) == [
        "hook", "command", "user", "at", "database", "operation", "changes", "count", "truncated"
    ]  # fmt: skip
    assert (item["command"], item["user"], item["at"]) == (["log", "in"], "ada", "2026-11-20T10:00:00Z")
    assert (item["operation"], item["count"], item["truncated"]) == ("op2", len(item["changes"]), False)
    first, *others = item["changes"]
    assert (first["table"], first["id"], first["action"], first["before"]) == ("interaction", "i1", "insert", None)
    assert first["after"]["body"] == "Where is it? \x1b[31m é"
    assert ("followup", "f1", "insert") in [(one["table"], one["id"], one["action"]) for one in others]


def test_what_was_and_what_is(ada: Crm) -> None:
    hook(ada, "post-contact", KEEP)
    ada.ok("contact", "edit", "c1", "--job-title", "Engineer")
    (change,) = told(ada, "post-contact")["changes"]
    assert (change["action"], change["before"]["job_title"], change["after"]["job_title"]) == (
        "update",
        None,
        "Engineer",
    )
    ada.ok("contact", "edit", "c1", "--email", "ada@engines.example")
    ada.ok("contact", "edit", "c1", "--remove-email", "ada@engines.example")
    actions = {(one["table"], one["id"], one["action"]) for one in told(ada, "post-contact")["changes"]}
    assert ("email", "c1", "delete") in actions


def test_a_hook_that_refuses_leaves_nothing_behind(ada: Crm) -> None:
    before = ada.json("contact", "list")
    hook(ada, "pre-contact", "#!/bin/sh\necho out; echo 'No \x1b[31mengineers, please' >&2; echo second >&2; exit 3\n")
    hook(ada, "post-contact", KEEP)
    done = ada("contact", "edit", "c1", "--job-title", "Engineer")
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "crm: the hook pre-contact refuses this: No \\x1b[31mengineers, please\nsecond\nnothing was changed\n"
    )
    assert ada.json("contact", "list") == before
    assert not (ada.home / "told-post-contact").exists()
    assert ada.ok("contact", "edit", "c1", "--job-title", "Engineer", "--no-hooks") == "c1\n"
    ada.ok("contact", "edit", "c1", "--job-title", "Analyst", env={"CRM_NO_HOOKS": "1"})


def test_what_it_prints_serves_where_it_has_no_error_to_tell(ada_sqlite: Crm) -> None:
    hook(ada_sqlite, "pre-contact", "#!/bin/sh\necho Not today\nexit 1\n")
    assert "refuses this: Not today\n" in ada_sqlite("contact", "tag", "c1", "vip").err
    hook(ada_sqlite, "pre-contact", "#!/bin/sh\nexit 7\n")
    assert "refuses this: status 7\n" in ada_sqlite("contact", "tag", "c1", "vip").err


def test_a_failing_post_hook_is_a_warning(ada_sqlite: Crm) -> None:
    hook(ada_sqlite, "post-contact", "#!/bin/sh\necho Cannot tell >&2\nexit 1\n")
    done = ada_sqlite("contact", "edit", "c1", "--job-title", "Engineer")
    assert (done.code, done.out) == (0, "c1\n")
    assert done.err == "the hook post-contact failed with status 1; the change itself is done\nCannot tell\n"
    hook(ada_sqlite, "post-contact", "#!/bin/sh\nkill -TERM $$\n")
    assert "was ended by signal 15" in ada_sqlite("contact", "tag", "c1", "vip").err


def test_data_stays_data(ada_sqlite: Crm) -> None:
    hook(ada_sqlite, "post-contact", "#!/bin/sh\necho chatter\necho Careful >&2\n")
    done = ada_sqlite("contact", "edit", "c1", "--job-title", "Engineer", "--json")
    assert json.loads(done.out)
    assert done.err == "Careful\n"


@pytest.mark.parametrize("when", ["pre", "post"])
def test_a_hook_that_hangs_is_stopped_with_all_that_it_started(ada_sqlite: Crm, when: str) -> None:
    hook(
        ada_sqlite,
        f"{when}-contact",
        '#!/bin/sh\nsleep 600 &\necho $! > "$HOME/child"\necho $$ >> "$HOME/child"\nwait\n',
    )
    with mock.patch.object(hooks, "SECONDS", 0.5):
        done = ada_sqlite("contact", "edit", "c1", "--job-title", "Engineer")
    assert done.code == (1 if when == "pre" else 0)
    assert f"the hook {when}-contact took longer than 0.5 seconds and was stopped" in done.err
    for child in map(int, (ada_sqlite.home / "child").read_text().split()):
        assert not _runs(child)
    changed = ada_sqlite.json("contact", "show", "c1")["item"]["job_title"]
    assert changed == (None if when == "pre" else "Engineer")


def _runs(child: int) -> bool:
    """Whether a process goes on: what is dead may still wait to be buried by a parent that is no longer there."""
    try:
        return Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_interrupted_it_is_stopped_too(ada_sqlite: Crm) -> None:
    hook(ada_sqlite, "pre-contact", '#!/bin/sh\necho $$ > "$HOME/child"\nexec sleep 600\n')

    def interrupt(process: Any, _timeout: float | None = None) -> int:
        if not interrupted:
            interrupted.append(process.pid)
            raise KeyboardInterrupt
        return int(wait(process))

    interrupted: list[int] = []
    wait = subprocess.Popen.wait
    with mock.patch.object(subprocess.Popen, "wait", interrupt):
        assert ada_sqlite("contact", "tag", "c1", "vip").code == 130
    assert not _runs(interrupted[0])
    assert ada_sqlite.json("contact", "show", "c1")["item"]["tags"] == []


def test_what_a_hook_starts_in_the_background_is_not_waited_for(ada_sqlite: Crm) -> None:
    hook(ada_sqlite, "post-contact", '#!/bin/sh\nsleep 600 &\necho $! > "$HOME/child"\n')
    with mock.patch.object(hooks, "SECONDS", 300):
        assert ada_sqlite("contact", "tag", "c1", "vip").err == ""
    os.kill(int((ada_sqlite.home / "child").read_text()), signal.SIGKILL)


def test_a_hook_need_not_read(ada_sqlite: Crm) -> None:
    hook(ada_sqlite, "pre-log", "#!/bin/sh\nexec <&-\nexit 0\n")
    assert ada_sqlite("log", "note", "c1", "x" * 500_000).err == ""


def test_its_own_calls_see_the_same_database_and_run_no_hooks(ada_sqlite: Crm, tmp_path: Path) -> None:
    program = f'"{sys.executable}" -m crmcli'
    hook(
        ada_sqlite,
        "post-contact",
        f"#!/bin/sh\n{program} contact tag c1 seen >/dev/null && echo again >> $HOME/count\n",
    )
    root = str(Path(hooks.__file__).parent.parent.parent)
    place = ada_sqlite.place
    ada_sqlite.ok(
        "contact", "tag", "c1", "vip", "--db", place, env={"CRM_DB": str(tmp_path / "other.db"), "PYTHONPATH": root}
    )
    assert (ada_sqlite.home / "count").read_text() == "again\n"
    assert ada_sqlite.json("contact", "show", "c1")["item"]["tags"] == ["seen", "vip"]


def test_dry_runs_and_commands_that_change_nothing_run_none(ada_sqlite: Crm) -> None:
    for name in ("pre-contact", "pre-batch", "pre-queue", "post-contact"):
        hook(ada_sqlite, name, "#!/bin/sh\nexit 1\n")
    ada_sqlite.ok("batch", "--dry-run", stdin='{"op": "contact.add", "name": "Bob"}\n')
    ada_sqlite.ok("contact", "edit", "c1", "--name", "Ada Lovelace")
    ada_sqlite.ok("queue")


def test_a_batch_is_one_operation(ada: Crm) -> None:
    hook(ada, "post-batch", KEEP + 'echo x >> "$HOME/count"\n')
    hook(ada, "pre-contact", "#!/bin/sh\nexit 1\n")
    ada.ok("batch", stdin="".join(f'{{"op": "contact.add", "name": "N{n}"}}\n' for n in range(3)))
    assert (ada.home / "count").read_text() == "x\n"
    assert [one["id"] for one in told(ada, "post-batch")["changes"]] == ["c2", "c3", "c4"]


def test_of_a_large_import_the_first_changes_are_told(ada: Crm, tmp_path: Path) -> None:
    hook(ada, "post-import", KEEP)
    names = tmp_path / "names.csv"
    names.write_text("name,email\n" + "".join(f"N{n},n{n}@engines.example\n" for n in range(700)))
    ada.ok("import", str(names))
    item = told(ada, "post-import")
    assert (len(item["changes"]), item["truncated"]) == (hooks.MOST, True)
    assert item["count"] == 1400
    hook(ada, "post-undo", KEEP)
    ada.ok("undo")
    assert told(ada, "post-undo")["command"] == ["undo", "op2"]


def test_a_password_is_not_told(ada_sqlite: Crm) -> None:
    assert hooks.shown_place("postgresql://ada:secret@db.example/crm") == "postgresql://ada:***@db.example/crm"
    hook(ada_sqlite, "post-contact", KEEP)
    ada_sqlite.ok("contact", "tag", "c1", "vip")
    assert told(ada_sqlite, "post-contact")["database"] == ada_sqlite.place


# --- whose programs are run


@pytest.mark.parametrize("place", ["hook", "folder", "settings"])
def test_nothing_is_run_that_others_could_have_written(ada_sqlite: Crm, place: str) -> None:
    path = hook(ada_sqlite, "pre-contact", KEEP)
    loose = {"hook": path, "folder": path.parent, "settings": path.parent.parent}[place]
    loose.chmod(0o777)
    done = ada_sqlite("contact", "tag", "c1", "vip")
    assert done.code == 1
    assert done.err == (
        f"crm: hooks are not run: others may write {loose}\nchmod go-w {loose}, or run without it: --no-hooks\n"
    )
    path.rename(path.with_name("post-contact"))
    done = ada_sqlite("contact", "tag", "c1", "vip")
    assert (done.code, "others may write" in done.err) == (0, True)
    assert not (ada_sqlite.home / "told-post-contact").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_nothing_is_run_of_another_user(ada_sqlite: Crm) -> None:
    path = hook(ada_sqlite, "pre-contact", KEEP)
    os.chown(path, 65534, 65534)
    assert "belongs to another user" in ada_sqlite("contact", "tag", "c1", "vip").err


def test_where_a_link_leads_counts_too(ada_sqlite: Crm, tmp_path: Path) -> None:
    loose = tmp_path / "loose"
    loose.mkdir()
    loose.chmod(0o777)
    target = loose / "hook"
    target.write_text(KEEP)
    target.chmod(0o755)
    path = hook(ada_sqlite, "pre-contact", KEEP)
    path.unlink()
    path.symlink_to(target)
    assert f"others may write {loose}" in ada_sqlite("contact", "tag", "c1", "vip").err
    loose.chmod(0o755)
    assert ada_sqlite("contact", "tag", "c1", "vip").code == 0
    target.unlink()
    assert "No such file" in ada_sqlite("contact", "tag", "c1", "b").err


def test_every_link_on_the_way_counts(ada_sqlite: Crm, tmp_path: Path) -> None:
    loose = tmp_path / "loose"
    loose.mkdir()
    target = tmp_path / "hook"
    target.write_text(KEEP)
    target.chmod(0o755)
    (loose / "between").symlink_to("../hook")
    path = hook(ada_sqlite, "pre-contact", KEEP)
    path.unlink()
    path.symlink_to(loose / "between")
    assert ada_sqlite("contact", "tag", "c1", "vip").code == 0
    loose.chmod(0o777)
    refused = ada_sqlite("contact", "tag", "c1", "b")
    assert (refused.code, f"others may write {loose}" in refused.err) == (1, True)
    (loose / "between").unlink()
    (loose / "between").symlink_to("between")
    assert "Too many levels" in ada_sqlite("contact", "tag", "c1", "b").err


@pytest.mark.parametrize(
    ("script", "mode", "words"),
    [
        (KEEP, 0o600, "is not executable"),
        ("#!/no/such/program\n", 0o700, "pre-contact: its first line has to name a program that is there"),
        ("no program at all\n", 0o700, "pre-contact: its first line has to name a program that is there"),
    ],
)
def test_what_cannot_be_run_refuses(ada_sqlite: Crm, script: str, mode: int, words: str) -> None:
    hook(ada_sqlite, "pre-contact", script, mode)
    done = ada_sqlite("contact", "tag", "c1", "vip")
    assert done.code == 1
    assert words in done.err and "--no-hooks" in done.err
    assert ada_sqlite.json("contact", "show", "c1")["item"]["tags"] == []


def test_help_tells_where_they_are(ada_sqlite: Crm) -> None:
    assert "see: crm help hooks" in " ".join(ada_sqlite.ok("log", "in", "--help").split())
    shown = ada_sqlite.ok("help", "hooks")
    assert "~/.config/crm/hooks/pre-log" in shown and "--no-hooks" in shown


def test_a_folder_is_no_hook(ada_sqlite: Crm) -> None:
    hook(ada_sqlite, "pre-log", KEEP).with_name("pre-contact").mkdir(mode=0o700)
    assert "is no ordinary file" in ada_sqlite("contact", "tag", "c1", "vip").err


def test_without_hooks_nothing_is_loaded(ada_sqlite: Crm, tmp_path: Path) -> None:
    assert "tempfile" not in modules(ada_sqlite, tmp_path, "contact", "tag", "c1", "vip")
    hook(ada_sqlite, "post-contact", KEEP)
    assert "tempfile" in modules(ada_sqlite, tmp_path, "contact", "tag", "c1", "vip")


def test_they_are_beside_the_settings(ada_sqlite: Crm, tmp_path: Path) -> None:
    path = hook(ada_sqlite, "pre-contact", "#!/bin/sh\nexit 1\n")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    ada_sqlite.ok("contact", "tag", "c1", "vip", env={"CRM_CONFIG": str(elsewhere / "config.toml")})
    (elsewhere / "hooks").mkdir(mode=0o700)
    path.rename(elsewhere / "hooks" / "pre-contact")
    assert ada_sqlite("contact", "tag", "c1", "b", env={"CRM_CONFIG": str(elsewhere / "config.toml")}).code == 1
    assert subprocess.run([elsewhere / "hooks" / "pre-contact"], check=False).returncode == 1
