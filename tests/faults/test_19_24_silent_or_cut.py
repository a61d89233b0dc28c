"""Rows 19–24: nothing more comes, or it breaks off. Time-outs fire; text is kept; never whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest

from app.adapters.providers.limits import Limits
from app.domain.money import Certainty
from tests.fakes.fault_server import CUT, RESET, STALL, Reply, Step
from tests.fakes.speech import SPEECH, Speech
from tests.fakes.streams import sse
from tests.faults.table import ALL, CANARY, COMPLETE, FAILED, INCOMPLETE, Row, desk, echoing

OPENAI = SPEECH["openai-chat"]
ESTIMATED = Certainty.ESTIMATED
IMPATIENT = Limits(first_token_s=0.3)
SHORT = Limits(first_token_s=5.0, between_tokens_s=0.4)


@pytest.mark.parametrize("speech", ALL, ids=str)
@pytest.mark.parametrize("headers", [False, True], ids=["no-headers", "headers"])
def test_19_stall_before_the_first_token(tmp_path: Path, speech: Speech, headers: bool) -> None:
    with desk(tmp_path, speech, limits=IMPATIENT) as tried:
        steps: tuple[Step, ...] = (*speech.opening(), STALL) if headers else ()
        tried.server.default = echoing(speech.reply(steps, before=() if headers else (STALL,)))
        tried.ask()
        answer = tried.holds(Row(19, "first", FAILED, "stalled", ESTIMATED))
        # Ollama's first bytes are its first word: there it keeps the line open without a sign.
        heard = headers and bool(speech.opening())
        words = "kept the line open but began no answer" if heard else "did not begin to answer"
        assert f"{words} within 0.3 seconds" in str(answer.problem)
        assert [attempt.status for attempt in tried.attempts] == [200 if headers else None]
        assert tried.server.wait_client_gone()


@pytest.mark.parametrize("speech", ALL, ids=str)
def test_20_stall_in_the_middle(tmp_path: Path, speech: Speech) -> None:
    with desk(tmp_path, speech, limits=SHORT) as tried:
        tried.server.default = echoing(speech.reply((*speech.opening("Hel", "lo"), STALL)))
        tried.ask()
        answer = tried.holds(Row(20, "middle", INCOMPLETE, "stalled", ESTIMATED, "Hello"))
        assert "What arrived is kept" in str(answer.problem)
        assert tried.server.wait_client_gone()


@pytest.mark.parametrize("speech", ALL, ids=str)
@pytest.mark.parametrize("begun", [False, True], ids=["before", "after"])
def test_21_keep_alives_only(tmp_path: Path, speech: Speech, begun: bool) -> None:
    with desk(tmp_path, speech, limits=SHORT if begun else IMPATIENT) as tried:
        life: tuple[Step, ...] = (speech.keep_alive, 0.05) * 200
        opening = speech.opening("Hello") if begun else speech.opening()
        tried.server.default = echoing(speech.reply((*opening, *life)))
        tried.ask()
        state, text = (INCOMPLETE, "Hello") if begun else (FAILED, "")
        answer = tried.holds(Row(21, "keep-alive", state, "stalled", ESTIMATED, text))
        assert "kept the line open" in str(answer.problem)


@pytest.mark.parametrize("speech", ALL, ids=str)
@pytest.mark.parametrize("ending", [RESET, CUT], ids=["reset", "cut"])
def test_22_tcp_cut(tmp_path: Path, speech: Speech, ending: Step) -> None:
    with desk(tmp_path, speech) as tried:
        # The pause lets the text arrive before the reset discards what is under way.
        tried.server.default = echoing(speech.reply((*speech.opening("Hel", "lo"), 0.1, ending)))
        tried.ask()
        tried.holds(Row(22, "cut", INCOMPLETE, "cut_off", ESTIMATED, "Hello"))
        assert len(tried.server.requests) == 1, "never again after the first word"


@pytest.mark.parametrize("speech", ALL, ids=str)
@pytest.mark.parametrize("share", [0.15, 0.35, 0.55, 0.75, 0.95])
def test_22_cut_at_any_byte(tmp_path: Path, speech: Speech, share: float) -> None:
    """The text is a beginning of the answer, and complete only where its end had come."""
    pieces = ("Hello", " w", "orld", ".")
    body = b"".join(speech.whole(*pieces))
    with desk(tmp_path, speech) as tried:
        tried.server.default = echoing(speech.reply((body[: int(len(body) * share)], 0.05, CUT)))
        tried.ask()
        text = tried.tried.text
        assert text in {"".join(pieces[:count]) for count in range(len(pieces) + 1)}
        if tried.tried.complete:
            assert text == "Hello world."
            certainty = tried.tried.cost.certainty  # its usage may be what was cut off
            tried.holds(Row(22, "after-its-end", COMPLETE, "", certainty, text))
        else:
            tried.holds(Row(22, "at-a-byte", INCOMPLETE, "cut_off", ESTIMATED, text))


@pytest.mark.parametrize("speech", ALL, ids=str)
def test_22_a_cut_before_the_first_word_keeps_nothing_and_says_so(
    tmp_path: Path, speech: Speech
) -> None:
    with desk(tmp_path, speech) as tried:
        tried.server.default = echoing(speech.reply((*speech.opening(), 0.1, RESET)))
        tried.ask()
        answer = tried.holds(Row(22, "cut-early", INCOMPLETE, "cut_off", ESTIMATED))
        assert "Nothing had arrived; ask again" in str(answer.problem)


@pytest.mark.parametrize("speech", ALL, ids=str)
@pytest.mark.parametrize("framing", ["chunked", "close"])
def test_23_clean_end_without_a_finish(
    tmp_path: Path, speech: Speech, framing: Literal["chunked", "close"]
) -> None:
    with desk(tmp_path, speech) as tried:
        tried.server.default = echoing(speech.reply(speech.opening("Hello"), framing=framing))
        tried.ask()
        tried.holds(Row(23, "clean-end", INCOMPLETE, "cut_off", ESTIMATED, "Hello"))


@pytest.mark.parametrize("speech", ALL, ids=str)
def test_24_error_event_after_200(tmp_path: Path, speech: Speech) -> None:
    with desk(tmp_path, speech) as tried:
        steps = (*speech.opening("Hello"), speech.error, *speech.whole("no"))
        tried.server.default = echoing(speech.reply(steps))
        tried.ask()
        tried.holds(Row(24, "error-event", INCOMPLETE, "provider_error", ESTIMATED, "Hello"))


def test_24_an_error_event_may_be_named_so(tmp_path: Path) -> None:
    with desk(tmp_path, OPENAI) as tried:
        error = sse({"error": {"message": f"upstream {CANARY}"}}, event="error")
        tried.server.default = Reply.stream((*OPENAI.opening("Hello"), error))
        tried.ask()
        tried.holds(Row(24, "named", INCOMPLETE, "provider_error", ESTIMATED, "Hello"))


@pytest.mark.parametrize("speech", ALL, ids=str)
@pytest.mark.parametrize(
    ("changes", "certainty"),
    [({"price": None}, Certainty.UNKNOWN), ({"price": None, "local": True}, Certainty.FREE)],
    ids=["unpriced", "local"],
)
def test_22_what_a_cut_answer_cost_is_unknown_without_a_price_and_free_where_it_is_local(
    tmp_path: Path, speech: Speech, changes: dict[str, Any], certainty: Certainty
) -> None:
    with desk(tmp_path, speech, **changes) as tried:
        tried.server.default = echoing(speech.reply((*speech.opening("Hel", "lo"), CUT)))
        tried.ask()
        tried.holds(Row(22, str(certainty), INCOMPLETE, "cut_off", certainty, "Hello"))


def test_21_a_word_now_and_then_holds_the_line(tmp_path: Path) -> None:
    with desk(tmp_path, OPENAI, limits=Limits(between_tokens_s=0.7)) as tried:
        steps = [step for piece in OPENAI.whole(*"abcde") for step in (piece, 0.15)]
        tried.server.default = Reply.stream(steps)
        tried.ask()
        tried.holds(Row(21, "words", COMPLETE, "", Certainty.MEASURED, "abcde"))
