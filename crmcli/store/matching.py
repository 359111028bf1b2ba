"""Finding many records at once by what names them: the look-ups of an import, a few hundred keys a statement."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from crmcli.kernel.bloom import BloomFilter
from crmcli.store import merges
from crmcli.store.connection import Connection
from crmcli.store.names import NAME
from crmcli.store.sql import marks, slices
from crmcli.store.store import Store

# So many pairs are remembered well; of more, some are looked up in vain.
_PAIRS_OF_A_LOAD = 500_000
_Key = TypeVar("_Key")


class Known(NamedTuple):
    """A record that a key names: its key here, the key of its name, and whether it is deleted."""

    id: int
    name_key: str
    deleted: bool


def by_uid(store: Store, noun: str, keys: Iterable[str]) -> dict[str, list[Known]]:
    """The records of these uids; one that was merged stands for the one that was kept."""
    found = _known(store, f"SELECT uid AS found, id, name_key, deleted_at FROM {noun} WHERE uid IN ({{}})", keys)
    return {key: [_kept(store, noun, one) for one in records] for key, records in found.items()}


def by_email(store: Store, noun: str, keys: Iterable[str]) -> dict[str, list[Known]]:
    """The records with these addresses, each given as its key."""
    return _by_child(store, noun, "email", "value_key", keys)


def by_e164(store: Store, noun: str, keys: Iterable[str]) -> dict[str, list[Known]]:
    """The records with these phone numbers in E.164."""
    return _by_child(store, noun, "phone", "e164", keys)


def by_digits(store: Store, noun: str, keys: Iterable[str]) -> dict[str, list[Known]]:
    """The records with phone numbers of just these digits."""
    return _by_child(store, noun, "phone", "digits", keys)


def by_domain(store: Store, keys: Iterable[str]) -> dict[str, list[Known]]:
    """The companies of these internet domains."""
    return _by_child(store, "company", "company_domain", "domain", keys)


def by_external(store: Store, noun: str, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[Known]]:
    """The records that other systems know by these pairs of source and key."""
    sources: dict[str, list[str]] = {}
    for source, key in keys:
        sources.setdefault(source, []).append(key)
    found: dict[tuple[str, str], list[Known]] = {}
    for source, wanted in sources.items():
        sql = (
            f"SELECT t.key AS found, r.id, r.name_key, r.deleted_at FROM external_id t JOIN {noun} r"
            f" ON r.id = t.{noun}_id WHERE t.source = ? AND t.key IN ({{}})"
        )
        for key, records in _known(store, sql, wanted, [source]).items():
            found[source, key] = records
    return found


def taken(store: Store, keys: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of these pairs of source and key that any record has, of whichever noun."""
    found: set[tuple[str, str]] = set()
    for noun in ("contact", "company"):
        found |= by_external(store, noun, keys).keys() if keys else set()
    return found


def by_name(store: Store, noun: str, keys: Iterable[str]) -> dict[str, list[Known]]:
    """The living records of exactly these names, each given as its key."""
    sql = f"SELECT name_key AS found, id, name_key, deleted_at FROM {noun} WHERE name_key IN ({{}})"
    return _known(store, f"{sql} AND deleted_at IS NULL", keys)


def by_custom(store: Store, noun: str, name: str, keys: Iterable[str]) -> dict[str, list[Known]]:
    """The records with these values of a custom field."""
    sql = (
        f"SELECT v.value AS found, r.id, r.name_key, r.deleted_at FROM custom_field f JOIN custom_value v"
        f" ON v.field_id = f.id JOIN {noun} r ON r.id = v.{noun}_id WHERE f.name = ? AND v.value IN ({{}})"
    )
    return _known(store, sql, keys, [name])


Pair = tuple[str, str]
"""The key of a person's name, and that of a company's name or an internet domain."""


def external_key(source: str, key: str) -> str:
    """What another system calls a record, as one of its `keys`."""
    return f"{source}:{key}"


def named_key(name: str, belonging: str) -> str:
    """A person's name with a company or mail domain, or a company's name with nothing, as one of the `keys`."""
    return f"{name}\x1f{belonging}"


def keys(connection: Connection) -> Iterator[str]:
    """All by which any contact or company may be matched, and the digests of what was taken in.

    E-mail addresses and names are given as their keys, phone numbers as their digits.
    """
    for sql in _KEYS:
        for row in connection.execute(sql):
            yield row["text"]
    for row in connection.execute("SELECT source, key FROM external_id"):
        yield external_key(row["source"], row["key"])
    for sql in _PAIRS:
        for row in connection.execute(sql):
            yield named_key(row["name"], row["belonging"])


