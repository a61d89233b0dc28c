"""Rows 42–44: something else answers, or points elsewhere. Nothing is ever sent on."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.answer import AnswerState
from app.domain.connection import Connection
from app.domain.money import Certainty
from tests.fakes.certificates import Authority
from tests.fakes.fault_server import FaultServer, Reply
from tests.fakes.speech import SPEECH, Speech
from tests.faults.table import ALL, CANARY, FAILED, PROMPT, Row, desk, echoing, refusing, rows

OPENAI = SPEECH["openai-chat"]
ESTIMATED = Certainty.ESTIMATED
PAGE = (f"<!DOCTYPE html><title>Guest Wi-Fi</title>{CANARY}{PROMPT}".encode(),)


@pytest.mark.parametrize("speech", ALL, ids=str)
@pytest.mark.parametrize("kind", [{"Content-Type": "text/html"}, {}], ids=["told", "untold"])
def test_42_captive_portal(tmp_path: Path, speech: Speech, kind: dict[str, str]) -> None:
    with desk(tmp_path, speech) as tried:
        tried.server.default = echoing(Reply(200, kind, PAGE, "length"))
        tried.ask()
        answer = tried.holds(Row(42, "portal", FAILED, "not_an_api", ESTIMATED))
        assert "sign in" in str(answer.problem)


@pytest.mark.parametrize("speech", ALL, ids=str)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_43_redirect_to_another_host(tmp_path: Path, speech: Speech, status: int) -> None:
    with FaultServer() as elsewhere, desk(tmp_path, speech) as tried:
        elsewhere.default = speech.reply(speech.whole("taken"))
        there = elsewhere.url.replace("127.0.0.1", "localhost") + f"/v1?key={CANARY}"
        tried.server.default = echoing(Reply(status, {"Location": there}, (), "length"))
        tried.ask()
        answer = tried.holds(Row(43, "redirect", FAILED, "redirected"))
        assert "was not sent there" in str(answer.problem)
        assert len(tried.server.requests) == 1
        assert elsewhere.requests == []


@pytest.mark.parametrize("speech", ALL, ids=str)
def test_43_a_redirect_to_the_same_host_is_not_followed_either(
    tmp_path: Path, speech: Speech
) -> None:
    with desk(tmp_path, speech) as tried:
        tried.server.default = echoing(Reply(307, {"Location": "/v2/other"}, (), "length"))
        tried.ask()
        tried.holds(Row(43, "same-host", FAILED, "redirected"))
        assert len(tried.server.requests) == 1


@pytest.mark.parametrize("speech", ALL, ids=str)
def test_44_https_to_http(tmp_path: Path, speech: Speech) -> None:
    firm = Authority.made(tmp_path)
    with FaultServer() as plain, FaultServer(tls=firm.context()) as server:
        plain.default = speech.reply(speech.whole("taken"))
        server.default = echoing(Reply(307, {"Location": plain.url}, (), "length"))
        connection = Connection(ca_file=str(firm.file))
        with desk(tmp_path, speech, server=server, connection=connection) as tried:
            tried.ask()
            answer = tried.holds(Row(44, "downgrade", FAILED, "redirected"))
            assert "an unprotected address" in str(answer.problem)
        assert plain.requests == []
        assert len(server.requests) == 1


@pytest.mark.parametrize("speech", ALL, ids=str)
@pytest.mark.parametrize(
    ("row", "error"),
    rows(
        (
            Row(42, "json-too-long", AnswerState.TOO_LONG, "too_long", ESTIMATED),
            {"message": "the request exceeds the available context size"},
        ),
        (Row(42, "json-error", FAILED, "provider_error", ESTIMATED), {"message": "boom"}),
    ),
)
def test_an_error_instead_of_a_stream_is_read(
    tmp_path: Path, speech: Speech, row: Row, error: dict[str, str]
) -> None:
    with desk(tmp_path, speech) as tried:
        tried.server.default = refusing(200, error)
        tried.ask()
        tried.holds(row)


def test_42_json_that_is_no_answer(tmp_path: Path) -> None:
    with desk(tmp_path, OPENAI) as tried:
        tried.server.default = echoing(Reply.error(200, {"choices": []}))
        tried.ask()
        tried.holds(Row(42, "json", FAILED, "not_an_api", ESTIMATED))
