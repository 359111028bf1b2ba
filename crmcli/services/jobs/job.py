"""A job as it stands in the crontab or in a unit of systemd."""

import re
import shlex
from typing import NamedTuple

from crmcli.kernel.errors import UsageError

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
CRON, SYSTEMD = "cron", "systemd"


class Job(NamedTuple):
    """A job that is installed.

    `name` is empty for a line that a person wrote. `how` is cron or systemd, `schedule` says in words when it runs,
    every `minutes` (None where that is not known). `since` is when it was installed, as stored; empty when unknown.
    """

    name: str
    how: str
    schedule: str
    minutes: int | None
    environ: dict[str, str]
    words: tuple[str, ...]
    since: str

    @property
    def channels(self) -> list[str]:
        """The channels that its command names."""
        return self._values("--channel")

    @property
    def place(self) -> str:
        """The database that its command names; empty when it leaves that to the settings."""
        return next(reversed(self._values("--db")), self.environ.get("CRM_DB", ""))

    @property
    def command(self) -> str:
        """What is run, as a shell would take it."""
        return " ".join(
            [*(f"{key}={shlex.quote(value)}" for key, value in self.environ.items()), shlex.join(self.words)]
        )

    def _values(self, flag: str) -> list[str]:
        after = zip(self.words, self.words[1:], strict=False)
        found = [value for word, value in after if word == flag]
        return found + [word.partition("=")[2] for word in self.words if word.startswith(f"{flag}=")]


def check_name(name: str) -> str:
    """The name itself. Raises UsageError when no job can be called that."""
    if not NAME.fullmatch(name):
        raise UsageError(
            f"'{name[:60]}' cannot name a job", "lower-case letters, digits and hyphens, such as due-email"
        )
    return name


def usual_name(channels: list[str], digest: str) -> str:
    """What a job is called unless somebody says otherwise: what it does, and where it tells."""
    return "-".join([digest or "due", *channels])[:40].rstrip("-")
