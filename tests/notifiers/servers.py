"""Servers on the loopback that take notices, and some that behave badly."""

import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, NamedTuple

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword


class Inbox:
    """A handler of aiosmtpd that keeps what it is given; it refuses receivers whose name begins with `no`."""

    def __init__(self) -> None:
        self.mails: list[Envelope] = []
        self.refuse = ""
        self.secured = False

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any) -> str:
        if address.startswith("no"):
            return "550 5.1.1 no such \x1b[31muser"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, session: Any, envelope: Envelope) -> str:
        if self.refuse:
            return self.refuse
        self.secured = session.ssl is not None
        self.mails.append(envelope)
        return "250 taken"


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def mail_server(inbox: Inbox, *, login: tuple[str, str] | None = None, **options: Any) -> Iterator[int]:
    """A real mail server; yields its port. With `login` only that user and password are let in."""

    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: Any, data: LoginPassword) -> AuthResult:
        right = login is not None and (data.login, data.password) == tuple(part.encode() for part in login)
        return AuthResult(success=right, handled=False)

    if login:
        options |= {"authenticator": authenticate, "auth_required": True}
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


class Certificate(NamedTuple):
    """Where a certificate for localhost and its key are."""

    certificate: str
    key: str


def certificate(folder: Path) -> Certificate:
    """A certificate that nobody trusts unless told to."""
    made = Certificate(str(folder / "certificate.pem"), str(folder / "key.pem"))
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", made.key,
         "-out", made.certificate],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return made


@contextmanager
def odd_mail_server(
    last: bytes | None, *, greeting: bytes = b"220 hello\r\n", data: bytes = b"354 go\r\n"
) -> Iterator[int]:
    """A mail server that agrees to everything up to DATA, and answers the mail with `last`, or never for None.

    An empty `last` closes the connection; an empty `data` closes it before the mail is sent.
    """
    over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as lines:
            connection.sendall(greeting)
            for line in lines:
                if not line.upper().startswith(b"DATA"):
                    connection.sendall(b"250 yes\r\n")
                    continue
                connection.sendall(data)
                if data.startswith(b"354"):
                    while next(lines) != b".\r\n":
                        pass
                    if last is None:
                        over.wait(30)
                    else:
                        connection.sendall(last)
                return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        thread.join(10)
        listener.close()


class Posted(NamedTuple):
    """A request that came."""

    path: str
    headers: dict[str, str]
    body: bytes


class Hook:
    """A web server that keeps what is posted; `status` is its answer, 0 for none, None for silence until the end."""

    def __init__(self) -> None:
        self.posted: list[Posted] = []
        self.status: int | None = 204
        self.over = threading.Event()
        self.port = 0


@contextmanager
def web_server() -> Iterator[Hook]:
    """A web server on the loopback."""
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            hook.posted.append(Posted(self.path, dict(self.headers), body))
            if hook.status is None:
                hook.over.wait(30)
            if not hook.status:
                self.close_connection = True
                return
            self.send_response(hook.status)
            if 300 <= hook.status < 400:
                self.send_header("Location", f"http://127.0.0.1:{hook.port}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST

        def log_message(self, *_args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    hook.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield hook
    finally:
        hook.over.set()
        server.shutdown()
        thread.join(10)
        server.server_close()
