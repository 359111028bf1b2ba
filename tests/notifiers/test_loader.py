"""Every channel is a module that can be checked and can send."""

import builtins
import sys
from pathlib import Path
from typing import Any

import pytest

from crmcli.kernel.errors import UsageError
from crmcli.notifiers import base, loader

HERE = Path(loader.__file__).parent
SHARED = {"__init__", "base", "loader", "needs", "processes"}


@pytest.mark.parametrize("name", loader.CHANNELS)
def test_a_channel_offers_two_functions(name: str) -> None:
    notifier = loader.load(name)
    assert callable(notifier.check) and callable(notifier.send)
    assert notifier.__doc__


def test_every_file_is_a_channel() -> None:
    assert {path.stem for path in HERE.glob("*.py")} - SHARED == set(loader.CHANNELS.values())


def test_a_missing_extra_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "apprise":
            raise ModuleNotFoundError("No module named 'apprise'", name="apprise")
        return real(name, *args, **kwargs)

    monkeypatch.delitem(sys.modules, "crmcli.notifiers.apprise", raising=False)
    monkeypatch.delitem(sys.modules, "apprise", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UsageError) as error:
        loader.load("apprise")
    assert error.value.hint == "pip install 'crmcli[apprise]'"


def test_what_is_told_can_be_told_again_word_for_word() -> None:
    assert base.Notice._fields == ("key", "kind", "title", "text", "markdown", "html", "items", "user", "at")
