"""Rows 1–5: the server is not reached. A distinct plain message each; TLS is never bypassed."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.adapters.providers.limits import Limits
from app.adapters.providers.trust import described, trust
from app.bootstrap import open_services
from app.domain.connection import Connection
from app.domain.errors import CounterpartError, InputError
from app.domain.money import Certainty
from app.services.container import Services
from tests.fakes.certificates import Authority, self_signed
from tests.fakes.fault_server import FaultServer, Reply
from tests.fakes.speech import SPEECH, Speech
from tests.faults.table import ALL, CANARY, COMPLETE, FAILED, Desk, Row, desk, refusing

OPENAI = SPEECH["openai-chat"]
TWICE_MORE = {"tries": 3, "slept": (0.5, 1.0)}


def at(speech: Speech, root: str) -> str:
    return f"{root}/v1" if speech.dialect.startswith("openai") else root


@pytest.mark.parametrize("speech", ALL, ids=str)
def test_01_refused(tmp_path: Path, speech: Speech) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with desk(tmp_path, speech, base_url=at(speech, f"http://127.0.0.1:{port}")) as tried:
        tried.ask()
        row = Row(1, "refused", FAILED, "refused_connection", tries=3, slept=(0.5, 1.0))
        answer = tried.holds(row)
        assert "refused the connection" in str(answer.problem)


@pytest.mark.parametrize("speech", ALL, ids=str)
def test_02_dns(tmp_path: Path, speech: Speech, monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo

    def resolve(host: object, *rest: object, **more: object) -> object:
        if "no-such-vendor" in str(host):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *rest, **more)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    where = at(speech, "https://no-such-vendor.invalid")
    with desk(tmp_path, speech, base_url=where, vendor="") as tried:
        tried.ask()
        row = Row(2, "dns", FAILED, "unknown_host", tries=3, slept=(0.5, 1.0))
        assert "no-such-vendor.invalid could not be found" in str(tried.holds(row).problem)


@pytest.mark.parametrize("speech", ALL, ids=str)
def test_03_connect_timeout(tmp_path: Path, speech: Speech) -> None:
    with full_queue() as port, desk(
        tmp_path, speech, base_url=at(speech, f"http://127.0.0.1:{port}"),
        limits=Limits(connect_s=0.2),
    ) as tried:  # fmt: skip
        tried.ask()
        row = Row(3, "connect-timeout", FAILED, "connect_timeout", tries=3, slept=(0.5, 1.0))
        assert "within 0.2 seconds" in str(tried.holds(row).problem)


@contextmanager
def full_queue() -> Iterator[int]:
    """Listen, take nobody, and let the queue fill up: whoever comes now waits for ever."""
    full = socket.create_server(("127.0.0.1", 0), backlog=0)
    waiting = [full]
    try:
        for _ in range(4):
            knock = socket.socket()
            knock.setblocking(False)
            knock.connect_ex(full.getsockname())
            waiting.append(knock)
        yield full.getsockname()[1]
    finally:
        for each in waiting:
            each.close()


# 4: certificates


def offered(folder: Path, how: str, firm: Authority) -> ssl.SSLContext:
    match how:
        case "self-signed":
            return self_signed(folder)
        case "expired":
            return firm.context(days=-1)
        case "wrong-host":
            return firm.context(name="api.other.example")
        case _:
            return firm.context()


CERTIFICATES = {
    "self-signed": "is not trusted by this computer",
    "unknown-root": "is not trusted by this computer",
    "expired": "is not valid today",
    "wrong-host": "belongs to another address",
}


@pytest.mark.parametrize("speech", ALL, ids=str)
@pytest.mark.parametrize(("how", "words"), CERTIFICATES.items())
def test_04_certificate(tmp_path: Path, speech: Speech, how: str, words: str) -> None:
    firm = Authority.made(tmp_path)
    trusted = Connection(ca_file="" if how == "unknown-root" else str(firm.file))
    with FaultServer(tls=offered(tmp_path, how, firm)) as server:
        server.default = speech.reply(speech.whole("never sent"))
        with desk(tmp_path, speech, server=server, connection=trusted) as tried:
            tried.ask()
            answer = tried.holds(Row(4, how, FAILED, "bad_certificate"))
            assert words in str(answer.problem)
            assert "Nothing was sent" in str(answer.problem)
        assert server.requests == []


@pytest.mark.parametrize("speech", ALL, ids=str)
def test_04_no_tls_behind_https(tmp_path: Path, speech: Speech) -> None:
    with socket.create_server(("127.0.0.1", 0)) as plain:
        received: list[bytes] = []

        def greet() -> None:
            connection, _ = plain.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                received.append(connection.recv(65_536))

        greeter = threading.Thread(target=greet)
        greeter.start()
        where = at(speech, f"https://127.0.0.1:{plain.getsockname()[1]}")
        with desk(tmp_path, speech, base_url=where) as tried:
            tried.ask()
            tried.holds(Row(4, "no-tls", FAILED, "bad_certificate"))
        greeter.join(10)
    assert b"canary" not in b"".join(received)


@pytest.mark.parametrize("how", ["settings", "SSL_CERT_FILE"])
@pytest.mark.parametrize("speech", ALL, ids=str)
def test_04_a_firms_own_certificate_can_be_added(
    tmp_path: Path, speech: Speech, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm = Authority.made(tmp_path)
    if how != "settings":
        monkeypatch.setenv(how, str(firm.file))
    connection = Connection(ca_file=str(firm.file) if how == "settings" else "")
    with FaultServer(tls=firm.context()) as server:
        server.default = speech.reply(speech.whole("Hello"))
        with desk(tmp_path, speech, server=server, connection=connection) as tried:
            tried.ask()
            tried.holds(Row(4, "added", COMPLETE, cost=Certainty.MEASURED, text="Hello"))


def test_04_a_certificate_added_while_the_program_runs_is_trusted_at_once(tmp_path: Path) -> None:
    firm = Authority.made(tmp_path)
    in_force = [Connection()]
    kinds: list[str] = []

    async def fail_and_add(tried: Desk, services: Services) -> None:
        answer = await services.models.test((await services.models.pair()).cheap)
        kinds.append(answer.problem.kind if answer.problem else "")
        in_force[0] = Connection(ca_file=str(firm.file))

    with FaultServer(tls=firm.context()) as server:
        server.default = OPENAI.reply(OPENAI.whole("Hello"))
        with desk(
            tmp_path, OPENAI, server=server, connection=lambda: in_force[0]
        ) as tried:  # fmt: skip
            tried.before_asking = fail_and_add
            tried.ask()
            assert kinds == ["bad_certificate"]
            tried.holds(Row(4, "added-later", COMPLETE, cost=Certainty.MEASURED, text="Hello"))


def test_04_refreshing_prices_trusts_the_same_certificates(tmp_path: Path) -> None:
    firm = Authority.made(tmp_path)
    asked: list[int] = []

    async def scene(server: FaultServer) -> None:
        services = open_services(tmp_path / "data")
        for ca_file in ("", str(firm.file)):
            await services.connections.save(Connection(ca_file=ca_file))
            with pytest.raises(CounterpartError):  # what comes is no file of prices
                await services.pricing.refresh(f"{server.url}/data.json")
            asked.append(len(server.requests))
        await services.close()

    with FaultServer(tls=firm.context()) as server:
        server.default = Reply.error(200, {"no": "prices"})
        asyncio.run(scene(server))
    assert asked == [0, 1], "nothing is asked of a server that is not trusted"


def test_04_what_is_added_takes_nothing_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OpenSSL by itself would put SSL_CERT_FILE in the place of the system's whole store."""
    system = Authority.made(tmp_path, "System Root")
    monkeypatch.setattr("app.adapters.providers.trust._BUNDLES", (str(system.file),))
    monkeypatch.setattr("ssl.get_default_verify_paths", lambda: _Paths(tmp_path))
    firm = Authority.made(tmp_path, "Firm Root")
    context = trust("", {"SSL_CERT_FILE": str(firm.file)})
    named = {
        dict(part[0] for part in each["subject"])["commonName"]
        for each in context._ctx.get_ca_certs()  # type: ignore[attr-defined]  # truststore wraps it
    }
    assert {"System Root", "Firm Root"} <= named


