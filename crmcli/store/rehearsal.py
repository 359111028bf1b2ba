"""An empty database on disk that stands in for one that is not there, while a large load into it is rehearsed.

In memory, as smaller ones are, a million people would take two gigabytes.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from crmcli.store.sqlite import SqliteConnection, fill


class Rehearsal(SqliteConnection):
    """A database in a folder of its own, which only its owner can read and which goes when the connection is closed."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="crm-")
        super().__init__(str(Path(self._folder.name) / "crm.db"))
        self.is_stand_in = True
        fill(self)

    def close(self) -> None:
        """Close the database and remove it; a second call does nothing."""
        super().close()
        self._folder.cleanup()
