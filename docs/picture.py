"""Draw docs/images/show.svg, the picture of the README: `python docs/picture.py [--check]`.

It is what `crm show` writes to a terminal of 100 columns over the demo database, turned into SVG by Rich. With
`--check` nothing is written; the exit status is 1 when the picture is stale.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "images" / "show.svg"
WIDTH = 100
WHO = "Rosalind Thackeray"
# Rich's own template fetches a font from the network; a reader's own fixed-width font does as well.
FORMAT = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: Menlo, Consolas, "DejaVu Sans Mono", monospace;
 font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: arial, sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def picture() -> str:
    """The SVG text."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {
            "HOME": folder,
            "PATH": os.defpath,
            "PYTHONPATH": str(ROOT),
            "CRM_DB": f"{folder}/demo.db",
            "CRM_NOW": "2026-11-20T10:00:00Z",
            "CRM_TIMEZONE": "UTC",
            "CRM_USER": "ada",
            "COLUMNS": str(WIDTH),
            "TERM": "xterm-256color",
        }
        _crm(environ, "demo", "--path", environ["CRM_DB"])
        shown = _crm(environ, "show", WHO, "--timeline", "8", "-o", "table", "--color", "always")
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True, legacy_windows=False)
    console.print(Text.from_ansi(shown), soft_wrap=True)
    return console.export_svg(title=f'crm show "{WHO}"', theme=MONOKAI, code_format=FORMAT, unique_id="crm")


def _crm(environ: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "crmcli", *arguments]
    return subprocess.run(command, env=environ, stdout=subprocess.PIPE, encoding="utf-8", check=True).stdout


def main(options: Sequence[str]) -> int:
    """Write the picture, or with `--check` tell whether it is stale; returns the exit status."""
    text = picture()
    stale = not TARGET.exists() or TARGET.read_text("utf-8") != text
    if stale and "--check" not in options:
        TARGET.parent.mkdir(exist_ok=True)
        TARGET.write_text(text, "utf-8")
    if stale:
        print(f"{'stale' if '--check' in options else 'written'}: {TARGET.relative_to(ROOT)}")
    return int(stale and "--check" in options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