class _Paths:
    """What OpenSSL was built for, on a system that keeps its store elsewhere."""

    def __init__(self, folder: Path) -> None:
        self.cafile = self.openssl_cafile = str(folder / "none.pem")
        self.capath = self.openssl_capath = str(folder / "none")


@pytest.mark.parametrize("chosen", [True, False])
def test_04_a_file_that_is_gone_is_told_and_nothing_is_sent(
    tmp_path: Path, chosen: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm, gone = Authority.made(tmp_path), str(tmp_path / "gone.pem")
    if not chosen:
        monkeypatch.setenv("SSL_CERT_FILE", gone)
    connection = Connection(ca_file=gone if chosen else "")
    with FaultServer(tls=firm.context()) as server:
        with desk(tmp_path, OPENAI, server=server, connection=connection) as tried:
            tried.ask()
            told = str(tried.holds(Row(4, "file-gone", FAILED, "trust_file")).problem)
        assert ("chosen in Settings" if chosen else "SSL_CERT_FILE") in told
        assert server.requests == []


def test_04_nothing_switches_the_check_off(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONHTTPSVERIFY", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_NO_VERIFY"):
        monkeypatch.setenv(name, "0")
    context = trust("")
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    for source in Path("app").rglob("*.py"):
        text = source.read_text(encoding="utf-8")
        for switch in ("CERT_NONE", "check_hostname = False", "verify=False", "_unverified"):
            assert switch not in text, source


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no certificate in PEM form"),
        (b"\x30\x82\x01\x0a" * 40, "no certificate in PEM form"),
        (b"-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n", "private key"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "cannot be read"),
        (None, "cannot be read"),
    ],
)
def test_04_a_file_that_is_no_certificate_is_refused_in_words(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=words) as caught:
        described(str(path))
    assert caught.value.problem.next_step
    assert described(str(Authority.made(tmp_path).file)) == "1 certificate: Kanari Root CA"


