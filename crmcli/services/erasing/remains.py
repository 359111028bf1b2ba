"""What of an erased person's words is left in the file, and where; and the copies that still have it all."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from crmcli.kernel import filesearch
from crmcli.kernel.ids import PREFIXES, noun_of, ref
from crmcli.services.erasing.files import named
from crmcli.services.erasing.words import Eraser, Words
from crmcli.store import erasing, erasing_files, mentions
from crmcli.store.mentions import Place
from crmcli.store.store import Store

# A name of one word that is shorter stands in other words, too: it is looked for in the tables alone.
SHORTEST_NAME = 8
# So many texts are looked for in the tables of PostgreSQL, whose files are its own.
MOST_TEXTS = 200
UNUSED = "the file's unused pages"


class Remains(NamedTuple):
    """What was looked for, and what is left: each with the places where it is.

    `others` counts sentences that stand in what others wrote or hold: they are not the person's alone; `unsearched`
    attached files that cannot be looked into.
    """

    searched: int
    left: list[dict[str, Any]]
    others: int
    unsearched: int


def remains(store: Store, files: Sequence[Path], words: Words) -> Remains:
    """Look for a person's words, in the bytes of these files, or without any in the tables.

    What the bytes of a file do not show is looked into apart: the words of the search, and what was attached.
    """
    names = words.forms()
    raw = {form: name for form, name in names.items() if _is_telling(form)}
    texts = [text for text in words.texts if text not in names]
    if files:
        most = min(filesearch.affordable(file) for file in files)
        texts = texts[: max(0, most - len(raw))]
        hits = {hit for file in files for hit in filesearch.texts_in(file, [*raw, *texts])}
        told = mentions.places(store, sorted({*hits, *(names.keys() - raw.keys())}), parts=texts)
    else:
        texts = texts[:MOST_TEXTS]
        told = mentions.places(store, sorted({*names, *texts}), parts=texts)
        hits = set(told.places)
    places, within = told
    left: dict[str, list[str]] = {}
    for form, name in names.items():
        # What stands in longer words of others is not the person's.
        if places.get(form) or (form in hits and form not in within):
            where = [_told(place) for place in _telling(places.get(form, ()))] or [UNUSED]
            left[name] = list(dict.fromkeys([*left.get(name, ()), *where]))
    others = [text for text in texts if text in hits and places.get(text)]
    for text in texts:
        if text in hits and not places.get(text):
            left[text] = [UNUSED]
    for word in erasing.words_left(store.connection, words.spelt):
        left.setdefault(word, []).append("the search index")
    attached, closed = named(store, Eraser(words))
    for value, digests in attached.items():
        left.setdefault(value, []).extend(place for digest in digests for place in _attached(store, digest))
    found = [{"value": name, "places": where} for name, where in left.items()]
    searched = len({*words.identifiers, *words.spelt}) + len(texts)
    return Remains(searched, found, len(others), len(closed))


def _attached(store: Store, digest: str) -> list[str]:
    """Where a file is attached, in words."""
    rows = erasing_files.having(store, digest, ())
    return [f"the attached file '{row['name']}' of {ref('interaction', row['interaction_id'])}" for row in rows] or [
        "an attached file in the journal"
    ]


def _is_telling(name: str) -> bool:
    return len(name) >= SHORTEST_NAME or (len(name) > 2 and not name.isascii())


def _telling(places: Sequence[Place]) -> list[Place]:
    """The places that say something new: journal and search of a record follow from the record itself."""
    apart = (mentions.JOURNAL, *mentions.INDEX)
    records = {place.record for place in places if place.table not in apart}
    return [place for place in places if place.table not in apart or place.record not in records]


def _told(place: Place) -> str:
    """A place in words: `notes of co3`, `the journal of c7`."""
    noun = place.record and noun_of(place.record[0])
    of = f" of {ref(noun, place.record[1])}" if place.record and noun in PREFIXES else ""
    if place.table == mentions.JOURNAL:
        return f"the journal{of}"
    if place.table in mentions.INDEX:
        return f"the search index{of}"
    what = place.column if place.record and place.table == place.record[0] else place.table
    return f"{what.replace('_', ' ')}{of}"


def copies(place: Path, folders: Sequence[Path], uids: Sequence[str], last: Path | None = None) -> list[str]:
    """The files beside a database, in its folders of backups, and the last backup, that still hold one of these people.

    Args:
        place: the database.
        folders: where its backups are made.
        uids: of the people.
        last: its last backup, wherever that was made to.
    """
    beside = sorted(place.parent.glob(f"{_escaped(place.name)}.before-*"))
    inside = [file for folder in folders if folder.is_dir() for file in sorted(folder.rglob("*")) if file.is_file()]
    found = []
    elsewhere = [last] if last is not None and last.is_file() else []
    for file in dict.fromkeys([*beside, *inside, *elsewhere]):
        try:
            if file != place and filesearch.texts_in(file, uids):
                found.append(str(file))
        except OSError:  # what cannot be read cannot be told of
            found.append(f"{file} (cannot be read)")
    return found


def _escaped(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
