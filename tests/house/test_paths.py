"""The two lines that replace platformdirs on Linux say what it says."""

import sys
from pathlib import Path

import platformdirs
import pytest

from crmcli.kernel import paths

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere platformdirs itself is asked")


@pytest.mark.parametrize("kind", ["data", "config", "cache"])
@pytest.mark.parametrize("named", ["", "/srv/somewhere", "  "])
def test_folders_are_those_of_platformdirs(
    kind: str, named: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    variable = f"XDG_{kind.upper()}_HOME"
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv(variable, named)
    expected = getattr(platformdirs, f"user_{kind}_path")(paths.APP, appauthor=False)
    assert paths.folder(kind, {"HOME": str(tmp_path), variable: named}) == expected
