"""A key press waits for completion, so it may not load the command line."""

import os
import subprocess
import sys

HEAVY = ("typer", "rich", "json", "click", "dataclasses", "pathlib", "typing", "crmcli.app", "crmcli.store.schema")


def test_nothing_heavy_is_imported() -> None:
    code = (
        "import sys; before = set(sys.modules); from crmcli.completion import main;"
        " main(['zsh', 'crm show a']); print(*(set(sys.modules) - before), file=sys.stderr)"
    )
    environ = {**os.environ, "CRM_DB": "/nonexistent"}
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environ, timeout=60
    )
    assert not set(HEAVY) & set(told.stderr.split())
