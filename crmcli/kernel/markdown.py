"""Text that Markdown shows as it is."""

_SPECIAL = str.maketrans({mark: "\\" + mark for mark in "\\|<[&`*_"})
"""What would end a cell, or turn a value into HTML, a link, an image, an entity, code or emphasis."""


def escaped(text: str) -> str:
    """Safe text with a backslash before whatever means something to Markdown."""
    return text.translate(_SPECIAL)
