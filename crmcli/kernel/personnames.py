"""How alike the names of two people are: typos, nicknames, initials, middle names, given and family name swapped."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from crmcli.kernel.nicknames import different_names, initials, same_name
from crmcli.kernel.similarity import distance, jaro_winkler
from crmcli.kernel.text import FIRST_IDEOGRAPH, tokens

_TITLES = """
mr mrs ms miss mx sir dame dr prof professor herr frau hr fr mme mlle monsieur madame sr sra srta don dona doc
ing dipl mag phd md mba msc bsc ba ma dds esq cpa rev hon capt col gen lt sgt
"""
TITLES = frozenset(_TITLES.split())
GENERATIONS = {"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "ii", "iii": "iii", "iv": "iv"}
# Below these two words are other words and no typos; a short word has too many neighbours.
ALIKE = 0.9
SHORTEST = 5


class Name(NamedTuple):
    """The words of a person's name, folded, without titles; and `jr`, `ii` or the like, "" for none."""

    words: tuple[str, ...]
    generation: str = ""


class Likeness(NamedTuple):
    """How alike two names are: `kind` in a word, and `value` from 0 to 1.

    Kinds: same; variant (a nickname, or `ue` for `ü`), middle (one has a name more), initial, typo; part (one is a
    single word of the other); unknown (one of them has no name); shared (a word is the same, another differs);
    different.
    """

    kind: str
    value: float

    @property
    def alike(self) -> bool:
        """Whether both may well be the name of one person."""
        return self.kind in ("same", "variant", "middle", "initial", "typo")


SAME = Likeness("same", 1.0)
UNKNOWN = Likeness("unknown", 0.5)
PART = Likeness("part", 0.5)
SHARED = Likeness("shared", 0.3)
DIFFERENT = Likeness("different", 0.0)
# One word that both are called by says less than two.
ONE_WORD = Likeness("same", 0.85)
VALUES = {"variant": 0.9, "middle": 0.92, "initial": 0.75}
_RANKS = ("same", "middle", "variant", "initial", "typo")


def person_name(text: str) -> Name:
    """A name as it is compared. Where an address stands in the place of a name, nobody is named."""
    if "@" in text:
        return Name(())
    words = tokens(text)
    generation = ""
    while len(words) > 1 and words[-1] in GENERATIONS and not (words[-1] == "sr" and len(words) < 3):
        generation = generation or GENERATIONS[words.pop()]
    bare = [word for word in words if word not in TITLES] or words
    return Name(tuple(bare), generation)


def compare(a: Sequence[str], b: Sequence[str]) -> Likeness:
    """How alike two names are, given as the words of `Name`; their order does not matter.

    Given names that are known to be two (john and joan) are never a typo of one another.
    """
    if not a or not b:
        return UNKNOWN
    if a == b or sorted(a) == sorted(b) or "".join(a) == "".join(b):
        return SAME if max(len(a), len(b)) > 1 else ONE_WORD
    short, long = sorted((list(a), list(b)), key=len)
    left, rest = _without_shared(short, long)
    exact = len(short) - len(left)
    if len(short) == 1 and exact:
        return PART
    kinds = {"middle"} if len(long) > len(short) else set()
    value, whole, behind_initial = 1.0, exact, False
    for worth, kind, word, other in _best_first(left, rest):
        if word in left and other in rest:
            left.remove(word)
            rest.remove(other)
            kinds.add("middle" if kind == "initial" and exact > 1 else kind)
            whole += kind != "initial"
            behind_initial = behind_initial or (kind == "initial" and len(other) == 1)
            value = min(value, worth)
    # A. M. Smith is no Mary Smith when the A. is told to be Ann.
    if left or not whole or (behind_initial and any(len(word) > 1 for word in rest)):
        return SHARED if exact else DIFFERENT
    kind = max(kinds, key=_RANKS.index)
    return Likeness(kind, min([value if kind == "typo" else 1.0, *(VALUES[one] for one in kinds if one in VALUES)]))


def _best_first(left: Sequence[str], rest: Sequence[str]) -> list[tuple[float, str, str, str]]:
    """Every two words that may be one, the surest first, as worth, kind and words; the same whichever name is first."""
    found = [(*_word(word, other), word, other) for word in left for other in rest]
    pairs = [(worth, kind, word, other) for kind, worth, word, other in found if worth]
    return sorted(pairs, key=lambda pair: (-pair[0], pair[1], sorted(pair[2:])))


def _without_shared(short: Sequence[str], long: Sequence[str]) -> tuple[list[str], list[str]]:
    """What is left of both when the words that are the same are taken away."""
    rest = list(long)
    left = []
    for word in short:
        if word in rest:
            rest.remove(word)
        else:
            left.append(word)
    return left, rest


@cache
def _word(a: str, b: str) -> tuple[str, float]:
    """What makes two words that differ one: variant, initial or typo; and how surely, 0 for nothing."""
    if same_name(a, b) or plain(a) == plain(b):
        return "variant", VALUES["variant"]
    if a[0] >= FIRST_IDEOGRAPH or b[0] >= FIRST_IDEOGRAPH:
        return "", 0.0
    if min(len(a), len(b)) == 1:
        return ("initial", VALUES["initial"]) if a[0] == b[0] else ("", 0.0)
    if min(len(a), len(b)) < SHORTEST or different_names(a, b):
        return "", 0.0
    likeness = jaro_winkler(a, b) if distance(a, b, 2) <= 2 else 0.0
    return ("typo", 0.6 + (likeness - ALIKE) * 2.5) if likeness >= ALIKE else ("", 0.0)


def plain(word: str) -> str:
    """A word with the umlauts that were written as two letters as they are folded: `muller` for `mueller`."""
    return word.replace("ue", "u").replace("oe", "o").replace("ae", "a")


def keys(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Keys of which names that are alike share at least one, as long as they have one word of two nearly right.

    Each is the beginning of a word and the first letter of another (or of what that is short for); of a single word,
    the word.
    """
    if len(words) == 1:
        yield words[0], ""
    ends = words if len(words) <= 4 else (*words[:2], *words[-2:])
    seen = set()
    for place, word in enumerate(ends):
        for other in (*ends[:place], *ends[place + 1 :]):
            for letter in initials(other):
                key = plain(word)[:4], letter
                if key not in seen:
                    seen.add(key)
                    yield key
