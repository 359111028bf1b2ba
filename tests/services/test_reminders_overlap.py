"""Eight overlapping runs, many of them killed at any statement: nothing is told twice, and nothing is lost unsaid."""

import random
import re
import signal
import subprocess
import sys
from pathlib import Path

from tests.conftest import Crm

FOLLOWUPS, KILLS = 1000, 100
ROUND = 8
# One run tells some five times so many, and is killed after a notice or two.
NOTICE = 5
IDS = re.compile(r"\bf\d+\b")
DYING = Path(__file__).with_name("dying.py")


def start(crm: Crm, statement: int, *args: str, now: str = "2026-11-20T10:00:00Z") -> subprocess.Popen[str]:
    command = [sys.executable, str(DYING), str(statement), str(NOTICE), "remind", *args]
    return subprocess.Popen(
        command,
        env=crm.environ(CRM_NOW=now),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_overlapping_runs_that_are_killed_tell_each_once(crm: Crm) -> None:
    chance = random.Random(1)
    crm.ok("contact", "add", "Grace Hopper")
    lines = [
        f'{{"op": "followup.add", "who": "c1", "subject": "Call {number}", "due": "2026-11-19 09:00"}}\n'
        for number in range(FOLLOWUPS)
    ]
    crm.ok("batch", stdin="".join(lines))
    told: list[str] = []
    kills = 0
    while kills < KILLS:
        # From before the first claim to behind the second.
        runs = [start(crm, chance.randrange(3, 28)) for _ in range(ROUND)]
        ended = [(run.communicate(), run.returncode) for run in runs]
        told += [key for (out, _), _ in ended for key in IDS.findall(out)]
        kills += sum(code == -signal.SIGKILL for _, code in ended)
        wrong = [err for (_, err), code in ended if code not in (0, -signal.SIGKILL)]
        assert not wrong, wrong[0]
        if all(code == 0 for _, code in ended):
            break  # nothing is left to tell
    told += IDS.findall(crm.ok("remind"))
    dead = crm("remind", env={"CRM_NOW": "2026-11-20T10:16:00Z"})
    assert (dead.code, dead.out) == (0, "")
    log = crm.json("remind", "log")["items"]
    unknown = {item["id"] for item in log if item["status"] == "unknown"}
    everything = {f"f{number}" for number in range(1, FOLLOWUPS + 1)}
    assert kills >= KILLS
    assert unknown, "a run that was killed while it told something leaves what is unknown"
    assert "may not have arrived" in dead.err
    assert len(told) == len(set(told)), "told twice"
    assert set(told) | unknown == everything, "lost without a word"
    assert len(log) == len({item["id"] for item in log}) == FOLLOWUPS
    assert {item["status"] for item in log} == {"sent", "unknown"}
    again = IDS.findall(crm.ok("remind", "retry"))
    assert sorted(again) == sorted(unknown)
