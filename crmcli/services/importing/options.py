"""How an import is meant."""

from typing import NamedTuple

ON_MATCH = ("update", "fill", "skip", "create")
"""What to do with a record that is there already: the source's values win, only empty fields are filled, nothing, or
make another one."""


class Options(NamedTuple):
    """How an import is meant.

    Args:
        on_match: see ON_MATCH.
        key: the field by which records are known again, instead of the usual ones; "" for those.
        leads: new people are leads, where the source says no stage of life; those in mail are added at all.
        since: leave out messages and events before this stored instant.
        keep_attachments: keep what is attached, not only its name.
        currency: of amounts that the source gives none; "" where nobody said.
        team: the addresses of the team, folded; `@engines.example` stands for all of a domain.
    """

    on_match: str = "update"
    key: str = ""
    leads: bool = False
    since: str | None = None
    keep_attachments: bool = False
    currency: str = ""
    team: frozenset[str] = frozenset()
