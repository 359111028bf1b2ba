"""`crm remind`, as cron and a person see it."""

import os
import subprocess
import sys
from email import message_from_bytes
from email.policy import default

import pytest

from crmcli.notifiers import loader
from crmcli.notifiers.base import NotSent, Unsure
from crmcli.store import postgresql, sqlite
from tests.conftest import Crm
from tests.notifiers.servers import Inbox, free_port, mail_server

TOMORROW = {"CRM_NOW": "2026-11-21T10:00:00Z"}


@pytest.fixture
def promised(crm: Crm) -> Crm:
    crm.ok("contact", "add", "Grace Hopper")
    crm.ok("followup", "add", "c1", "Call about the offer", "--due", "2026-11-20 09:00")
    crm.ok("followup", "add", "c1", "Write", "--due", "2026-11-21")
    return crm


def silent(crm: Crm, *args: str, **options: object) -> bool:
    result = crm("remind", *args, **options)  # type: ignore[arg-type]
    return (result.code, result.out, result.err) == (0, "", "")


def test_it_tells_and_is_silent(promised: Crm) -> None:
    out = promised.ok("remind")
    assert "Call about the offer" in out
    assert "Grace Hopper" in out
    assert "f1" in out and "f2" not in out
    assert silent(promised)
    assert "f2" in promised.ok("remind", env=TOMORROW)
    assert silent(promised, env=TOMORROW)
    assert silent(promised, "--exit-code", env=TOMORROW)


def test_a_script_can_know(promised: Crm) -> None:
    assert promised("remind", "--exit-code").code == 10
    assert promised("remind", "--exit-code").code == 0


def test_formats(promised: Crm) -> None:
    document = promised.json("remind")
    assert document["schema"] == "crm.followup.list/1"
    assert [item["id"] for item in document["items"]] == ["f1"]
    assert promised.json("remind")["items"] == []
    assert promised.ok("remind", env={**TOMORROW, "CRM_FORMAT": "ids"}) == "f2\n"


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "tsv", "md", "ids", "table"])
def test_a_digest_in_every_format(promised: Crm, form: str) -> None:
    """Customers who wait, or whom to stay in touch with, have few of a follow-up's fields."""
    promised.ok("cadence", "set", "c1", "6w")
    promised.ok("log", "in", "c1", "Where is it?", "--channel", "email")
    env = {"CRM_NOW": "2027-03-01T10:00:00Z"}
    for digest in ("daily", "weekly"):
        planned = promised.ok("remind", "--digest", digest, "--dry-run", "-o", form, env=env)
        assert "f1" in planned and "c1" in planned
        assert promised.ok("remind", "--digest", digest, "-o", form, env=env) == planned
    planned = promised.ok("remind", "--dry-run", "-o", form, env=env)
    assert promised.ok("remind", "-o", form, env=env) == planned


