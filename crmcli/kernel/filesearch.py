"""Looking for texts in the bytes of a file, whatever kind of file it is."""

from collections.abc import Collection
from pathlib import Path

CHUNK = 8_000_000
# So many bytes are gone through at the most, each text counting once: some ten seconds.
BUDGET = 12_000_000_000


def texts_in(path: Path, texts: Collection[str]) -> set[str]:
    """Those of these texts whose UTF-8 stands in a file, ASCII letters in whatever case; none where there is no file.

    Raises:
        OSError: it cannot be read.
    """
    wanted = {text: text.encode("utf-8", "surrogatepass").lower() for text in texts if text}
    found: set[str] = set()
    if not wanted or not path.exists():
        return found
    overlap = max(map(len, wanted.values()))
    with path.open("rb") as file:
        tail = b""
        while chunk := file.read(CHUNK):
            window = (tail + chunk).lower()
            found |= {text for text, pattern in wanted.items() if text not in found and pattern in window}
            tail = window[-overlap:]
    return found


def affordable(path: Path) -> int:
    """For how many texts a file of this size can be gone through."""
    size = max(1, path.stat().st_size if path.exists() else 1)
    return max(50, BUDGET // size)
