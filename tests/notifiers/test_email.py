"""Mail, through a real server on the loopback, and through some that behave badly."""

import email
import email.policy
import shutil
import socket
import ssl
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from aiosmtpd.smtp import Envelope
from hypothesis import example, given
from hypothesis import strategies as st

from crmcli.kernel.errors import UsageError
from crmcli.notifiers import email as channel
from crmcli.notifiers.base import NotSent, Setup, Unsure
from tests.notifiers.notices import NOTICE, SECRET, script, secret_file, surroundings
from tests.notifiers.servers import Certificate, Inbox, certificate, free_port, mail_server, odd_mail_server

needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl to make a certificate with")


def setup_of(port: int, **settings: str | None) -> Setup:
    """Settings for a server here, without security; `smtp_to` stands for `smtp.to`."""
    base: dict[str, str | None] = {
        "smtp_host": "localhost",
        "smtp_port": str(port),
        "smtp_security": "none",
        "smtp_from": "Ada's CRM <crm@engines.example>",
    }
    given = {**base, **settings}
    return surroundings({name.replace("_", ".", 1): value for name, value in given.items() if value is not None})


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def context(made: Certificate) -> ssl.SSLContext:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(*made)
    return server


@pytest.fixture
def trusted(made: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", made.certificate)


def parsed(envelope: Envelope) -> EmailMessage:
    assert isinstance(envelope.content, bytes)
    message = email.message_from_bytes(envelope.content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_mail_arrives_whole() -> None:
    inbox = Inbox()
    with mail_server(inbox) as port:
        channel.send(NOTICE, setup_of(port, smtp_to="ada@engines.example"))
    (envelope,) = inbox.mails
    assert (envelope.mail_from, envelope.rcpt_tos) == ("crm@engines.example", ["ada@engines.example"])
    mail = parsed(envelope)
    assert mail["From"] == "Ada's CRM <crm@engines.example>"
    assert mail["To"] == "ada@engines.example"
    assert mail["Subject"] == NOTICE.title
    assert mail["Date"] == "Fri, 20 Nov 2026 10:00:00 +0000"
    assert mail["Message-ID"] == f"<{NOTICE.key}@engines.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    text, html = mail.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content() == NOTICE.text.replace("\n", "\r\n")  # the lone dot included
    assert html.get_content() == NOTICE.html.replace("\n", "\r\n")
    assert envelope.content.isascii()  # type: ignore[union-attr]


def test_without_html_it_is_text_alone_and_goes_to_the_sender() -> None:
    inbox = Inbox()
    with mail_server(inbox) as port:
        channel.send(NOTICE._replace(html=""), setup_of(port))
    assert inbox.mails[0].rcpt_tos == ["crm@engines.example"]
    assert parsed(inbox.mails[0]).get_content_type() == "text/plain"


def test_a_repeat_has_the_same_message_id() -> None:
    inbox = Inbox()
    with mail_server(inbox) as port:
        for at in (NOTICE.at, "2026-11-21T10:00:00Z"):
            channel.send(NOTICE._replace(at=at), setup_of(port))
    first, second = (parsed(envelope)["Message-ID"] for envelope in inbox.mails)
    assert first == second


# --- security


@needs_openssl
@pytest.mark.parametrize("security", ["starttls", None])
def test_starttls_is_the_default(context: ssl.SSLContext, trusted: None, security: str | None, tmp_path: Path) -> None:
    inbox = Inbox()
    login = ("ada@engines.example", SECRET)
    with mail_server(inbox, login=login, tls_context=context, require_starttls=True) as port:
        setup = setup_of(
            port, smtp_security=security, smtp_user=login[0], smtp_password_file=secret_file(tmp_path), smtp_from=None
        )
        channel.check(setup)
        channel.send(NOTICE, setup)
    assert inbox.secured
    assert inbox.mails[0].rcpt_tos == [login[0]]


@needs_openssl
def test_tls_from_the_begin(context: ssl.SSLContext, trusted: None) -> None:
    inbox = Inbox()
    with mail_server(inbox, ssl_context=context) as port:
        channel.send(NOTICE, setup_of(port, smtp_security="tls"))
    assert inbox.mails


@needs_openssl
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_of_nobody_is_refused(context: ssl.SSLContext, security: str) -> None:
    inbox = Inbox()
    options = {"tls_context": context} if security == "starttls" else {"ssl_context": context}
    with mail_server(inbox, **options) as port, pytest.raises(NotSent, match="certificate is not to be trusted"):
        channel.send(NOTICE, setup_of(port, smtp_security=security))
    assert not inbox.mails


@needs_openssl
def test_a_certificate_of_another_host_is_refused(context: ssl.SSLContext, trusted: None) -> None:
    with mail_server(Inbox(), tls_context=context) as port, pytest.raises(NotSent, match="certificate"):
        channel.send(NOTICE, setup_of(port, smtp_security="starttls", smtp_host="127.0.0.1"))


def test_a_server_without_starttls_gets_nothing() -> None:
    inbox = Inbox()
    with mail_server(inbox) as port, pytest.raises(NotSent, match="STARTTLS"):
        channel.send(NOTICE, setup_of(port, smtp_security="starttls"))
    assert not inbox.mails


# --- passwords


# The stand-in server is asked for a password without security, which is for one's own machine.
unsecured = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


@unsecured
def test_the_password_comes_from_a_command(tmp_path: Path) -> None:
    inbox = Inbox()
    command = script(tmp_path, f"echo {SECRET}; echo more")
    with mail_server(inbox, login=("ada", SECRET), auth_require_tls=False) as port:
        channel.send(NOTICE, setup_of(port, smtp_user="ada", smtp_password_command=command))
    assert inbox.mails


@unsecured
def test_a_wrong_password_is_never_told(tmp_path: Path) -> None:
    with mail_server(Inbox(), login=("ada", "another"), auth_require_tls=False) as port:
        setup = setup_of(port, smtp_user="ada", smtp_password_file=secret_file(tmp_path))
        with pytest.raises(NotSent, match="535") as error:
            channel.send(NOTICE, setup)
    assert SECRET not in str(error.value) + repr(error.value)


def test_a_server_that_says_the_password_after_us(tmp_path: Path) -> None:
    greeting = f"554 I know that it is {SECRET}\r\n".encode()
    with odd_mail_server(b"", greeting=greeting) as port:
        setup = setup_of(port, smtp_user="ada", smtp_password_file=secret_file(tmp_path))
        with pytest.raises(NotSent, match=r"554 I know that it is \*\*\*"):
            channel.send(NOTICE, setup)


@unsecured
def test_letters_that_smtplib_cannot_send_are_told_without_them(tmp_path: Path) -> None:
    with mail_server(Inbox(), login=("ada", "x"), auth_require_tls=False) as port:
        setup = setup_of(port, smtp_user="ada", smtp_password_file=secret_file(tmp_path, "geheim-é"))
        with pytest.raises(NotSent, match="not ASCII") as error:
            channel.send(NOTICE, setup)
    assert "geheim" not in str(error.value) and "é" not in str(error.value)


# --- what was not sent, and what nobody knows


def test_a_receiver_that_is_refused() -> None:
    with (
        mail_server(Inbox()) as port,
        pytest.raises(NotSent, match=r"refused the receiver: 550 5\.1\.1 no such") as error,
    ):
        channel.send(NOTICE, setup_of(port, smtp_to="nobody@engines.example"))
    assert str(error.value).isprintable()


@pytest.mark.parametrize("answer", ["452 4.3.1 mailbox full", "554 5.7.1 looks like spam"])
def test_a_mail_that_is_refused(answer: str) -> None:
    inbox = Inbox()
    inbox.refuse = answer
    with mail_server(inbox) as port, pytest.raises(NotSent, match=f"refused the mail: {answer}"):
        channel.send(NOTICE, setup_of(port))


def test_a_server_that_is_not_there() -> None:
    port = free_port()
    with pytest.raises(NotSent, match=f"localhost:{port}: Connection refused"):
        channel.send(NOTICE, setup_of(port))


def test_a_host_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", mock.Mock(side_effect=socket.gaierror(-2, "unknown")))
    with pytest.raises(NotSent, match="no such host"):
        channel.send(NOTICE, setup_of(25, smtp_host="nowhere.invalid"))


@pytest.mark.parametrize("data", [b"", b"421 going down\r\n", b"250 what\r\n"])
def test_a_connection_lost_before_the_mail(data: bytes) -> None:
    with odd_mail_server(b"", data=data) as port, pytest.raises(NotSent):
        channel.send(NOTICE, setup_of(port))


def test_a_server_that_says_nothing_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel, "SECONDS", 0.3)
    with odd_mail_server(b"", greeting=b"") as port, pytest.raises(NotSent, match="timed out"):
        channel.send(NOTICE, setup_of(port))


@pytest.mark.parametrize("last", [b"", b"no number\r\n", None])
def test_no_answer_after_the_mail_leaves_it_open(last: bytes | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel, "SECONDS", 0.5)
    with odd_mail_server(last) as port, pytest.raises(Unsure, match="after it got all"):
        channel.send(NOTICE, setup_of(port))


def test_an_answer_counts_though_the_connection_is_lost_then() -> None:
    with odd_mail_server(b"250 taken\r\n") as port:
        channel.send(NOTICE, setup_of(port))


# --- headers


@given(st.text(max_size=60), st.text(max_size=60))
@example("=?utf-8?q?Call=0d=0aBcc:_eve@evil.example?=", "")
@example("=?utf-8?b?Q2FsbA0KQmNjOiBldmVAZXZpbC5leGFtcGxl?= and so on", "")
def test_no_text_becomes_a_header(title: str, key: str) -> None:
    setup = setup_of(25)
    notice = NOTICE._replace(title=f"{title}\r\nBcc: eve@evil.example", key=f"{key}\r\nBcc: eve@evil.example")
    data = channel.message(notice, setup).as_bytes()
    mail = email.message_from_bytes(data, policy=email.policy.default)
    assert mail["Bcc"] is None
    assert set(mail.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"
    }  # fmt: skip


@pytest.mark.parametrize(
    "title", ["=?utf-8?q?Offer?=", "1 =?x?= 2", "字" * 119, "Zoë: " * 20 + "end", 'a, "b" <c@d>; e']
)
def test_a_subject_is_read_as_it_was_written(title: str) -> None:
    data = channel.message(NOTICE._replace(title=title), setup_of(25)).as_bytes()
    assert max(len(line) for line in data.split(b"\r\n")) <= 78
    subject = email.message_from_bytes(data, policy=email.policy.default)["Subject"]
    assert subject.replace("= ?", "=?") == title


@pytest.mark.parametrize(
    "text", ["a\r\nBcc: eve@evil.example", "ada", "ünïcode@engines.example", "a@b@c", "@", "a b@c", "<a@b", "a@b>"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        channel.check(setup_of(25, smtp_to=text))


def test_a_domain_in_any_script_is_written_in_ascii() -> None:
    mail = channel.message(NOTICE, setup_of(25, smtp_from="Zoë <zoe@bücher.example>"))
    assert mail["From"].addresses[0].addr_spec == "zoe@xn--bcher-kva.example"
    assert mail["From"].addresses[0].display_name == "Zoë"
    assert mail["Message-ID"].endswith("@xn--bcher-kva.example>")


# --- settings


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"smtp_host": None}, "needs smtp.host"),
        ({"smtp_from": None}, "needs smtp.from"),
        ({"smtp_from": None, "smtp_user": "ada"}, "needs smtp.from"),
        ({"smtp_user": "ada"}, "needs smtp.password_file"),
        ({"smtp_password_command": "pass"}, "needs smtp.user"),
        ({"smtp_user": "ada", "smtp_password_command": "pass", "smtp_password_file": "/x"}, "both smtp.password_file"),
        ({"smtp_user": "ada", "smtp_password_command": "pass", "smtp_host": "mail.engines.example"}, "on the way"),
        ({"smtp_user": "ada", "smtp_password_file": "/nowhere/at/all"}, "/nowhere/at/all"),
    ],
)
def test_what_is_missing_is_told_with_the_command_that_helps(settings: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError) as error:
        channel.check(setup_of(25, **settings))
    assert told in error.value.message
    assert error.value.hint.startswith(("crm config ", "write it there, and chmod 600"))


@pytest.mark.parametrize(
    "settings", [{"smtp_port": "many"}, {"smtp_port": "70000"}, {"smtp_port": "²"}, {"smtp_security": "some"}]
)
def test_a_file_of_settings_that_was_written_by_hand(settings: dict[str, Any]) -> None:
    name = next(iter(settings)).replace("_", ".")
    with pytest.raises(UsageError, match=f"{name} is '"):
        channel.check(setup_of(25, **settings))
    with pytest.raises(NotSent, match=f"{name} is '"):
        channel.send(NOTICE, setup_of(25, **settings))


def test_a_file_that_went_bad_meanwhile_is_a_reason(tmp_path: Path) -> None:
    path = secret_file(tmp_path, mode=0o644)
    with pytest.raises(NotSent, match=f"chmod 600 {path}"):
        channel.send(NOTICE, setup_of(25, smtp_user="ada", smtp_password_file=path))