def test_what_was_lost_is_told_again_in_every_format(promised: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    def lose(*_: object) -> None:
        raise Unsure("the line went dead")

    promised.ok("cadence", "set", "c1", "6w")
    env = {"CRM_NOW": "2027-03-01T10:00:00Z"}
    with monkeypatch.context() as patch:
        patch.setattr(loader.load("stdout"), "send", lose)
        assert promised("remind", env=env).code == 1
    assert "f1" in promised.ok("remind", "retry", "-o", "csv", env=env)


def test_markdown_is_for_reading(promised: Crm) -> None:
    assert promised.ok("remind", "--digest", "daily", "-o", "md").startswith(
        "# Today, Fri 20 Nov: 1 overdue, 1 this week\n"
    )
    assert promised.ok("remind", "--dry-run", "-o", "md").startswith("# A follow-up is due\n")
    assert "Call about the offer" in promised.ok("remind", "-o", "md")
    assert promised.ok("remind", "-o", "md") == ""


def test_a_dry_run_claims_nothing(promised: Crm) -> None:
    assert "f1" in promised.ok("remind", "--dry-run")
    assert promised.ok("remind", "--dry-run", "-o", "ids") == "f1\n"
    assert promised.ok("remind", "-o", "ids") == "f1\n"
    result = promised("remind", "--dry-run")
    assert (result.out, result.err) == ("", "stdout: nothing to tell\n")


def test_the_log(promised: Crm) -> None:
    promised.ok("remind")
    items = promised.json("remind", "log")["items"]
    assert [(item["id"], item["status"], item["channel"], item["user"]) for item in items] == [
        ("f1", "sent", "stdout", "ada")
    ]
    assert promised.json("remind", "log", "--status", "unknown")["items"] == []
    assert promised.json("remind", "log", env={"CRM_USER": "tom"})["items"] == []
    assert len(promised.json("remind", "log", "--everyone", env={"CRM_USER": "tom"})["items"]) == 1
    assert "Nothing matches" in promised("remind", "log", "--status", "failed", tty=True).err
    assert promised("remind", "retry").err == "Nothing is unknown or failed.\n"


def test_a_digest(promised: Crm) -> None:
    out = promised.ok("remind", "--digest", "daily")
    assert "f1" in out and "f2" in out
    assert silent(promised, "--digest", "daily")
    assert promised.ok("remind", "--digest", "weekly")
    assert promised.json("remind", "log")["items"][0]["id"] == "digest:weekly"


def test_standard_output_that_is_full_is_told_and_tried_again(promised: Crm) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "crmcli", "remind"],
            env={**promised.environ(), "PYTHONPATH": os.getcwd()},
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 1
    assert b"No space left" in done.stderr and b"Traceback" not in done.stderr
    assert promised.json("remind", "log")["items"][0]["status"] == "failed"
    assert "f1" in promised.ok("remind")


def test_standard_output_that_is_closed_takes_nothing(promised: Crm) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$0" -m crmcli remind >&-', sys.executable],
        env={**promised.environ(), "PYTHONPATH": os.getcwd()},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    assert done.returncode == 1 and b"standard output is closed" in done.stderr
    assert "f1" in promised.ok("remind")


def test_nothing_due_is_nothing_to_tell_while_another_program_writes(
    promised: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.01)
    monkeypatch.setattr(postgresql, "BUSY_SECONDS", 0.01)
    engine = sqlite if promised.dialect == "sqlite" else postgresql
    writer = engine.open_place(promised.place, writing=True)
    writer.begin(writing=True)
    early = {"CRM_NOW": "2026-11-20T08:30:00Z"}
    assert silent(promised, env=early)
    assert silent(promised, "--overdue-again", "1d", env=early)
    result = promised("remind")
    assert (result.code, result.out) == (7, "") and "busy" in result.err
    writer.rollback()
    writer.close()
    assert "f1" in promised.ok("remind")


def test_nothing_in_the_environment_but_a_path(promised: Crm) -> None:
    """As cron would, with nothing but what is needed to find the database and who asks."""
    bare = {"CRM_DB": promised.place, "CRM_USER": "ada", "CRM_NOW": "2026-11-20T08:00:00Z"}
    for now, told in [("2026-11-20T08:00:00Z", b""), ("2026-11-20T09:00:00Z", b"f1"), ("2026-11-20T09:01:00Z", b"")]:
        done = subprocess.run(
            [sys.executable, "-m", "crmcli", "remind"],
            env={**bare, "CRM_NOW": now, "PYTHONPATH": os.getcwd()},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
        )
        assert done.stderr == b""
        assert (told in done.stdout) if told else not done.stdout


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--channel", "stdoutt"], "did you mean stdout?"),
        (["--digest", "dayly"], "did you mean daily?"),
        (["--overdue-again", "soon"], "not a span of time"),
        (["--overdue-again", "1d", "--digest", "daily"], "leave out --overdue-again"),
        (["--dry-run", "--json", "--channel", "stdout", "--channel", "desktop"], "is about one channel"),
        (["log", "--status", "lost"], "'lost' is not a status"),
        (["retry", "f1"], "no reminder of f1 is unknown or failed"),
        (["--channel", "stdout", "log"], "--channel belongs to crm remind without a further command"),
        (["lgo"], "did you mean: crm remind log"),
    ],
)
def test_what_is_refused(promised: Crm, args: list[str], words: str) -> None:
    result = promised("remind", *args)
    assert (result.code, result.out) == (2, "")
    assert words in result.err


