"""Every fault of the network and of a server, through a real socket, in both dialects.

Each case checks what a user is told, that partial text is kept, whether it may have cost, and that
the event loop kept turning.
"""

from __future__ import annotations

import datetime as dt
import gzip
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.adapters.providers.limits import Limits
from app.domain.events import Failed, FinishReason
from app.domain.model import ModelRef
from tests.fakes.asking import Asked, ask, model
from tests.fakes.fault_server import CUT, RESET, STALL, FaultServer, Reply, Step
from tests.fakes.streams import (
    anthropic_error,
    anthropic_stream,
    openai_chunk,
    openai_stream,
    sse,
)

IMPATIENT = Limits(first_token_s=0.3)
SHORT = Limits(first_token_s=5.0, between_tokens_s=0.4)
DIALECTS = ["openai-chat", "anthropic"]


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


def target(server: FaultServer, dialect: str = "openai-chat") -> ModelRef:
    base = server.openai_url if dialect == "openai-chat" else server.anthropic_url
    return model(base, dialect)


def opening(dialect: str, *texts: str) -> tuple[bytes, ...]:
    """Return a stream that begins well and has no end."""
    if dialect == "openai-chat":
        return openai_stream(texts, finish=None, usage=None, done=False)
    return anthropic_stream(texts, stop=None, done=False)


def whole(dialect: str, *texts: str) -> tuple[bytes, ...]:
    return openai_stream(texts) if dialect == "openai-chat" else anthropic_stream(texts)


def told(asked: Asked, kind: str) -> Failed:
    """Check the kind and that what is said is fit for a reader; return the end."""
    problem = asked.failed.problem
    assert problem.kind == kind, problem
    assert problem.message.endswith("."), problem
    assert problem.next_step.endswith("."), problem
    for jargon in ("Error", "Exception", "http://", "{", "<", "None", "\n"):
        assert jargon not in problem.sentence(), problem
    return asked.failed


# Not reached


def test_a_server_that_is_not_running_is_named_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    asked = ask(model(f"http://127.0.0.1:{port}/v1"))
    end = told(asked, "refused_connection")
    assert not end.may_be_billed
    assert [attempt.status for attempt in asked.attempts] == [None, None, None]


def test_an_unknown_host_is_named_so(monkeypatch: pytest.MonkeyPatch) -> None:
    _no_proxy(monkeypatch)

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    end = told(ask(model("https://no-such-vendor.invalid/v1")), "unknown_host")
    assert not end.may_be_billed
    assert "no-such-vendor.invalid" in end.problem.message


def test_a_server_that_never_takes_the_connection_ends_in_time() -> None:
    full = socket.create_server(("127.0.0.1", 0), backlog=0)
    address = full.getsockname()
    waiting = []
    try:
        for _ in range(4):  # fill the queue that nobody empties
            knock = socket.socket()
            knock.setblocking(False)
            knock.connect_ex(address)
            waiting.append(knock)
        asked = ask(model(f"http://127.0.0.1:{address[1]}/v1"), limits=Limits(connect_s=0.2))
        assert not told(asked, "connect_timeout").may_be_billed
        assert asked.beats > 10
    finally:
        for knock in (*waiting, full):
            knock.close()


def test_an_untrusted_certificate_is_never_accepted(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*_self_signed(tmp_path))
    with FaultServer(tls=context) as server:
        server.default = Reply.stream(openai_stream())
        end = told(ask(target(server)), "bad_certificate")
        assert not end.may_be_billed
        assert server.requests == []


def test_a_server_without_tls_behind_an_https_address_gets_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as plain:

        def greet() -> None:
            connection, _ = plain.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                connection.recv(65_536)

        greeter = threading.Thread(target=greet)
        greeter.start()
        asked = ask(model(f"https://127.0.0.1:{plain.getsockname()[1]}/v1"))
        greeter.join(10)
    assert not told(asked, "bad_certificate").may_be_billed


