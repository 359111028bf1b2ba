"""What a pipeline is before anybody made one: its name, its stages, why deals are lost; and lists as they are kept.

The stages and their probabilities are those that most sales programs begin with; all of them can be edited.
"""

from collections.abc import Iterable
from typing import NamedTuple


class UsualStage(NamedTuple):
    """A stage; `probability` in percent, `rotting_days` None for never."""

    name: str
    type: str
    probability: int
    forecast_category: str
    rotting_days: int | None = None


USUAL_NAME = "Sales"
USUAL_STAGES = (
    UsualStage("prospecting", "open", 10, "pipeline", 30),
    UsualStage("qualification", "open", 20, "pipeline", 30),
    UsualStage("proposal", "open", 50, "best_case", 21),
    UsualStage("negotiation", "open", 80, "commit", 14),
    UsualStage("won", "won", 100, "closed"),
    UsualStage("lost", "lost", 0, "omitted"),
)
CERTAIN = {"won": (100, "closed"), "lost": (0, "omitted")}
"""What stages of won and lost deals are bound to say: the probability in percent, and the category of a forecast."""
USUAL_LOST_REASONS = ("price", "competitor", "no budget", "no need", "bad timing", "no answer", "other")


def parted(text: str | None) -> list[str]:
    """The words of a list that is kept as a text with commas."""
    return [word.strip() for word in (text or "").split(",") if word.strip()]


def joined(words: Iterable[str]) -> str | None:
    """A list as it is kept, each word once; None for an empty one."""
    return ", ".join(dict.fromkeys(word.strip() for word in words if word.strip())) or None


def likely(status: str, own: int | None, usual: int) -> int:
    """How likely a deal is won, in percent: by its own probability, else by its stage's; a closed one is certain."""
    if status != "open":
        return 100 if status == "won" else 0
    return usual if own is None else own
