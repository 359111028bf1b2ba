"""What must not come back: keyed digests of what erased people were reached and known by.

    digest = HMAC-SHA256(secret, key), in hexadecimal digits

The key is the text by which records are matched (`crmcli.store.matching.keys`): an address folded, the digits of a
number, `source:key` (of a deal, order or case behind its table), a uid, or the folded name of somebody who had nothing
else; and of a number what is dialled within its country. The secret is random and in `meta`. A database that took over
what another one knew has several.
"""

import hmac
from collections.abc import Iterable, Sequence
from hashlib import sha256

from crmcli.kernel.codes import calling_code_length
from crmcli.store.connection import Rows
from crmcli.store.derive import digits
from crmcli.store.gate import Gate
from crmcli.store.sql import marks, slices
from crmcli.store.store import Store

SECRET = "suppression.secret"
SECRET_BYTES = 32
NAMED = "name"
WITH_COUNTRY, WITHOUT = "national:", "dialled:"
"""Before the digits of a number that was kept with its country, and without."""
FEWEST_WITHIN = 9
"""Shorter numbers of different countries are too often the same."""


def is_empty(rows: Rows) -> bool:
    """Whether nothing is suppressed."""
    return not rows("SELECT 1 AS found FROM suppression LIMIT 1")


def secrets(rows: Rows) -> list[str]:
    """The secrets of this database, the first being that of new digests."""
    found = rows(f"SELECT value FROM meta WHERE key >= '{SECRET}' AND key < '{SECRET}~' ORDER BY id")
    return [row["value"] for row in found]


def digest(secret: str, key: str) -> str:
    """The digest of a key under a secret."""
    return hmac.new(bytes.fromhex(secret), key.encode("utf-8", "surrogatepass"), sha256).hexdigest()


def sale_key(table: str, external: str) -> str:
    """What another system calls a deal, order or case, as a key: it has numbers of its own for each kind."""
    return f"{table}\x1f{external}"


class Suppressed:
    """Looking keys up among what is suppressed: one read for all of them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.secrets = secrets(store.rows)
        self.by_name = bool(store.rows("SELECT 1 AS found FROM suppression WHERE kind = ? LIMIT 1", [NAMED]))

    def among(self, keys: Iterable[str]) -> set[str]:
        """Those of these keys that are suppressed."""
        made = {digest(secret, key): key for key in dict.fromkeys(keys) if key for secret in self.secrets}
        found: set[str] = set()
        for part in slices(list(made)):
            sql = f"SELECT digest FROM suppression WHERE digest IN ({marks(part)})"
            found |= {made[row["digest"]] for row in self.store.rows(sql, part)}
        return found


def kept_number(raw: str, e164: str | None) -> list[str]:
    """What is kept of an erased person's number for when it comes in another notation: see `asked_number`."""
    dialled = _dialled(raw, e164)
    return [f"{WITH_COUNTRY if e164 else WITHOUT}{dialled}"] if dialled else []


def asked_number(raw: str, e164: str | None) -> list[str]:
    """The keys to ask for of a number: its digits; and as it is dialled within a country, where one of both has none.

    Two numbers that both tell their countries are never taken for one another.
    """
    dialled = _dialled(raw, e164)
    return [digits(e164 or raw), *([f"{WITHOUT if e164 else WITH_COUNTRY}{dialled}"] if dialled else [])]


def number_of(key: str) -> str | None:
    """The digits within a country that a key of `kept_number` stands for; None for any other key."""
    prefix, colon, dialled = key.partition(":")
    return dialled if f"{prefix}{colon}" in (WITH_COUNTRY, WITHOUT) else None


def _dialled(raw: str, e164: str | None) -> str:
    """A number without its country and the zeros that are dialled before it; "" where that says too little."""
    if e164 is None and raw.strip().startswith("+"):
        return ""
    within = e164[1 + calling_code_length(e164) :] if e164 else digits(raw)
    plain = within.lstrip("0")
    return plain if len(plain) >= FEWEST_WITHIN else ""


def suppressed(store: Store) -> Suppressed | None:
    """What is suppressed, to be looked up in; None, at the cost of one look, where nothing is."""
    return None if is_empty(store.rows) else Suppressed(store)


def add_secret(gate: Gate, store: Store, secret: str) -> None:
    """Keep another secret."""
    known = secrets(store.rows)
    if secret not in known:
        gate.insert("meta", {"key": f"{SECRET}.{len(known) + 1}", "value": secret})


def add(gate: Gate, store: Store, erasure: int | None, kind: str, digests: Sequence[str]) -> None:
    """Suppress these digests, those that are not yet."""
    for one in dict.fromkeys(digests):
        if not store.rows("SELECT id FROM suppression WHERE digest = ?", [one]):
            gate.insert("suppression", {"kind": kind, "digest": one, "erasure_id": erasure, "created_at": gate.now})


def lift(gate: Gate, store: Store, digests: Sequence[str]) -> int:
    """Suppress these digests no longer; returns how many were."""
    lifted = 0
    for one in digests:
        for row in store.rows("SELECT id FROM suppression WHERE digest = ?", [one]):
            gate.delete("suppression", row["id"])
            lifted += 1
    return lifted
