"""Lines of the crontab: ours are put in and taken out, all others stay as they are."""

import shlex
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.kernel.errors import UsageError
from crmcli.services.jobs.crontab import LONGEST, drop, jobs, line, put
from crmcli.services.jobs.invocation import Invocation

SINCE = "2026-11-20T10:00:00Z"
# What other people's lines may hold; our own are told by their last words.
OTHERS = st.lists(
    st.one_of(
        st.text(st.characters(exclude_characters="\n\0", exclude_categories=("Cs",)), max_size=60),
        st.sampled_from(
            [
                "MAILTO=ada@engines.example",
                "# crm remind due",
                "#*/15 * * * * crm remind  # crm remind due since 2026-11-20T10:00:00Z",
                "@daily crm remind --digest daily",
                "0 8 * * * echo 100\\%  # crm remind due",
                "",
            ]
        ),
    ),
    max_size=6,
).map(lambda lines: "".join(f"{one}\n" for one in lines))
PATHS = st.text(st.characters(exclude_characters="\\", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=30)


def made(name: str = "due", fields: str = "*/15 * * * *", *words: str) -> str:
    return line(fields, Invocation({}, words or ("/usr/bin/crm", "remind")), name, SINCE)


@given(OTHERS, st.lists(st.sampled_from(["due", "daily", "due-email"]), min_size=1, max_size=5))
def test_what_is_taken_out_leaves_what_was_there(text: str, names: list[str]) -> None:
    changed = text
    for name in names:
        changed = put(changed, name, made(name))
    assert sorted(job.name for job in jobs(changed) if job.name) == sorted(set(names))
    assert changed.startswith(text)
    for name in names:
        changed = drop(changed, name)
    assert changed == text


@given(OTHERS)
def test_the_same_again_changes_nothing(text: str) -> None:
    once = put(text, "due", made())
    later = made().replace("2026-11-20", "2026-12-24")
    assert put(once, "due", later) == once
    other = put(once, "due", made("due", "0 8 * * *"))
    assert other == once.replace("*/15 * * * * /usr", "0 8 * * * /usr")


def test_a_line_keeps_its_place_and_is_there_once() -> None:
    text = f"a\n{made()}\nb\n{made()}\n"
    assert put(text, "due", made("due", "0 8 * * *")) == f"a\n{made('due', '0 8 * * *')}\nb\n"


def test_a_last_line_without_its_end_stays_a_line() -> None:
    assert put("@daily true", "due", made()) == f"@daily true\n{made()}\n"


@given(PATHS, PATHS)
def test_a_job_is_read_as_it_was_written(path: str, user: str) -> None:
    words = (f"/srv/{path}/crm", "--db", f"/srv/{path}", "remind", "--channel", "email", "--digest", "daily")
    text = line("0 8 * * *", Invocation({"CRM_USER": user}, words), "daily-email", SINCE)
    assert text.count("%") == text.count("\\%")  # a bare one would end the command
    (job,) = jobs(f"{text}\n")
    assert (job.name, job.words, job.environ, job.since) == ("daily-email", words, {"CRM_USER": user}, SINCE)
    assert (job.schedule, job.channels, job.place) == ("daily at 08:00", ["email"], f"/srv/{path}")


@pytest.mark.parametrize("path", ["/a b/100% crm.db", '/it\'s/"x"', "/$HOME/`id`/*", "/a#b/ # c", "/山田/é"])
def test_the_shell_reads_it_so_too(path: str) -> None:
    text = made("due", "* * * * *", "printf", "%s|", path, "remind")
    command = text.removeprefix("* * * * * ").replace("\\%", "%")  # as cron hands it over
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=True)
    assert done.stdout.decode() == f"{path}|remind|"


@pytest.mark.parametrize(
    ("text", "schedule"),
    [
        ("*/15 * * * * /usr/bin/crm remind", "every 15 minutes"),
        ("@hourly crm --db /srv/crm.db remind --channel email # mine", "@hourly"),
        ("0 8 * * 1-5 CRM_USER=ada python3 -m crmcli remind", "0 8 * * 1-5"),
        ("0 8 * * * cd /srv && ./crm --db crm.db remind --digest daily | mail ada", "daily at 08:00"),
    ],
)
def test_lines_of_ones_own_are_seen(text: str, schedule: str) -> None:
    (job,) = jobs(f"{text}\n")
    assert (job.name, job.schedule, job.since) == ("", schedule, "")


@pytest.mark.parametrize(
    "text",
    [
        "# */15 * * * * crm remind",
        "MAILTO=crm remind",
        "0 8 * * * echo remind",
        "0 8 * * * remind crm",
        "0 8 * * * crm queue",
        "0 8 * * * crm remind status",
        "0 8 * * * crm 'remind",
        "crm remind",
    ],
)
def test_other_lines_are_not_jobs(text: str) -> None:
    assert jobs(f"{text}\n") == []


def test_a_command_that_cron_would_cut_is_refused() -> None:
    with pytest.raises(UsageError, match="998 characters"):
        made("due", "* * * * *", "/" + "x" * LONGEST, "remind")
    assert shlex.split(made("due", "* * * * *", "/" + "x" * 900, "remind"), comments=True)[-1] == "remind"
