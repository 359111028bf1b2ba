"""docs/data-model.md says what the tables are."""

import subprocess
import sys

from crmcli.store.schema import TABLES
from tests.docs.transcripts import ROOT


def test_it_is_fresh():
    command = [sys.executable, "docs/datamodel.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{done.stdout}to write it: python docs/datamodel.py"


def test_every_table_and_column_is_there():
    text = (ROOT / "docs" / "data-model.md").read_text("utf-8")
    for table in TABLES.values():
        assert f"### {table.name}\n" in text
        section = text.partition(f"### {table.name}\n")[2].partition("\n#")[0]
        assert [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")] == list(table.columns)
