"""Webhooks: signed JSON, to one address and no other."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crmcli.kernel.errors import UsageError
from crmcli.notifiers import webhook
from crmcli.notifiers.base import NotSent, Setup, Unsure
from tests.house.source import ROOT
from tests.notifiers.notices import NOTICE, SECRET, secret_file, surroundings
from tests.notifiers.servers import Hook, free_port, web_server


@pytest.fixture
def hook() -> Iterator[Hook]:
    with web_server() as server:
        yield server


@pytest.fixture
def setup(hook: Hook, tmp_path: Path) -> Setup:
    return to(f"http://127.0.0.1:{hook.port}/crm?room=token-in-url", tmp_path)


def to(url: str, folder: Path) -> Setup:
    return surroundings({"webhook.url": url, "webhook.secret_file": secret_file(folder)})


def test_a_notice_arrives_signed(hook: Hook, setup: Setup) -> None:
    webhook.check(setup)
    webhook.send(NOTICE, setup)
    (request,) = hook.posted
    assert request.path == "/crm?room=token-in-url"
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["Idempotency-Key"] == NOTICE.key
    signed = request.headers["X-Crm-Timestamp"].encode() + b"." + request.body
    expected = "sha256=" + hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert request.headers["X-Crm-Signature"] == expected
    assert request.headers["X-Crm-Timestamp"] == "1795168800"  # 2026-11-20T10:00:00Z


def test_the_body_is_a_contract(hook: Hook, setup: Setup) -> None:
    webhook.send(NOTICE, setup)
    body = json.loads(hook.posted[0].body)
    assert list(body) == ["schema", "key", "kind", "title", "text", "markdown", "items", "user", "at"]
    assert body["schema"] == "crm.notice/1"
    assert body["text"] == NOTICE.text
    assert body["items"] == [dict(NOTICE.items[0])]
    assert hook.posted[0].body.isascii()


def test_the_same_notice_gives_the_same_bytes(hook: Hook, setup: Setup) -> None:
    webhook.send(NOTICE, setup)
    webhook.send(NOTICE, setup)
    first, second = hook.posted
    assert first == second


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_what_agrees_is_taken(hook: Hook, setup: Setup, status: int) -> None:
    hook.status = status
    webhook.send(NOTICE, setup)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 400, 401, 404, 410, 429, 500, 503])
def test_what_does_not_agree_was_not_sent(hook: Hook, setup: Setup, status: int) -> None:
    hook.status = status
    with pytest.raises(NotSent, match=f"127.0.0.1:{hook.port} answered {status}") as error:
        webhook.send(NOTICE, setup)
    assert len(hook.posted) == 1, "a redirect was followed"
    assert "token-in-url" not in str(error.value) and SECRET not in str(error.value)


def test_nobody_there(tmp_path: Path) -> None:
    port = free_port()
    with pytest.raises(NotSent, match=f"127.0.0.1:{port} cannot be reached: Connection refused") as error:
        webhook.send(NOTICE, to(f"http://127.0.0.1:{port}/token-in-url", tmp_path))
    assert "token-in-url" not in str(error.value)


def test_no_answer_leaves_it_open(hook: Hook, setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    hook.status = 0
    with pytest.raises(Unsure, match="no answer"):
        webhook.send(NOTICE, setup)
    hook.status = None
    monkeypatch.setattr(webhook, "SECONDS", 0.3)
    with pytest.raises(Unsure, match="no answer"):
        webhook.send(NOTICE, setup)


def test_a_proxy_is_not_told_what_is_for_this_machine(
    hook: Hook, setup: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    webhook.send(NOTICE, setup)
    assert hook.posted


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/x", "http://localhost:80/", "http://[::1]:8080/x", "https://a.example/"]
)
def test_addresses_that_are_fit(url: str, tmp_path: Path) -> None:
    webhook.check(to(url, tmp_path))


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://hooks.engines.example/x", "for everybody on the way"),
        ("http://127.0.0.1.evil.example/x", "for everybody on the way"),
        ("https://ada:word@hooks.engines.example/", "names a user"),
    ],
)
def test_addresses_that_are_not_fit(url: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        webhook.check(to(url, tmp_path))
    assert told in error.value.message
    assert "word" not in str(error.value)
    with pytest.raises(NotSent):
        webhook.send(NOTICE, to(url, tmp_path))


@pytest.mark.parametrize("missing", ["webhook.url", "webhook.secret_file"])
def test_both_settings_are_needed(setup: Setup, missing: str) -> None:
    rest = {name: value for name, value in setup.settings.items() if name != missing}
    with pytest.raises(UsageError, match=f"needs {missing}") as error:
        webhook.check(surroundings(rest))
    assert error.value.hint.startswith(f"crm config set {missing} ")


def test_a_secret_that_others_can_read_is_refused(setup: Setup, tmp_path: Path) -> None:
    secret_file(tmp_path, mode=0o640)
    with pytest.raises(UsageError, match="0640"):
        webhook.check(setup)


def test_the_receiver_of_the_guide_verifies(hook: Hook, setup: Setup) -> None:
    guide = (ROOT / "docs" / "howto" / "reminder-channels.md").read_text("utf-8")
    (block,) = re.findall("(?s)```python\n(.*?)```", guide)
    names: dict[str, Any] = {}
    exec(block, names)
    webhook.send(NOTICE, setup)
    verified, (request,) = names["verified"], hook.posted
    moment = 1_795_168_800
    assert verified(SECRET, request.headers, request.body, moment + 200)
    assert not verified(SECRET, request.headers, request.body, moment + 301), "an old one, played again"
    assert not verified(SECRET, request.headers, request.body + b" ", moment)
    assert not verified("another", request.headers, request.body, moment)


def test_the_guide_shows_the_fields_that_are_sent() -> None:
    guide = (ROOT / "docs" / "howto" / "reminder-channels.md").read_text("utf-8")
    (shown,) = re.findall("(?s)```json\n(.*?)```", guide)
    assert list(json.loads(shown)) == list(json.loads(webhook.body(NOTICE)))
