"""Mail through a server of one's own: SMTP (RFC 5321), as text and as HTML (RFC 2046).

The `Message-ID` follows from the key of the notice, so that a receiver can drop a repeat. Until the last line of the
mail is on its way, the server cannot have taken it; after that only its answer tells.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from crmcli.kernel.clock import instant
from crmcli.kernel.errors import UsageError
from crmcli.kernel.text import safe
from crmcli.notifiers import needs
from crmcli.notifiers.base import Notice, NotSent, Setup, Unsure

SECONDS = 30.0
PORTS = {"starttls": 587, "tls": 465, "none": 25}
PASSWORDS = ("smtp.password_file", "smtp.password_command")
# RFC 5321, 4.1.3: an address for those who have no name; our own name is nobody's business.
OURSELVES = "[127.0.0.1]"
GO_AHEAD = 354
NAMED = re.compile("(?P<shown>[^<>]*)<(?P<address>[^<>]*)>")
# RFC 5322, 3.2.3: what needs no quotes.
LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+")
DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
LONGEST_REASON = 200


def check(setup: Setup) -> None:
    """Raises UsageError when a setting is missing, or does not fit the others."""
    needs.setting(setup, "smtp.host", "email")
    host, _ = _place(setup)
    if not setup.settings.get("smtp.from") and "@" not in setup.settings.get("smtp.user", ""):
        raise needs.missing("smtp.from", "email")
    for name in ("smtp.from", "smtp.to"):
        if setup.settings.get(name):
            _address(setup.settings[name], name)
    given = [name for name in PASSWORDS if setup.settings.get(name)]
    if len(given) > 1:
        raise UsageError(f"both {' and '.join(given)} are set", f"crm config unset {given[0]}")
    if given and not setup.settings.get("smtp.user"):
        raise needs.missing("smtp.user", "email")
    if setup.settings.get("smtp.user") and not given:
        raise needs.missing(PASSWORDS[0], "email")
    if given and _security(setup) == "none" and not needs.is_loopback(host):
        raise UsageError(
            f"the password would go to {host} for everybody on the way to read", "crm config set smtp.security starttls"
        )
    if PASSWORDS[0] in given:
        needs.secret(setup, PASSWORDS[0])


def send(notice: Notice, setup: Setup) -> None:
    """Hand the notice to the mail server.

    Raises:
        NotSent: the server was not reached, or refused it.
        Unsure: the connection was lost after all was sent and before the server answered.
    """
    with needs.when_sending():
        check(setup)
        password = _password(setup)
        mail = message(notice, setup)
    try:
        with _session(setup, password) as server:
            _deliver(server, mail)
    except (NotSent, Unsure) as error:
        raise type(error)(_without(str(error), password)) from None
    except (OSError, ValueError) as error:  # what smtplib raises is an OSError
        host, port = _place(setup)
        raise NotSent(_without(f"{host}:{port}: {_reason(error)}", password)) from None


def message(notice: Notice, setup: Setup) -> EmailMessage:
    """The mail. Raises UsageError when an address is not fit for use."""
    sender = _address(setup.settings.get("smtp.from") or setup.settings["smtp.user"], "smtp.from")
    receiver = _address(setup.settings["smtp.to"], "smtp.to") if setup.settings.get("smtp.to") else sender
    mail = EmailMessage(SMTP)
    mail["From"] = sender
    mail["To"] = receiver
    mail["Subject"] = _phrase(notice.title)
    mail["Date"] = format_datetime(instant(notice.at))
    mail["Message-ID"] = f"<{re.sub('[^a-z0-9]', '', notice.key)}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence is to answer
    mail.set_content(notice.text, cte="quoted-printable")
    if notice.html:
        mail.add_alternative(notice.html, subtype="html", cte="quoted-printable")
    return mail


def _phrase(text: str) -> str:
    """A text that a header can hold as it is. What looks like an encoded word (RFC 2047, 2) would be decoded, line ends
    and all, and so could begin a header of its own."""
    return safe(text).replace("=?", "= ?")


def _address(text: str, name: str) -> Address:
    """An address as a header holds it. Raises UsageError for one that not every mail server takes."""
    named = NAMED.fullmatch(text)
    local, _, domain = (named["address"] if named else text).rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
        if LOCAL.fullmatch(local) and DOMAIN.fullmatch(domain):
            return Address(_phrase(named["shown"].strip(' "')) if named else "", local, domain)
    except ValueError:  # no name of a host in any script
        pass
    raise UsageError(
        f"{name} is '{safe(text)}', which cannot be mailed to", f"crm config set {name} ada@engines.example"
    )


def _security(setup: Setup) -> str:
    found = setup.settings.get("smtp.security") or "starttls"
    if found not in PORTS:
        raise UsageError(f"smtp.security is '{safe(found)}'", f"use one of: {', '.join(PORTS)}")
    return found


def _password(setup: Setup) -> str:
    if setup.settings.get(PASSWORDS[0]):
        return needs.secret(setup, PASSWORDS[0])
    return needs.printed_secret(setup, PASSWORDS[1]) if setup.settings.get(PASSWORDS[1]) else ""


# --- talking to the server


def _place(setup: Setup) -> tuple[str, int]:
    usual = PORTS[_security(setup)]
    port = setup.settings.get("smtp.port") or str(usual)
    if not (port.isascii() and port.isdigit() and int(port[:6]) < 65_536):
        raise UsageError(f"smtp.port is '{safe(port)}'", "a number, for mail 587, 465 or 25")
    return setup.settings["smtp.host"], int(port)


@contextmanager
def _session(setup: Setup, password: str) -> Iterator[smtplib.SMTP]:
    """A server that is secured as the settings say, and that we have logged in to where they say so."""
    security = _security(setup)
    context = ssl.create_default_context() if security != "none" else None
    host, port = _place(setup)
    if security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, OURSELVES, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, port, OURSELVES, timeout=SECONDS)
    try:
        if security == "starttls":
            server.starttls(context=context)
        if password:
            server.login(setup.settings["smtp.user"], password)
        yield server
        with suppress(OSError):  # it has taken the mail already
            server.quit()
    finally:
        server.close()


def _deliver(server: smtplib.SMTP, mail: EmailMessage) -> None:
    server.ehlo_or_helo_if_needed()
    sender, receiver = (mail[name].addresses[0].addr_spec for name in ("From", "To"))
    _expect(server.mail(sender), "the sender")
    _expect(server.rcpt(receiver), "the receiver")
    _expect(server.docmd("DATA"), "mail", GO_AHEAD)
    # A dot at the begin of a line is doubled; one alone ends the mail (RFC 5321, 4.5.2).
    server.send(re.sub(rb"(?m)^\.", b"..", mail.as_bytes()))
    try:
        server.send(b".\r\n")
        code, answer = server.getreply()
    except (OSError, ValueError) as error:
        raise Unsure(f"the mail server gave no answer after it got all: {_reason(error)}") from error
    if code < 0:
        raise Unsure("the mail server gave an answer that cannot be read after it got all")
    _expect((code, answer), "the mail")


def _expect(reply: tuple[int, bytes], what: str, code: int = 0) -> None:
    """Raises NotSent unless the reply is this code, or any of those that agree."""
    if reply[0] != code if code else not 200 <= reply[0] < 300:
        raise NotSent(f"the mail server refused {what}: {reply[0]} {_words(reply[1])}")


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_words(error.smtp_error)}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not to be trusted: {error.verify_message}"
    if isinstance(error, UnicodeEncodeError):  # its text would tell of the password
        return "user name or password have letters that are not ASCII"
    if isinstance(error, socket.gaierror):
        return "there is no such host"
    return _words(getattr(error, "strerror", None) or str(error) or type(error).__name__)


def _words(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return safe(" ".join(text.split()))[:LONGEST_REASON]


def _without(text: str, password: str) -> str:
    """A text without the password, which a server might say after us."""
    return text.replace(password, "***") if password else text
