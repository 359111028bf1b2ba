"""The list of erasures beside the file of a database: what a restored older copy is told of.

JSON Lines in `DATABASE.erased`, for its owner's eyes (mode 0600). A line for each person, without a name:

    {"uid": "0190…", "id": 12, "erased_at": "2026-11-20T10:00:00Z", "actor": "ada", "reason": null,
     "secrets": ["…"], "suppressed": [["email", "<digest>"], …]}
"""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from crmcli.kernel.clock import instant, stamp
from crmcli.kernel.errors import CrmError, UsageError
from crmcli.kernel.files import replacing

SUFFIX = ".erased"
MEND = "it says who must not come back: put it right, or move it away if nobody is to be kept out"
Line = Mapping[str, Any]


class Known(NamedTuple):
    """Who was erased, what must not come back: rows of `erasure` and `suppression`, and the secrets of its digests.

    A suppression names its erasure by `uid`, which is None where it belongs to none.
    """

    erasures: Sequence[Mapping[str, Any]] = ()
    suppressions: Sequence[Mapping[str, Any]] = ()
    secrets: Sequence[str] = ()


def path_of(place: str) -> Path:
    """Where the list of a database file is."""
    return Path(place + SUFFIX)


def read(path: Path) -> Known:
    """What a list says; nothing where there is none.

    Raises:
        CrmError: it cannot be read whole. Nothing is taken from it then: whoever is left out would come back.
    """
    try:
        return parse(path.read_text("utf-8").splitlines(), str(path))
    except FileNotFoundError:
        return Known()
    except (OSError, UnicodeDecodeError) as error:
        raise CrmError(f"cannot read the list of erasures {path}: {error}", MEND) from error
    except UsageError as error:
        raise CrmError(error.message, MEND) from error


def parse(lines: Iterable[str], name: str) -> Known:
    """What the lines of a list say. Raises UsageError for a line that is none."""
    erasures: list[dict[str, Any]] = []
    suppressions: list[dict[str, Any]] = []
    secrets: dict[str, None] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            row = {
                "uid": _text(entry["uid"]),
                "record_id": int(entry.get("record_id", entry["id"])),
                "erased_at": stamp(instant(_text(entry["erased_at"]))),
                "actor": _text(entry.get("actor") or "unknown"),
                "reason": _text(entry["reason"]) if entry.get("reason") else None,
            }
            digests = [(_text(kind), bytes.fromhex(one).hex()) for kind, one in entry.get("suppressed", ())]
            secrets.update(dict.fromkeys(bytes.fromhex(one).hex() for one in entry.get("secrets", ())))
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            raise UsageError(
                f"{name}:{number} is no line of a list of erasures", "crm privacy list -o jsonl"
            ) from error
        erasures.append(row)
        suppressions += [{"kind": kind, "digest": one, "uid": row["uid"]} for kind, one in digests]
    return Known(erasures, suppressions, list(secrets))


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"{value!r} is no text")
    return value


def lines(known: Known) -> list[dict[str, Any]]:
    """The entries of a list."""
    by_uid: dict[Any, list[list[str]]] = {}
    for row in known.suppressions:
        by_uid.setdefault(row["uid"], []).append([row["kind"], row["digest"]])
    return [
        {
            "uid": row["uid"],
            "id": row["record_id"],
            "erased_at": row["erased_at"],
            "actor": row["actor"],
            "reason": row["reason"],
            "secrets": list(known.secrets),
            "suppressed": by_uid.get(row["uid"], []),
        }
        for row in known.erasures
    ]


def write(path: Path, known: Known) -> None:
    """Write the list anew. Raises CrmError when it cannot be written."""
    with replacing(str(path)) as file:
        file.writelines(json.dumps(entry, separators=(",", ":")) + "\n" for entry in lines(known))


def both(one: Known, other: Known) -> Known:
    """What either says."""
    erasures = {row["uid"]: row for row in (*one.erasures, *other.erasures)}
    suppressions = {row["digest"]: row for row in (*one.suppressions, *other.suppressions)}
    return Known(
        list(erasures.values()),
        list(suppressions.values()),
        list(dict.fromkeys((*one.secrets, *other.secrets))),
    )


def renewed(before: Known, held: Known) -> Known:
    """A list brought up to what a database holds: of those whom it never knew, all that the list said stays."""
    mine = {row["uid"] for row in held.erasures}
    others = [row for row in before.suppressions if row["uid"] not in mine]
    known = both(before, held)
    return Known(known.erasures, [*held.suppressions, *others], known.secrets if others else held.secrets)


def move(draft: str, place: str) -> None:
    """Let the list that was written beside a draft be that of the place. Raises OSError."""
    with suppress(FileNotFoundError):
        os.replace(path_of(draft), path_of(place))
