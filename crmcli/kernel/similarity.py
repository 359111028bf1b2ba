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

    Case and accents do not count. One slip is allowed per three letters, at most three; a choice that begins with the
    word counts as one slip.
    """
    wanted = fold(word[:100])
    if not wanted:
        return []
    limit = min(3, max(1, (len(wanted) + 1) // 3))
    found: list[tuple[int, int, str]] = []
    for position, choice in enumerate(choices):
        folded = fold(choice)
        slips = distance(wanted, folded, limit)
        if slips > 1 and len(wanted) > 1 and folded.startswith(wanted):
            slips = 1
        if slips <= limit and slips < max(len(wanted), len(folded)):
            found.append((slips, position, choice))
    found.sort()
    return [choice for _, _, choice in found[:count]]


def deletes(word: str) -> set[str]:
    """Return the word and every form of it with one character left out.

    Two words one edit apart share at least one of these keys (the symmetric delete method of SymSpell, Garbe 2012).
    """
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}
