"""Markdown on a terminal: the body of an e-mail or a note."""

from rich.markdown import Markdown

from crmcli.kernel.text import safe
from crmcli.render.console import draw
from crmcli.render.out import Out


def render(text: str, out: Out) -> list[str]:
    """The lines of `text`, read as Markdown. Controls are escaped; links show their address, and are not live."""
    return draw([Markdown(safe(text, newlines=True), hyperlinks=False)], out)