def test_a_proxy_that_wants_a_sign_in_is_named_so(
    server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _no_proxy(monkeypatch)
    monkeypatch.setenv("HTTPS_PROXY", server.url)
    server.default = Reply.error(407, "<html>sign in</html>")
    asked = ask(model("https://api.example.com/v1"))
    assert not told(asked, "proxy").may_be_billed
    assert [request.method for request in server.requests] == ["CONNECT"]
    assert b"canary" not in server.requests[0].body
    assert "authorization" not in server.requests[0].headers


def test_a_model_on_this_computer_is_never_asked_through_a_proxy(
    server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _no_proxy(monkeypatch)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    server.default = Reply.stream(openai_stream(["a"]))
    assert ask(target(server)).text == "a"


# Turned down

STATUSES = [
    (401, "key_refused"),
    (402, "payment"),
    (403, "forbidden"),
    (404, "model_not_found"),
    (412, "payment"),
    (413, "too_large"),
    (400, "bad_request"),
    (422, "bad_request"),
    (434, "bad_request"),
]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("status", "kind"), STATUSES)
def test_a_refusal_is_told_once_and_costs_nothing(
    server: FaultServer, dialect: str, status: int, kind: str
) -> None:
    server.default = Reply.error(status, {"error": {"type": "x_error", "message": "No."}})
    asked = ask(target(server, dialect))
    assert not told(asked, kind).may_be_billed
    assert [attempt.status for attempt in asked.attempts] == [status]
    assert asked.slept == ()


MEANINGS = [
    (400, {"code": "context_length_exceeded", "message": "…"}, "too_long"),
    (400, {"type": "exceed_context_size_error", "message": "…"}, "too_long"),
    (400, {"type": "invalid_request_error", "message": "prompt is too long: 9 > 8"}, "too_long"),
    (413, {"message": "This model's maximum context length is 8192 tokens."}, "too_long"),
    (400, {"message": "Your credit balance is too low to access the API."}, "payment"),
    (429, {"code": "insufficient_quota", "message": "…"}, "payment"),
    (429, {"code": "1113", "message": "…"}, "payment"),
    (400, {"status": "API_KEY_INVALID", "message": "API key not valid."}, "key_refused"),
    (400, {"message": "Model Not Exist"}, "model_not_found"),
]


@pytest.mark.parametrize(("status", "error", "kind"), MEANINGS)
def test_an_error_is_read_for_what_it_means(
    server: FaultServer, status: int, error: dict[str, str], kind: str
) -> None:
    server.default = Reply.error(status, {"error": error})
    asked = ask(target(server))
    assert not told(asked, kind).may_be_billed
    assert len(asked.attempts) == 1


def test_an_html_error_page_becomes_one_short_sentence(server: FaultServer) -> None:
    server.default = Reply.error(502, "<html><h1>502 Bad Gateway</h1>" + "<p>x</p>" * 9000)
    asked = ask(target(server))
    end = told(asked, "overloaded")
    assert len(end.problem.sentence()) < 200
    assert end.may_be_billed
    assert len(asked.attempts) == 3


def test_a_captive_portal_is_named_so(server: FaultServer) -> None:
    page = (b"<!DOCTYPE html><title>Guest Wi-Fi</title>",)
    server.enqueue(Reply(200, {"Content-Type": "text/html"}, page, "length"))
    assert "sign in" in told(ask(target(server)), "not_an_api").problem.next_step
    server.enqueue(Reply(200, {}, page, "length"))
    told(ask(target(server)), "not_an_api")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_redirect_is_refused_and_nothing_is_sent_on(
    server: FaultServer, dialect: str, status: int
) -> None:
    with FaultServer() as elsewhere:
        server.default = Reply(status, {"Location": elsewhere.url + "/v1"}, (), "length")
        assert not told(ask(target(server, dialect)), "redirected").may_be_billed
        assert len(server.requests) == 1
        assert elsewhere.requests == []


def test_a_key_is_never_sent_in_the_clear_to_another_machine() -> None:
    asked = ask(model("http://192.0.2.1/v1"))
    assert not told(asked, "insecure_address").may_be_billed
    assert asked.kinds == ["Failed"]


@pytest.mark.parametrize("base_url", ["", "ftp://x/v1", "https://", "https://x:port/v1", "x/v1"])
def test_an_address_that_is_none_is_told_before_anything_is_sent(base_url: str) -> None:
    asked = ask(model(base_url), key=None)
    assert not told(asked, "bad_request").may_be_billed
    assert asked.attempts == []


@pytest.mark.parametrize("key", ["sk line\nbreak", "sk-schlüssel", "with space", ""])
def test_a_key_that_no_header_can_carry_is_told_without_showing_it(
    server: FaultServer, key: str
) -> None:
    end = told(ask(target(server), key=key), "key_refused")
    assert key == "" or key not in end.problem.sentence()
    assert server.requests == []


# Silent


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_server_that_never_answers_ends_in_time(server: FaultServer, dialect: str) -> None:
    server.default = Reply.stream((), before=(STALL,))
    asked = ask(target(server, dialect), limits=IMPATIENT)
    assert told(asked, "stalled").may_be_billed
    assert asked.beats > 10
    assert server.wait_client_gone()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_stall_before_the_first_word_ends_in_time(server: FaultServer, dialect: str) -> None:
    server.default = Reply.stream((*opening(dialect), STALL))
    asked = ask(target(server, dialect), limits=IMPATIENT)
    assert not told(asked, "stalled").cut
    assert asked.beats > 10
    assert server.wait_client_gone()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_stall_in_the_middle_keeps_the_text(server: FaultServer, dialect: str) -> None:
    server.default = Reply.stream((*opening(dialect, "Hel", "lo"), STALL))
    asked = ask(target(server, dialect), limits=SHORT)
    assert told(asked, "stalled").cut
    assert asked.text == "Hello"
    assert server.wait_client_gone()


KEEP_ALIVES = {
    "openai-chat": b": keep-alive\n\n",
    "anthropic": sse({"type": "ping"}, event="ping"),
}


@pytest.mark.parametrize("text", [(), ("Hello",)])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_signs_of_life_without_words_do_not_hold_the_line_for_ever(
    server: FaultServer, dialect: str, text: tuple[str, ...]
) -> None:
    life: tuple[Step, ...] = (KEEP_ALIVES[dialect], 0.05) * 200
    server.default = Reply.stream((*opening(dialect, *text), *life))
    asked = ask(target(server, dialect), limits=SHORT if text else IMPATIENT)
    assert "kept the line open" in told(asked, "stalled").problem.message
    assert asked.seconds < 8
    assert asked.text == "".join(text)


def test_a_word_now_and_then_holds_the_line(server: FaultServer) -> None:
    steps: list[Step] = []
    for piece in openai_stream(["a", "b", "c", "d", "e"]):
        steps += [piece, 0.15]
    server.default = Reply.stream(steps)
    asked = ask(target(server), limits=Limits(between_tokens_s=0.7))
    assert asked.text == "abcde"
    assert asked.finished.reason is FinishReason.STOP


def test_a_byte_at_a_time_works_slowly(server: FaultServer) -> None:
    body = b"".join(openai_stream(["Hi"], usage=None))
    steps: list[Step] = [s for at in range(len(body)) for s in (body[at : at + 1], 0.003)]
    server.default = Reply.stream(steps)
    limits = Limits(first_token_s=0.6, between_tokens_s=0.6)
    asked = ask(target(server), limits=limits)
    assert asked.text == "Hi"
    assert asked.finished.reason is FinishReason.STOP


def test_an_answer_that_takes_for_ever_is_ended(server: FaultServer) -> None:
    slowly: tuple[Step, ...] = (*opening("openai-chat", "a"), 0.05)
    steps = slowly * 100
    server.default = Reply.stream(steps)
    asked = ask(target(server), limits=Limits(whole_answer_s=1.0))
    assert told(asked, "too_slow").cut
    assert asked.text.startswith("aa")


def test_usage_that_never_comes_is_not_waited_for(server: FaultServer) -> None:
    server.default = Reply.stream((*openai_stream(["a"], usage=None, done=False), STALL))
    asked = ask(target(server), limits=Limits(after_finish_s=0.2))
    assert asked.finished.usage.input_tokens is None
    assert asked.seconds < 3


# Broken


@pytest.mark.parametrize("ending", [RESET, CUT])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_broken_line_keeps_the_text_and_is_never_complete(
    server: FaultServer, dialect: str, ending: Step
) -> None:
    # The pause lets the text arrive before the reset discards what is under way.
    server.default = Reply.stream((*opening(dialect, "Hel", "lo"), 0.1, ending))
    asked = ask(target(server, dialect))
    end = told(asked, "cut_off")
    assert (end.cut, end.may_be_billed, asked.text) == (True, True, "Hello")
    assert len(asked.attempts) == 1  # never again after the first word


@pytest.mark.parametrize("framing", ["chunked", "close"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_clean_end_without_a_finish_is_never_complete(
    server: FaultServer, dialect: str, framing: str
) -> None:
    server.default = Reply.stream(
        opening(dialect, "Hello"), framing="close" if framing == "close" else "chunked"
    )
    asked = ask(target(server, dialect))
    assert told(asked, "cut_off").cut
    assert asked.text == "Hello"


@pytest.mark.parametrize("ending", [RESET, CUT])
def test_a_line_that_breaks_after_the_finish_takes_nothing_away(
    server: FaultServer, ending: Step
) -> None:
    server.default = Reply.stream((*openai_stream(["a"], usage=None, done=False), 0.1, ending))
    assert ask(target(server)).finished.reason is FinishReason.STOP


@pytest.mark.parametrize(
    ("dialect", "error"),
    [
        ("openai-chat", sse({"error": {"code": 502, "message": "upstream"}})),
        ("openai-chat", sse({"error": {"message": "upstream"}}, event="error")),
        ("anthropic", anthropic_error()),
    ],
)
def test_an_error_inside_a_good_answer_keeps_the_text(
    server: FaultServer, dialect: str, error: bytes
) -> None:
    server.default = Reply.stream((*opening(dialect, "Hello"), error, *whole(dialect, "no")))
    asked = ask(target(server, dialect))
    assert told(asked, "provider_error").cut
    assert asked.text == "Hello"


def test_an_error_instead_of_a_stream_is_read(server: FaultServer) -> None:
    error = {"error": {"message": "the request exceeds the available context size"}}
    reply = Reply.error(200, error)
    server.enqueue(reply)
    told(ask(target(server)), "too_long")
    server.enqueue(Reply.error(200, {"error": {"message": "boom"}}))
    told(ask(target(server)), "provider_error")
    server.enqueue(Reply.error(200, {"choices": []}))
    told(ask(target(server)), "not_an_api")


def test_rubbish_in_the_stream_is_told(server: FaultServer) -> None:
    server.default = Reply.stream((*opening("openai-chat", "Hello"), b"data: {no json\n\n"))
    asked = ask(target(server))
    assert told(asked, "garbled").cut
    assert asked.text == "Hello"


def test_half_an_object_is_a_cut(server: FaultServer) -> None:
    half = openai_chunk({"content": " world"})[:30]
    server.default = Reply.stream((*opening("openai-chat", "Hello"), half))
    assert told(ask(target(server)), "cut_off").cut


@pytest.mark.parametrize("raw", [b"SSH-2.0-OpenSSH_9.2\r\n\r\n", b"\x00\x01\x02\x03\r\n\r\n"])
def test_a_server_that_speaks_no_http_is_told(server: FaultServer, raw: bytes) -> None:
    server.default = Reply(raw=raw)
    told(ask(target(server)), "not_an_api")


def test_broken_http_inside_the_answer_is_told(server: FaultServer) -> None:
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    first = b"".join(opening("openai-chat", "Hello"))
    server.default = Reply(raw=head + b"%x\r\n%b\r\n" % (len(first), first) + b"zz\r\nrubbish\r\n")
    asked = ask(target(server))
    assert told(asked, "garbled").cut
    assert asked.text == "Hello"


# Too much


def test_a_line_of_ten_megabytes_is_capped(server: FaultServer) -> None:
    endless = (b"data: {" + b"x" * 1_000_000, *([b"x" * 1_000_000] * 12))
    server.default = Reply.stream((*opening("openai-chat", "Hello"), *endless))
    asked = ask(target(server))
    assert told(asked, "too_much").cut
    assert asked.text == "Hello"


def test_an_endless_answer_is_capped(server: FaultServer) -> None:
    server.default = Reply.stream(opening("openai-chat", "x" * 1000) * 300)
    asked = ask(target(server), limits=Limits(answer_bytes=50_000))
    assert told(asked, "too_much").cut
    assert 50_000 <= len(asked.text) < 200_000


@pytest.mark.parametrize("inside", [b": " + b"\x00" * 2**20 + b"\n", b"x" * 2**20])
def test_a_compressed_bomb_does_not_go_off(server: FaultServer, inside: bytes) -> None:
    bomb = gzip.compress(inside * 64, 6)
    assert len(bomb) < 200_000
    server.default = Reply.stream((bomb,), {"Content-Encoding": "gzip"})
    asked = ask(target(server), limits=Limits(body_bytes=20_000_000))
    told(asked, "too_much")


def test_an_answer_compressed_unasked_is_still_read(server: FaultServer) -> None:
    packed = gzip.compress(b"".join(openai_stream(["Hello"])))
    server.default = Reply.stream((packed,), {"Content-Encoding": "gzip"})
    assert ask(target(server)).text == "Hello"
    assert server.requests[0].headers["accept-encoding"] == "identity"
    server.default = Reply.stream((b"not gzip at all",), {"Content-Encoding": "gzip"})
    told(ask(target(server)), "garbled")
    server.default = Reply.stream((packed,), {"Content-Encoding": "br"})
    told(ask(target(server)), "garbled")


def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def _self_signed(folder: Path) -> tuple[Path, Path]:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(here, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return pem, secret
