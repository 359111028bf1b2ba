"""A machine whose cron and systemd are stand-ins: they keep what they are given, and remember how they were called."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from crmcli.services.jobs import invocation, jobs
from tests.conftest import Crm

CRONTAB = """#!/bin/sh
echo "crontab $*" >> {folder}/calls
if [ -e {folder}/broken ]; then echo "crontab: no space left" >&2; exit 1; fi
case "$1" in
  -l) [ -e {folder}/table ] || {{ echo "no crontab for ada" >&2; exit 1; }}; cat {folder}/table ;;
  -r) rm {folder}/table ;;
  -) cat > {folder}/table ;;
esac
"""
SYSTEMCTL = """#!/bin/sh
echo "systemctl $*" >> {folder}/calls
if [ -e {folder}/nobus ]; then echo "Failed to connect to bus: No medium found" >&2; exit 1; fi
case "$2" in is-enabled|is-active) [ -e {folder}/active ] ;; restart) touch {folder}/active ;; esac
"""


class Machine:
    """Its programs, the crontab of its only login, and the calls of both programs in order."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.bin.mkdir(parents=True)
        for name, text in (
            ("crontab", CRONTAB),
            ("systemctl", SYSTEMCTL),
            ("crm", "#!/bin/sh\n"),
            ("sendmail", "#!/bin/sh\n"),
        ):
            self.program(name, text.format(folder=f"'{folder}'"))

    @property
    def path(self) -> str:
        """PATH with the stand-ins first."""
        return f"{self.bin}:/usr/bin:/bin"

    @property
    def table(self) -> Path:
        """The crontab."""
        return self.folder / "table"

    @property
    def calls(self) -> list[str]:
        """How the programs were called."""
        file = self.folder / "calls"
        return file.read_text("utf-8").splitlines() if file.exists() else []

    def program(self, name: str, text: str) -> None:
        """Put a program into the folder of programs."""
        (self.bin / name).write_text(text, "utf-8")
        (self.bin / name).chmod(0o755)

    def without(self, name: str) -> None:
        """Take a program off the machine."""
        (self.bin / name).unlink()

    def is_(self, state: str) -> None:
        """Let something be wrong: `broken` for crontab, `nobus` for systemctl."""
        (self.folder / state).touch()


@contextmanager
def made(folder: Path, home: Path) -> Iterator[Machine]:
    """A machine whose `crm` runs, whose login lives in `home`, and whose cron is in UTC."""
    machine = Machine(folder)
    with (
        mock.patch.object(sys, "argv", [str(machine.bin / "crm")]),
        mock.patch.object(invocation, "login_home", return_value=str(home)),
        mock.patch.object(jobs, "system_zone", return_value="UTC"),
    ):
        yield machine


class Here(Crm):
    """The program on a machine with stand-ins."""

    def __init__(self, crm: Crm, machine: Machine) -> None:
        super().__init__(crm.dialect, crm.place, crm.home)
        self.machine = machine

    def environ(self, **more: str | None) -> dict[str, str]:
        """The environment of a command, in which the stand-ins are found."""
        path = more.pop("PATH", None) or (
            self.machine.path if (self.machine.bin / "crontab").exists() else str(self.machine.bin)
        )
        return super().environ(**{"PATH": path, **more})