def test_a_channel_that_fails_is_named_and_the_others_are_told(promised: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(loader.CHANNELS, "broken", "broken")
    real = loader.load
    monkeypatch.setattr(loader, "load", lambda name: Broken() if name == "broken" else real(name))
    result = promised("remind", "--channel", "broken", "--channel", "stdout")
    assert result.code == 1
    assert "f1" in result.out
    assert result.err.startswith("crm: broken: the line is cut\n")
    statuses = {item["channel"]: item["status"] for item in promised.json("remind", "log")["items"]}
    assert statuses == {"broken": "failed", "stdout": "sent"}


def test_what_failed_and_was_done_since_is_not_told_again(promised: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(loader, "load", lambda _name: Broken())
        assert promised("remind").code == 1
    promised.ok("followup", "done", "f1")
    assert promised("remind", "retry").err == "Nothing of it is due any more.\n"
    assert promised("remind", "retry").err == "Nothing is unknown or failed.\n"


@pytest.mark.parametrize("digest", [(), ("--digest", "daily")])
def test_a_channel_that_is_not_set_up_does_not_keep_the_others(promised: Crm, digest: tuple[str, ...]) -> None:
    channels = ("--channel", "email", "--channel", "stdout", *digest)
    assert "needs smtp.host" in promised("remind", *channels, "--dry-run").err
    result = promised("remind", *channels)
    assert (result.code, "f1" in result.out) == (1, True)
    assert result.err.startswith("crm: email: the channel 'email' needs smtp.host")
    states = {item["channel"]: item["error"] for item in promised.json("remind", "status")["items"]}
    assert states["stdout"] is None and "smtp.host" in states["email"]
    alone = promised("remind", "--channel", "email", *digest)
    assert (alone.code, alone.out) == (2, "") and "crm config set smtp.host" in alone.err


class Broken:
    """A channel that never works."""

    def check(self, setup: object) -> None:
        pass

    def send(self, notice: object, setup: object) -> None:
        raise NotSent("the line is cut")


def test_a_digest_by_mail(promised: Crm) -> None:
    inbox = Inbox()
    with mail_server(inbox) as port:
        for name, value in [("host", "localhost"), ("port", str(port)), ("security", "none")]:
            promised.ok("config", "set", f"smtp.{name}", value)
        promised.ok("config", "set", "smtp.from", "crm@engines.example")
        promised.ok("config", "set", "smtp.to", "ada@engines.example")
        assert silent(promised, "--channel", "email", "--digest", "daily")
        assert silent(promised, "--channel", "email", "--digest", "daily")
        assert silent(promised, "--channel", "email")
    letters = [message_from_bytes(envelope.content, policy=default) for envelope in inbox.mails]
    assert [letter["Subject"] for letter in letters] == [
        "Today, Fri 20 Nov: 1 overdue, 1 this week",
        "Due: Call about the offer (Grace Hopper)",
    ]
    assert len({letter["Message-ID"] for letter in letters}) == 2
    for letter in letters:
        for kind in ("plain", "html"):
            assert "Call about the offer" in letter.get_body((kind,)).get_content()
    assert [item["status"] for item in promised.json("remind", "log")["items"]] == ["sent", "sent"]


def test_mail_that_did_not_go_out_is_sent_by_the_next_run(promised: Crm) -> None:
    for name, value in [("host", "localhost"), ("port", str(free_port())), ("security", "none")]:
        promised.ok("config", "set", f"smtp.{name}", value)
    promised.ok("config", "set", "smtp.from", "crm@engines.example")
    result = promised("remind", "--channel", "email")
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("crm: email: ")
    inbox = Inbox()
    with mail_server(inbox) as port:
        promised.ok("config", "set", "smtp.port", str(port))
        assert silent(promised, "--channel", "email")
        assert silent(promised, "--channel", "email")
    assert len(inbox.mails) == 1


def test_a_channel_is_named_in_whatever_case(promised: Crm) -> None:
    assert promised.ok("remind", "--channel", "StdOut")
    assert silent(promised, "--channel", "stdout")
