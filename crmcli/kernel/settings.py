"""The options that every command understands, as one value."""

from typing import NamedTuple


class Settings(NamedTuple):
    """The global options of one call. None means "not given": the environment or the default decides.

    `color` is `auto`, `always` or `never`; `fields` is the text of `--fields`; `pager` is False after `--no-pager`,
    and `hooks` after `--no-hooks`.
    """

    db: str | None = None
    format: str | None = None
    fields: str | None = None
    plain: bool = False
    color: str | None = None
    no_input: bool = False
    yes: bool = False
    debug: bool = False
    pager: bool = True
    quiet: bool = False
    hooks: bool = True
