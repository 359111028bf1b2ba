"""A webhook: the notice as signed JSON, posted to an address.

The body is `crm.notice/1`. The signature is HMAC-SHA-256 (RFC 2104) over the time stamp, a dot and the body, so that a
receiver can tell that it is ours and that nobody plays an old one again. `Idempotency-Key` is the key of the notice.
"""

import http.client
import json
import urllib.error
import urllib.request
from hashlib import sha256
from hmac import HMAC
from typing import Any
from urllib.parse import urlsplit

from crmcli.kernel.clock import instant
from crmcli.kernel.errors import UsageError
from crmcli.kernel.text import safe
from crmcli.notifiers import needs
from crmcli.notifiers.base import Notice, NotSent, Setup, Unsure

SCHEMA = "crm.notice/1"
SECONDS = 30.0
FIELDS = ("key", "kind", "title", "text", "markdown", "items", "user", "at")


def check(setup: Setup) -> None:
    """Raises UsageError when the address or the secret is not set, or not fit for use."""
    parts = urlsplit(needs.setting(setup, "webhook.url", "webhook"))
    needs.setting(setup, "webhook.secret_file", "webhook")
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            "webhook.url names a user", "the signature tells who sends; leave out what stands before the @"
        )
    if parts.scheme != "https" and not needs.is_loopback(parts.hostname or ""):
        raise UsageError(
            f"webhook.url would send to {parts.hostname} for everybody on the way to read",
            "use https://; http:// is for this machine alone",
        )
    needs.secret(setup, "webhook.secret_file")


def send(notice: Notice, setup: Setup) -> None:
    """Post the notice; an answer of 200 to 299 means that it was taken.

    Raises:
        NotSent: there was no connection, or another answer. Redirects are not followed.
        Unsure: there was no answer after it was sent.
    """
    with needs.when_sending():
        check(setup)
        secret = needs.secret(setup, "webhook.secret_file")
    url = setup.settings["webhook.url"]
    host = urlsplit(url).netloc
    data = body(notice)
    request = urllib.request.Request(url, data, headers(notice, data, secret), method="POST")
    try:
        with _opener(urlsplit(url).hostname or "").open(request, timeout=SECONDS):
            pass
    except urllib.error.HTTPError as error:
        error.close()
        raise NotSent(f"{host} answered {error.code} {safe(str(error.reason))[:100]}".rstrip()) from error
    except urllib.error.URLError as error:  # while connecting or sending: the request was not complete
        reason = getattr(error.reason, "strerror", None) or error.reason
        raise NotSent(f"{host} cannot be reached: {safe(str(reason))[:200]}") from error
    except (OSError, http.client.HTTPException) as error:
        raise Unsure(f"{host} gave no answer that can be read") from error
    except ValueError as error:
        raise NotSent(f"webhook.url is no address that can be used, at {host}") from error


def body(notice: Notice) -> bytes:
    """The notice as JSON, in ASCII."""
    values: dict[str, Any] = {"schema": SCHEMA}
    values.update((name, getattr(notice, name)) for name in FIELDS)
    return json.dumps(values, separators=(",", ":")).encode("ascii")


def headers(notice: Notice, data: bytes, secret: str) -> dict[str, str]:
    """The headers of a request with this body: its time in seconds since 1970, its signature and its key."""
    timestamp = str(int(instant(notice.at).timestamp()))
    signature = HMAC(secret.encode("utf-8"), timestamp.encode("ascii") + b"." + data, sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "User-Agent": "crmcli",
        "Idempotency-Key": notice.key,
        "X-Crm-Timestamp": timestamp,
        "X-Crm-Signature": f"sha256={signature}",
    }


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """What is meant for one address is not sent to another."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


def _opener(host: str) -> urllib.request.OpenerDirector:
    handlers: list[urllib.request.BaseHandler] = [_NoRedirects()]
    if needs.is_loopback(host):  # a proxy is on another machine
        handlers.append(urllib.request.ProxyHandler({}))
    return urllib.request.build_opener(*handlers)
