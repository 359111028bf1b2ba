"""What an import asks while it works: answered by a person on a terminal, by rules in a script, by a list in a test."""

from collections.abc import Mapping, Sequence

from crmcli.importers.base import Columns, Format
from crmcli.importers.source import Source
from crmcli.kernel.errors import UsageError

Offered = Mapping[str, tuple[str, int]]
"""People who are in messages and not known: address -> name and number of messages."""


class Session:
    """The answers of a script: what is certain is done, what is not is refused with the flag that would settle it."""

    def format(self, source: Source, candidates: Sequence[tuple[int, Format]]) -> Format:
        """The format to read a source as; `candidates` are marked, the surest first.

        Raises:
            UsageError: nothing fits.
        """
        if not candidates:
            hint = "see: crm import --list-formats; --as NAME names one"
            raise UsageError(f"{source.name} is of no kind that is known", hint)
        return candidates[0][1]

    def mapping(self, source: Source, format: Format, columns: Columns, samples: Sequence[Sequence[str]]) -> Columns:
        """What the columns mean, when that had to be guessed; `samples` are a few values of each column."""
        return columns

    def progress(self, name: str, done: int, total: int) -> None:
        """Tell how far a source is: records, of about how many."""

    def leads(self, offered: Offered) -> bool:
        """Whether to add people who are in messages and not known as leads."""
        return False

    def finished(self) -> None:
        """Progress is over, whatever came of it."""