# 5: the proxy


@pytest.mark.parametrize("speech", ALL, ids=str)
@pytest.mark.parametrize(
    ("status", "words"), [(407, "wants a sign-in"), (403, "did not let the connection")]
)
def test_05_proxy(
    tmp_path: Path, speech: Speech, status: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FaultServer() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        proxy.default = refusing(status, "<html>sign in</html>")
        with desk(tmp_path, speech, base_url=at(speech, "https://api.example.com")) as tried:
            tried.ask()
            assert words in str(tried.holds(Row(5, "proxy", FAILED, "proxy")).problem)
        (request,) = proxy.requests
        assert request.method == "CONNECT"
        assert request.body == b""
        assert not {"authorization", "x-api-key", "x-goog-api-key"} & set(request.headers)


def test_05_a_proxys_own_sign_in_is_sent_to_it_and_shown_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FaultServer() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("://", f"://clerk:{CANARY}@"))
        proxy.default = refusing(407, "<html>no</html>")
        with desk(tmp_path, OPENAI, base_url="https://api.example.com/v1") as tried:
            tried.ask()
            tried.holds(Row(5, "sign-in", FAILED, "proxy"))
        assert proxy.requests[0].headers["proxy-authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    ("address", "words"),
    [("http://127.0.0.1:9", "does not answer"), ("socks5://127.0.0.1:9", "of a kind that")],
)
def test_05_a_proxy_that_is_none(
    tmp_path: Path, address: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", address)
    with desk(tmp_path, OPENAI, base_url="https://api.example.com/v1") as tried:
        tried.ask()
        assert words in str(tried.holds(Row(5, "no-proxy", FAILED, "proxy")).problem)


def test_05_a_model_on_this_computer_is_never_asked_through_a_proxy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with desk(tmp_path, OPENAI) as tried:
        tried.server.default = Reply.stream(OPENAI.whole("a"))
        tried.ask()
        tried.holds(Row(5, "loopback", COMPLETE, cost=Certainty.MEASURED, text="a"))


# Before any of it


def test_a_key_is_never_sent_in_the_clear_to_another_machine(tmp_path: Path) -> None:
    with desk(tmp_path, OPENAI, base_url="http://192.0.2.1/v1") as tried:
        tried.ask()
        tried.holds(Row(4, "in-the-clear", FAILED, "insecure_address", tries=0))


@pytest.mark.parametrize("base_url", ["", "ftp://x/v1", "https://", "https://x:port/v1", "x/v1"])
def test_an_address_that_is_none_is_told_before_anything_is_sent(
    tmp_path: Path, base_url: str
) -> None:
    with desk(tmp_path, OPENAI, base_url=base_url) as tried:
        tried.ask()
        tried.holds(Row(1, "no-address", FAILED, "bad_request", tries=0))
