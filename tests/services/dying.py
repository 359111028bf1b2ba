"""`crm` as a process that is killed at its n-th statement: `python dying.py N MOST ARGUMENT ...`; 0 lives on."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from crmcli.__main__ import main
from crmcli.commands import remind
from crmcli.store import postgresql, sqlite


def die_at(kind: Any, left: int) -> None:
    """Kill this process before it runs that many statements."""
    execute = kind.execute

    def counted(self: Any, *args: Any) -> Any:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(self, *args)

    kind.execute = counted


if __name__ == "__main__":
    number, remind.MOST = int(sys.argv[1]), int(sys.argv[2])
    for kind in (sqlite.SqliteConnection, postgresql.PostgresqlConnection):
        die_at(kind, number)
    sys.argv[1:] = sys.argv[3:]
    main()