_KEYS = (
    "SELECT value_key AS text FROM email",
    "SELECT digits AS text FROM phone",
    "SELECT digest AS text FROM source_record",
    "SELECT uid AS text FROM contact",
    "SELECT uid AS text FROM company",
)
_JOBS = "FROM employment m JOIN contact c ON c.id = m.contact_id JOIN company o ON o.id = m.company_id"
_PAIRS = (
    "SELECT name_key AS name, '' AS belonging FROM company",
    "SELECT c.name_key AS name, e.domain AS belonging FROM email e JOIN contact c ON c.id = e.contact_id",
    f"SELECT c.name_key AS name, o.name_key AS belonging {_JOBS}",
    f"SELECT c.name_key AS name, d.domain AS belonging {_JOBS} JOIN company_domain d ON d.company_id = o.id",
)


class Namesakes:
    """Contacts by name together with company or mail domain, for the records of one load.

    Of a common name a large load writes thousands, and to look at each of them again for every other would take longer
    with every row. So the database is only asked for those who were there before, and for pairs that came in this load
    before.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.first = int(store.value("SELECT coalesce(max(id), 0) + 1 AS n FROM contact"))
        self._met = BloomFilter(_PAIRS_OF_A_LOAD)

    def of(self, pairs: Sequence[Pair]) -> dict[Pair, list[Known]]:
        """The living contacts of these pairs, which are remembered."""
        found = by_name_and_belonging(self.store, pairs, below=self.first) if self.first > 1 else {}
        again = [pair for pair in dict.fromkeys(pairs) if self._met.meet((named_key(*pair),))]
        found.update(by_name_and_belonging(self.store, again))
        return found

    def remember(self, pairs: Iterable[Pair]) -> None:
        """Take note of pairs of this load whose contacts are known otherwise."""
        self._met.meet(named_key(*pair) for pair in pairs)


def by_name_and_belonging(store: Store, pairs: Iterable[Pair], *, below: int | None = None) -> dict[Pair, list[Known]]:
    """The living contacts of exactly these names in these companies or mail domains; with `below` those of lower keys.

    The database compares: of a common name there may be thousands.
    """
    belongs = (
        "EXISTS (SELECT 1 FROM email e WHERE e.contact_id = c.id AND e.domain = w.belonging)"
        " OR EXISTS (SELECT 1 FROM employment m JOIN company o ON o.id = m.company_id"
        " WHERE m.contact_id = c.id AND (o.name_key = w.belonging OR EXISTS"
        " (SELECT 1 FROM company_domain d WHERE d.company_id = o.id AND d.domain = w.belonging)))"
    )
    found: dict[Pair, list[Known]] = {}
    older = "" if below is None else f" AND c.id < {below}"
    for part in slices(list(dict.fromkeys(pairs))):
        values = ", ".join(["(CAST(? AS text), CAST(? AS text))"] * len(part))
        sql = (
            f"WITH w(name, belonging) AS (VALUES {values}) SELECT w.name, w.belonging, c.id FROM w"
            f" CROSS JOIN contact c WHERE c.name_key = w.name{older} AND c.deleted_at IS NULL AND ({belongs})"
        )
        for row in store.rows(sql, [text for pair in part for text in pair]):
            records = found.setdefault((row["name"], row["belonging"]), [])
            records.append(Known(row["id"], row["name"], False))
    return found


def seen(store: Store, digests: Sequence[str]) -> set[str]:
    """Those of these digests that were taken in before."""
    sql = "SELECT digest FROM source_record WHERE digest IN ({})"
    return {row["digest"] for part in slices(digests) for row in store.rows(sql.format(marks(part)), part)}


def _by_child(store: Store, noun: str, table: str, column: str, keys: Iterable[str]) -> dict[str, list[Known]]:
    sql = (
        f"SELECT t.{column} AS found, r.id, r.name_key, r.deleted_at FROM {table} t JOIN {noun} r"
        f" ON r.id = t.{noun}_id WHERE t.{column} IN ({{}})"
    )
    return _known(store, sql, keys)


def _known(store: Store, sql: str, keys: Iterable[str], before: Sequence[str] = ()) -> dict[str, list[Known]]:
    found: dict[str, list[Known]] = {}
    for part in slices(list(dict.fromkeys(keys))):
        for row in store.rows(sql.format(marks(part)), [*before, *part]):
            one = Known(row["id"], row["name_key"], row["deleted_at"] is not None)
            records = found.setdefault(row["found"], [])
            if one not in records:
                records.append(one)
    return found


def _kept(store: Store, noun: str, known: Known) -> Known:
    """The record that a merged one lives on in, or the record itself."""
    key = merges.kept(store, noun, known.id)
    if key is None:
        return known
    found = store.rows(f"SELECT id, name_key, deleted_at FROM {noun} WHERE id = ?", [key])[0]
    return Known(found["id"], found["name_key"], found["deleted_at"] is not None)


def name_of(store: Store, noun: str, key: int) -> str:
    """The name of a record."""
    return str(store.value(f"SELECT {NAME[noun]} FROM {noun} WHERE id = ?", [key]))
