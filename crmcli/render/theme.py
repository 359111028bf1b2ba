"""The named styles. Only the sixteen colours that a terminal's own theme defines, so that every background works."""

from rich.theme import Theme

STYLES = {
    "header": "bold",
    "rule": "dim",
    "title": "bold",
    "label": "dim",
    "muted": "dim",
    "id": "cyan",
    "tag": "magenta",
    "good": "green",
    "warning": "yellow",
    "overdue": "bold red",
    "today": "bold yellow",
    "inbound": "green",
    "outbound": "blue",
}
"""What `Column.style` may name."""

THEME = Theme(STYLES, inherit=True)
