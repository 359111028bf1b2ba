"""Write docs/data-model.md from the tables of crmcli.model: `python docs/datamodel.py [--check]`.

With `--check` nothing is written; the exit status is 1 when the file is stale.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sqlmodel import SQLModel  # noqa: E402 - from a checkout, without installing

from crmcli.kernel.ids import PREFIXES  # noqa: E402
from crmcli.model import tables  # noqa: E402
from crmcli.store.description import Column  # noqa: E402
from crmcli.store.schema import TABLES  # noqa: E402

TARGET = ROOT / "docs" / "data-model.md"

INTRODUCTION = """# The data model

Made from the program by `python docs/datamodel.py`. The tables are defined in `crmcli/model/`; SQLite and PostgreSQL
have the same ones.

- **Ids.** Every table has a number of its own as `id`, never used again. People see it with a prefix, which says
  what it is: {prefixes}. Records that travel also have a `uid` (UUIDv7).
- **Time** is text in UTC, `2026-11-21T14:00:00Z`, in both databases. Where the local hour matters, the IANA zone stands
  beside it.
- **Deleting** a record sets `deleted_at`; it can be restored.
- **Children** such as e-mail addresses and tags belong to a contact or to a company: one of `contact_id` and
  `company_id` is set, never both.
- **Derived** columns are kept by the program: folded names for look-up and sorting, the time of the last contact.
- **Writing** past the program leaves the journal and the search index behind. Read as you like, with SQL or with
  `crmcli.api` ([Scripts and pipes](howto/scripts-and-pipes.md)); write with commands or the API.
"""

GROUPS = {
    "Customers": ("contact", "company", "employment", "company_domain"),
    "How to reach them": ("email", "phone", "address", "url", "consent"),
    "Words of your own": ("tag", "tagging", "custom_field", "custom_value", "preference", "external_id"),
    "What happened and what was promised": ("interaction", "participant", "message", "followup", "cadence"),
    "Deals": ("pipeline", "stage", "deal", "deal_contact", "deal_line", "deal_stage"),
    "Products and orders": ("product", "price", "exchange_rate", "sales_order", "order_line", "payment"),
    "Cases": ("support_case", "case_status"),
    "Plans": ("goal", "forecast"),
    "Who was reminded of what": ("reminder", "reminder_state"),
    "What came with it": ("attachment", "attachment_content"),
    "Where it came from": ("import_run", "import_map", "source_record", "extra_property"),
    "Privacy": ("erasure", "suppression"),
    "Duplicates": ("merged_record", "distinct_pair"),
    "The team and the journal": ("user_account", "operation", "change", "meta", "upkeep"),
    "Search": ("search_name", "search_text", "search_word"),
}

KINDS = {
    "key": "number",
    "ref": "number",
    "integer": "number",
    "bool": "0 or 1",
    "long": "text",
    "text": "text",
    "enum": "one of",
    "time": "time",
    "birth": "date",
    "language": "BCP 47",
    "timezone": "IANA zone",
    "currency": "ISO 4217",
    "country": "ISO 3166",
    "uid": "UUIDv7",
    "digest": "hexadecimal",
    "json": "JSON",
    "day": "date",
    "email": "address",
    "real": "number",
    "money": "minor units",
    "percent": "0 to 100",
}


def page() -> str:
    """The whole text of docs/data-model.md."""
    models = {str(model.__tablename__): model for model in _models()}
    listed = [name for names in GROUPS.values() for name in names]
    if sorted(listed) != sorted(TABLES):
        raise SystemExit(f"docs/datamodel.py: put these into GROUPS: {set(TABLES) ^ set(listed)}")
    nouns = {"user": "user_account"}
    prefixes = ", ".join(f"`{prefix}` {noun}" for noun, prefix in PREFIXES.items() if nouns.get(noun, noun) in TABLES)
    lines = [INTRODUCTION.format(prefixes=prefixes)]
    for title, names in GROUPS.items():
        lines += [f"## {title}", ""]
        for name in names:
            lines += [f"### {name}", "", _text(models[name].__doc__), "", "| column | | |", "|---|---|---|"]
            lines += [_row(column) for column in TABLES[name].columns.values()]
            lines.append("")
    return "\n".join(lines)


def _models() -> Iterator[type[SQLModel]]:
    for name in tables.__all__:
        model = getattr(tables, name)
        if isinstance(model, type):
            yield model


def _text(docstring: str | None) -> str:
    return "\n\n".join(" ".join(part.split()) for part in (docstring or "").strip().split("\n\n"))


def _row(column: Column) -> str:
    kind = KINDS.get(column.kind, column.kind)
    if column.to:
        kind = f"[{column.to}](#{column.to})"
    if column.values:
        kind = ", ".join(column.values)
    marks = [mark for mark, holds in (("required", column.required), ("derived", column.derived)) if holds]
    return f"| `{column.name}` | {kind}{' · ' * bool(marks)}{' · '.join(marks)} | {column.help} |"


def main(options: Sequence[str]) -> int:
    """Write the page, or with `--check` tell whether it is stale; returns the exit status."""
    text = page()
    stale = not TARGET.exists() or TARGET.read_text("utf-8") != text
    if stale and "--check" not in options:
        TARGET.write_text(text, "utf-8")
    if stale:
        print(f"{'stale' if '--check' in options else 'written'}: {TARGET.relative_to(ROOT)}")
    return int(stale and "--check" in options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
