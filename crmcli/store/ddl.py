"""The statements that make a fresh database, as compiled from the model."""

from pathlib import Path


def statements(dialect: str) -> list[str]:
    """The DDL of `sqlite` or `postgresql`, a statement each."""
    text = Path(__file__).with_name(f"schema_{dialect}.sql").read_text("utf-8")
    return [line for line in text.split(";\n") if line]
