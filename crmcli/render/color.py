"""Whether output is coloured.

The order of the rules: `--color`, NO_COLOR (no-color.org), FORCE_COLOR (force-color.org), CLICOLOR_FORCE, then, on a
terminal only, TERM=dumb and CLICOLOR (bixense.com/clicolors).
"""

from collections.abc import Mapping

from crmcli.kernel.errors import UsageError

CHOICES = ("auto", "always", "never")


def wants_color(flag: str | None, environ: Mapping[str, str], is_terminal: bool) -> bool:
    """Whether to colour a stream. `flag` is the value of `--color`; raises UsageError if that is unknown."""
    if flag is not None and flag not in CHOICES:
        raise UsageError(f"'{flag}' is not a choice of --color", "the choices are " + ", ".join(CHOICES))
    if flag in ("always", "never"):
        return flag == "always"
    if environ.get("NO_COLOR"):
        return False
    if _on(environ.get("FORCE_COLOR")) or _on(environ.get("CLICOLOR_FORCE")):
        return True
    return is_terminal and environ.get("TERM") != "dumb" and environ.get("CLICOLOR") != "0"


def _on(value: str | None) -> bool:
    return bool(value) and value != "0"
