"""A set of texts in little memory, of which one can only ask whether something may be in it."""

from collections.abc import Iterable


class BloomFilter:
    """A Bloom filter with two hashes (Bloom, "Space/time trade-offs in hash coding with allowable errors", 1970).

    Args:
        texts: about how many there will be. With 32 bits for each, one in 250 that is not in the set is taken for one
            that is; with more texts than that the answers grow less sure, and never wrong the other way.
    """

    def __init__(self, texts: int) -> None:
        power = min(max((texts * _BITS - 1).bit_length(), _SMALLEST), _LARGEST)
        self._mask = (1 << power) - 1
        self._bytes = bytearray(1 << (power - 3))

    def meet(self, texts: Iterable[str]) -> bool:
        """Whether any of these may have been met before, earlier in this call as well; all of them are from now on."""
        table, mask = self._bytes, self._mask
        met = False
        for text in texts:
            value = hash(text)
            first, second = value & mask, value >> _LARGEST & mask
            one, other = 1 << (first & 7), 1 << (second & 7)
            first >>= 3
            second >>= 3
            if table[first] & one and table[second] & other:
                met = True
            else:
                table[first] |= one
                table[second] |= other
        return met


_BITS = 32
# Powers of two, in bits: 8 KB and 64 MB. The second hash begins above those bits that the largest table takes for the
# first.
_SMALLEST, _LARGEST = 16, 29
