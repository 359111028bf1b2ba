"""How alike two words are: edit distance, the nearest of some choices, and keys under which typos meet."""

from collections.abc import Iterable

from crmcli.kernel.text import fold


def distance(a: str, b: str, limit: int) -> int:
    """Return the optimal string alignment distance: inserts, deletes, replacements and swaps of neighbours.

    Anything beyond `limit` is reported as `limit + 1`, and found out early. Source of the recurrence: Boytsov,
    "Indexing methods for approximate dictionary searching" (2011), section 2.2, restricted Damerau-Levenshtein.
    """
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    start = 0
    while start < len(a) and start < len(b) and a[start] == b[start]:
        start += 1
    a, b = a[start:], b[start:]  # what words share at their beginning costs nothing
    if not a or not b:
        return len(a) + len(b)
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        last, row, older = row, [i], before
        before = last
        for j, other in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and other == a[i - 2]:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        # A swap reaches back two rows, so both must be beyond the limit before nothing better can follow.
        if min(row) > limit and min(last) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def nearest(word: str, choices: Iterable[str], *, count: int = 3) -> list[str]:
    """Return up to `count` choices that `word` may have meant, best first; [] when none is near.

    Of equally near ones those that begin with the word come first.

    Case and accents do not count. One slip is allowed per three letters, at most three; a choice that begins with the
    word counts as one slip.
    """
    wanted = fold(word[:100])
    if not wanted:
        return []
    limit = min(3, max(1, (len(wanted) + 1) // 3))
    found: list[tuple[int, bool, int, str]] = []
    for position, choice in enumerate(choices):
        folded = fold(choice)
        slips = distance(wanted, folded, limit)
        if slips > 1 and len(wanted) > 1 and folded.startswith(wanted):
            slips = 1
        if slips <= limit and slips < max(len(wanted), len(folded)):
            found.append((slips, not folded.startswith(wanted), position, choice))
    found.sort()
    return [choice for *_, choice in found[:count]]


def deletes(word: str) -> set[str]:
    """Return the word and every form of it with one character left out.

    Two words one edit apart share at least one of these keys (the symmetric delete method of SymSpell, Garbe 2012).
    """
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def jaro_winkler(a: str, b: str) -> float:
    """Return how alike two words are, 0 to 1: 1 for the same, high for words that begin alike and have typos.

    Source: Winkler, "String Comparator Metrics and Enhanced Decision Rules in the Fellegi-Sunter Model of Record
    Linkage" (1990), with the usual weight of 0.1 for each of up to four letters that both begin with.
    """
    if a == b:
        return 1.0
    matches, transposed = _jaro_matches(a, b)
    if not matches:
        return 0.0
    jaro = (matches / len(a) + matches / len(b) + (matches - transposed) / matches) / 3
    prefix = 0
    while prefix < min(4, len(a), len(b)) and a[prefix] == b[prefix]:
        prefix += 1
    return jaro + prefix * 0.1 * (1 - jaro)


def _jaro_matches(a: str, b: str) -> tuple[int, float]:
    """The letters that both have at about the same place, and half of those that stand in another order."""
    reach = max(0, max(len(a), len(b)) // 2 - 1)
    free = [True] * len(b)
    mine = []
    for i, letter in enumerate(a):
        for j in range(max(0, i - reach), min(len(b), i + reach + 1)):
            if free[j] and b[j] == letter:
                free[j] = False
                mine.append(letter)
                break
    theirs = [letter for letter, unused in zip(b, free, strict=True) if not unused]
    return len(mine), sum(x != y for x, y in zip(mine, theirs, strict=True)) / 2
