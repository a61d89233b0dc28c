"""The on-device model, really started and really asked."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil  # type: ignore[import-untyped, unused-ignore]
import pytest

from app.adapters.clock import SystemClock
from app.adapters.local_model import child
from app.adapters.local_model.prompts import practice_items
from app.adapters.local_model.server import (
    FROZEN_FLAG,
    PracticeModel,
    child_command,
    child_environment,
)
from app.adapters.local_model.settings import MODEL
from app.adapters.local_model.weights import find_weights
from app.adapters.providers.factory import HttpProviders
from app.adapters.providers.model_lists import HttpModelLists
from app.domain.errors import LocalModelError, ModelListError
from app.domain.model import Dialect, ModelRef
from app.domain.practice import grade
from app.domain.vendor import ListedModel, Place
from app.services.ports.local_model import Endpoint

ROOT = Path(__file__).resolve().parents[3]
SECRET = "sk-canary-of-another-vendor"


def children() -> list[psutil.Process]:
    return [
        process
        for process in psutil.Process().children(recursive=True)
        if process.status() != psutil.STATUS_ZOMBIE and process.cmdline() == child_command()
    ]


@pytest.fixture(scope="module")
def model() -> Iterator[PracticeModel]:
    os.environ["SOME_VENDOR_API_KEY"] = SECRET
    running = PracticeModel()
    yield running
    running.close()
    del os.environ["SOME_VENDOR_API_KEY"]


@pytest.fixture
def endpoint(model: PracticeModel) -> Endpoint:
    return asyncio.run(model.ensure())


def body(setting: ModelRef, prompt: str) -> dict[str, object]:
    system = [{"role": "system", "content": setting.system_prompt}] if setting.system_prompt else []
    return {
        "model": setting.model,
        "messages": [*system, {"role": "user", "content": prompt}],
        "temperature": setting.sampling.temperature,
        "max_completion_tokens": 32,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


async def ask(
    endpoint: Endpoint, setting: ModelRef, prompt: str
) -> tuple[list[str], dict[str, Any]]:
    """Return the pieces of text in order, and the last frame."""
    pieces: list[str] = []
    last: dict[str, Any] = {}
    headers = {"Authorization": f"Bearer {endpoint.key.reveal()}"}
    async with (
        httpx.AsyncClient(timeout=120, headers=headers) as client,
        client.stream(
            "POST", f"{endpoint.base_url}/chat/completions", json=body(setting, prompt)
        ) as response,
    ):
        assert response.status_code == 200
        async for line in response.aiter_lines():
            if not line.startswith("data: "):
                continue
            if line == "data: [DONE]":
                return pieces, last
            last = json.loads(line.removeprefix("data: "))
            pieces += [
                choice["delta"]["content"]
                for choice in last["choices"]
                if choice["delta"].get("content")
            ]
    raise AssertionError("the stream ended without [DONE]")


def test_the_practice_model_answers_right_and_word_by_word(
    model: PracticeModel, endpoint: Endpoint
) -> None:
    item = next(item for item in practice_items() if item.id == "lease-rent")
    _, careful = model.settings()
    pieces, last = asyncio.run(ask(endpoint, careful, item.prompt))
    assert len(pieces) > 3
    assert grade("".join(pieces), item)
    assert last["usage"]["completion_tokens"] >= len(pieces) - 1
    assert last["model"] == MODEL  # and not the path of the weights


def test_both_settings_are_answered_at_the_same_time(
    model: PracticeModel, endpoint: Endpoint
) -> None:
    arrivals: list[str] = []

    async def hear(setting: ModelRef) -> None:
        headers = {"Authorization": f"Bearer {endpoint.key.reveal()}"}
        async with (
            httpx.AsyncClient(timeout=120, headers=headers) as client,
            client.stream(
                "POST",
                f"{endpoint.base_url}/chat/completions",
                json=body(setting, "Write three sentences about a lease."),
            ) as response,
        ):
            async for line in response.aiter_lines():
                if '"content"' in line:
                    arrivals.append(setting.name)

    async def both() -> None:
        await asyncio.gather(*(hear(setting) for setting in model.settings()))

    asyncio.run(both())
    first = arrivals[0]
    other = next(name for name in arrivals if name != first)
    end_of_first = len(arrivals) - 1 - arrivals[::-1].index(first)
    assert arrivals.index(other) < end_of_first  # it did not wait for the first to end


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer guessed"}])
def test_another_program_on_this_computer_cannot_use_or_watch_the_model(
    endpoint: Endpoint, headers: dict[str, str]
) -> None:
    server = endpoint.base_url.removesuffix("/v1")
    with httpx.Client(headers=headers) as client:
        answer = client.post(f"{endpoint.base_url}/chat/completions", json={"messages": []})
        assert answer.status_code == 401
        for page in ("/slots", "/props", "/metrics", "/v1/models"):
            assert client.get(server + page).status_code in (401, 404)
    assert httpx.URL(server).host == "127.0.0.1"


def test_what_a_real_llama_cpp_server_lists_is_read(endpoint: Endpoint) -> None:
    place = Place(Dialect.OPENAI_CHAT, endpoint.base_url)

    async def listed() -> tuple[ListedModel, ...]:
        providers = HttpProviders(SystemClock())
        try:
            lists = HttpModelLists(providers, SystemClock())
            with pytest.raises(ModelListError, match="only with an API key"):
                await lists.models_at(place, None)
            return await lists.models_at(place, endpoint.key)
        finally:
            await providers.close()

    (found,) = asyncio.run(listed())
    assert found.id == MODEL
    assert found.context_tokens


def test_neither_the_access_key_nor_any_api_key_is_visible_on_the_process(
    model: PracticeModel, endpoint: Endpoint
) -> None:
    (process,) = children()
    visible = json.dumps([process.cmdline(), process.environ()])
    assert endpoint.key.reveal() not in visible
    assert SECRET not in visible
    assert endpoint.key.reveal() not in repr(endpoint)


def test_many_callers_share_one_start_and_a_dead_model_is_started_again(
    model: PracticeModel, endpoint: Endpoint
) -> None:
    async def four() -> list[Endpoint]:
        return list(await asyncio.gather(*(model.ensure() for _ in range(4))))

    (before,) = children()
    lived = model._child
    assert lived is not None
    before.kill()
    assert lived._done.wait(30)  # whoever waits for its end has heard of it
    after = asyncio.run(four())
    assert len(set(after)) == 1
    assert after[0].key != endpoint.key
    assert len(children()) == 1


def test_one_caller_giving_up_ends_nothing_and_closing_leaves_no_process_behind() -> None:
    before = {process.pid for process in children()}
    model = PracticeModel()

    async def scenario() -> Endpoint:
        impatient = asyncio.ensure_future(model.ensure())
        patient = asyncio.ensure_future(model.ensure())
        await asyncio.sleep(0)
        impatient.cancel()
        return await patient

    try:
        assert asyncio.run(scenario()).base_url.startswith("http://127.0.0.1:")
        (mine,) = [process for process in children() if process.pid not in before]
    finally:
        model.close()
        model.close()
    assert not mine.is_running()


def test_closing_while_it_starts_tells_the_waiting_caller() -> None:
    model = PracticeModel()

    async def scenario() -> None:
        waiting = asyncio.ensure_future(model.ensure())
        await asyncio.sleep(0)
        await asyncio.to_thread(model.close)
        await waiting

    with pytest.raises(LocalModelError, match="closed"):
        asyncio.run(scenario())


def test_closing_it_before_it_has_its_orders_still_speaks_of_closing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = PracticeModel()

    class ClosesFirst(threading.Timer):
        """Closes the model between the process's start and the first word to it."""

        def start(self) -> None:
            with model._lock:  # its thread may be here before the caller has it in hand
                child = model._child
            assert child is not None
            model.close()
            assert child._process is not None
            child._process.wait(20)

    monkeypatch.setattr("app.adapters.local_model.server.END_LIMIT_S", 0.0)
    monkeypatch.setattr("app.adapters.local_model.server.threading.Timer", ClosesFirst)
    with pytest.raises(LocalModelError, match="closed"):
        asyncio.run(model.ensure())


