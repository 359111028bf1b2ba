"""Apprise, with its own plug-in for JSON towards a server on the loopback."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from crmcli.kernel.errors import UsageError
from crmcli.notifiers import apprise
from crmcli.notifiers.base import NotSent, Setup, Unsure
from tests.notifiers.notices import NOTICE, secret_file, surroundings
from tests.notifiers.servers import Hook, free_port, web_server


@pytest.fixture
def hook() -> Iterator[Hook]:
    with web_server() as server:
        server.status = 200
        yield server


def services(folder: Path, *urls: str, mode: int = 0o600) -> Setup:
    return surroundings({"apprise.urls_file": secret_file(folder, "\n".join(urls) + "\n", mode)})


def test_every_service_is_told(hook: Hook, tmp_path: Path) -> None:
    setup = services(tmp_path, "# ours", f"json://127.0.0.1:{hook.port}/a", "", f"json://127.0.0.1:{hook.port}/b")
    apprise.check(setup)
    apprise.send(NOTICE, setup)
    assert [request.path for request in hook.posted] == ["/a", "/b"]
    body = json.loads(hook.posted[0].body)
    assert body["title"] == NOTICE.title
    assert body["message"].rstrip() == NOTICE.text.rstrip()


def test_what_is_not_taken_is_told_by_its_line(hook: Hook, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    hook.status = 500
    with pytest.raises(NotSent) as error:
        apprise.send(NOTICE, services(tmp_path, f"json://127.0.0.1:{hook.port}/token-in-url"))
    assert str(error.value) == "Apprise could not tell line 1 of apprise.urls_file"
    assert capfd.readouterr() == ("", "")


def test_when_some_were_told_nobody_is_told_twice(hook: Hook, tmp_path: Path) -> None:
    urls = f"json://127.0.0.1:{hook.port}/a", f"json://127.0.0.1:{free_port()}/b"
    with pytest.raises(Unsure, match="line 2 .*told the others"):
        apprise.send(NOTICE, services(tmp_path, *urls))


@pytest.mark.parametrize("url", ["nowhere at all", "unknown-service://token-in-url", "# nothing else"])
def test_a_file_without_services(url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    setup = services(tmp_path, url)
    with pytest.raises(UsageError) as error:
        apprise.check(setup)
    assert "token-in-url" not in str(error.value)
    with pytest.raises(NotSent):
        apprise.send(NOTICE, setup)
    assert capfd.readouterr() == ("", "")


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="0644"):
        apprise.check(services(tmp_path, "json://127.0.0.1/", mode=0o644))
    with pytest.raises(UsageError, match="needs apprise.urls_file"):
        apprise.check(surroundings({}))
