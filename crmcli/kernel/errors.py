"""What can go wrong, and the exit code that each kind of failure owns.

An error is raised where it is noticed, with three parts: what was wrong (with the value), what would be right, and
the nearest thing that exists. The door (`crmcli.cli`) prints them, escaped, and turns them into an exit status once.
"""

from collections.abc import Sequence


class CrmError(Exception):
    """A failure that a user can understand.

    Args:
        message: what was wrong, with the value.
        hint: what would be right, or what to do next.
        details: further lines, such as the candidates of an ambiguous name.
    """

    exit_code = 1
    kind = "failure"

    def __init__(self, message: str, hint: str = "", details: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details = tuple(details)


class UsageError(CrmError):
    """The command line, a filter, a date or a value cannot be understood."""

    exit_code = 2
    kind = "usage"


class NotFound(CrmError):
    """The record that was named does not exist."""

    exit_code = 3
    kind = "not_found"


class Ambiguous(CrmError):
    """More than one record matches what was named. `candidates` holds (id, description) pairs."""

    exit_code = 4
    kind = "ambiguous"

    def __init__(self, message: str, candidates: Sequence[tuple[str, str]], hint: str = "") -> None:
        super().__init__(message, hint, [f"{ref}  {text}" for ref, text in candidates])
        self.candidates = tuple(candidates)


class PartlyDone(CrmError):
    """Some of the given rows were refused; the others were applied."""

    exit_code = 5
    kind = "partly_done"


class NotPermitted(CrmError):
    """The acting user's role does not allow this."""

    exit_code = 6
    kind = "not_permitted"


class DatabaseUnavailable(CrmError):
    """The database is locked, full, read-only, corrupt, foreign, or newer than this program."""

    exit_code = 7
    kind = "database_unavailable"


class DatabaseBusy(DatabaseUnavailable):
    """Another program's change took longer than we wait."""