def test_the_model_goes_when_the_app_is_killed() -> None:
    script = (
        "import asyncio, psutil, time\n"
        "from app.adapters.local_model.server import PracticeModel\n"
        "model = PracticeModel()\n"
        "asyncio.run(model.ensure())\n"
        "print(psutil.Process().children()[0].pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    app = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=ROOT)
    with app:
        assert app.stdout is not None
        orphan = psutil.Process(int(app.stdout.readline()))
        assert orphan.is_running()
        app.kill()
    gone, _ = psutil.wait_procs([orphan], timeout=20)
    assert gone


def test_ctrl_c_leaves_the_ending_to_the_app_and_a_closed_pipe_ends_it() -> None:
    process = subprocess.Popen(child_command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        order = {"key": "k", "weights": str(find_weights())}
        process.stdin.write(json.dumps(order).encode() + b"\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["url"].startswith("http://127.0.0.1:")
        process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.3)
        process.stdin.close()
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stdin.close()


def test_missing_weights_say_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.adapters.local_model.weights.PACKAGE", "no_such_package")
    with pytest.raises(LocalModelError) as caught:
        asyncio.run(PracticeModel().ensure())
    assert "python3 scripts/run.py" in caught.value.problem.next_step


@pytest.mark.parametrize(
    "model",
    [
        PracticeModel(weights=lambda: Path("torn.gguf")),
        PracticeModel(command=lambda: [sys.executable, "-c", "pass"]),
        PracticeModel(command=lambda: ["/no/such/program"]),
        PracticeModel(command=lambda: [sys.executable, "-c", "print('not JSON', flush=True)"]),
    ],
)
def test_a_model_that_cannot_start_is_a_sentence_and_may_be_tried_again(
    model: PracticeModel,
) -> None:
    for _ in range(2):
        with pytest.raises(LocalModelError) as caught:
            asyncio.run(model.ensure())
        assert caught.value.problem.message.startswith("The practice model did not start")
        assert caught.value.problem.next_step
    model.close()


def test_a_missing_engine_says_how_to_install_it() -> None:
    word = '{"error": "ModuleNotFoundError: No module named \'xllamacpp\'"}'
    model = PracticeModel(command=lambda: [sys.executable, "-c", f"print({word!r})"])
    with pytest.raises(LocalModelError, match=r"xllamacpp.*scripts/run\.py"):
        asyncio.run(model.ensure())
    model.close()


def test_a_frozen_build_starts_itself_as_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    from app.__main__ import LOCAL_MODEL_CHILD

    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert child_command() == [sys.executable, FROZEN_FLAG]
    assert FROZEN_FLAG == LOCAL_MODEL_CHILD


def test_the_process_is_given_no_variable_that_could_hold_a_key() -> None:
    given = child_environment(
        {"PATH": "/bin", "OPENAI_API_KEY": "sk", "SystemRoot": "C:", "X": "y"}
    )
    assert given == {"PATH": "/bin", "SystemRoot": "C:"}


def test_the_pair_is_free_local_and_told_apart_by_its_settings(model: PracticeModel) -> None:
    cheap, frontier = model.settings()
    assert cheap.fingerprint() != frontier.fingerprint()
    assert cheap.practice
    assert frontier.practice
    assert cheap.on_this_computer
    assert cheap.model == frontier.model == child.ALIAS
