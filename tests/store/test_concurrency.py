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
    status = cli.run(["contact", "add", f"Person {{who}}", "--email", f"{{who}}@people.example"])
    if status:
        sys.exit(status)
"""


def test_many_writers_at_once(crm: Crm) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER.format(each=EACH), str(number)],
            env=crm.environ(CRM_USER=f"user{number}"),
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
