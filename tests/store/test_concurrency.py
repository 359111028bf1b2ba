"""Several processes writing to one database: nothing is lost and nobody is turned away."""

import subprocess
import sys

from tests.conftest import Crm
from tests.house.source import ROOT

WRITERS, EACH = 4, 25
WRITER = """
import sys
from crmcli import cli
for number in range({each}):
    who = f"{{sys.argv[1]}}-{{number}}"
    status = cli.run(["contact", "add", f"Person {{who}}", "--email", f"{{who}}@people.example",
                      "--tag", f"tag{{number}}", "--company", f"Company {{number}}", "--quiet"])
    if status:
        sys.exit(status)
"""


def test_many_writers_at_once(crm: Crm) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER.format(each=EACH), str(number)],
            env=crm.environ(),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(WRITERS)
    ]
    ended = [(*writer.communicate(), writer.returncode) for writer in writers]
    assert [(err, code) for _, err, code in ended] == [("", 0)] * WRITERS
    told = [line for out, _, _ in ended for line in out.split()]
    kept = [item["id"] for item in crm.json("contact", "list")["items"]]
    assert len(kept) == WRITERS * EACH
    assert sorted(told) == sorted(kept)
    # All of them act as the same new user and name the same new tags and companies, which are made once.
    assert [user["name"] for user in crm.json("user", "list")["items"]] == ["ada"]
    assert len(crm.json("company", "list")["items"]) == EACH


def test_two_who_finish_the_same_follow_up_plan_the_next_once(crm: Crm) -> None:
    crm.ok("contact", "add", "Ada")
    crm.ok("followup", "add", "c1", "Call", "--due", "today")
    done = [sys.executable, "-m", "crmcli", "followup", "done", "f1", "--next", "+3d"]
    runs = [
        subprocess.Popen(done, env=crm.environ(), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(WRITERS)
    ]
    codes = [(run.communicate(), run.returncode)[1] for run in runs]
    assert codes.count(0) == 1
    assert len(crm.json("followup", "list")["items"]) == 1
