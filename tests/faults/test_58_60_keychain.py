"""Rows 58–60: the keychain is absent, locked or hangs.

History still opens and a key can be kept for this run only, which is said; it is never written in
the clear, and nothing waits for a keychain at the end.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from app.adapters.vault.keychain import TIME_LIMIT_S, KeyringVault
from app.adapters.vault.session import SessionVault
from app.domain.answer import AnswerState
from app.domain.errors import VaultError
from app.domain.matter import PolicyKind, SendingPolicy
from app.domain.model import KeySource
from app.domain.money import Certainty
from app.domain.secret import ApiKey
from app.services.container import Services
from app.services.keys import LONGEST_KEY_BYTES, Keys
from tests.fakes.fault_server import Reply
from tests.fakes.scripted import CHEAP, FRONTIER, Stage
from tests.fakes.secret_service import private_bus, private_keychain
from tests.fakes.speech import SPEECH, Speech
from tests.faults.table import (
    ALL,
    CANARY,
    COMPLETE,
    FAILED,
    Desk,
    Row,
    desk,
    refusing,
    rows,
)

OPENAI = SPEECH["openai-chat"]
KEYCHAIN = rows(
    (Row(58, "absent", FAILED, "keychain_absent", tries=0), "offers no keychain"),
    (Row(59, "locked", FAILED, "keychain_locked", tries=0), "is locked"),
    (Row(60, "hanging", FAILED, "keychain_slow", tries=0), "did not answer within 0.3 seconds"),
)


@contextmanager
def keychain(how: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[KeyringVault]:
    """Make the system's keychain be so; a real one where there is one at all."""
    # Not tmp_path: the path of a socket has at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="bus-") as folder:
        match how:
            case "absent":
                with private_bus(Path(folder)):
                    yield KeyringVault()
            case "locked":
                with private_keychain(Path(folder)) as bus:
                    KeyringVault().store("key-1", ApiKey(CANARY))
                    bus.lock()
                    yield KeyringVault()
            case _:
                with private_bus(Path(folder)), mute(Path(folder)):
                    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", mute_address(Path(folder)))
                    yield KeyringVault(time_limit_s=0.3)


@contextmanager
def mute(folder: Path) -> Iterator[socket.socket]:
    """Listen as a session bus that never says a word."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "mute"))
        listener.listen()
        yield listener
    for thread in threading.enumerate():
        if thread.name == "keychain":
            thread.join(10)


def mute_address(folder: Path) -> str:
    return f"unix:path={folder / 'mute'}"


@pytest.mark.parametrize("speech", ALL, ids=str)
@pytest.mark.parametrize(("row", "words"), KEYCHAIN)
def test_a_keychain_that_does_not_give_the_key(
    tmp_path: Path, speech: Speech, row: Row, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is sent, the other side answers, and the history, which holds it all, is open."""
    with keychain(row.fault, monkeypatch) as vault, desk(tmp_path, speech, vault=vault) as tried:
        tried.ask()
        problem = tried.holds(row).problem
        assert problem is not None
        assert words in problem.message
        assert "keep the key for this run only" in problem.next_step
        assert tried.server.requests == []
        assert f"Keychain: {row.kind}" in tried.report


@pytest.mark.parametrize(("row", "words"), KEYCHAIN)
def test_a_model_can_be_removed_and_what_is_left_of_its_key_is_told(
    tmp_path: Path, row: Row, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(stage: Stage) -> None:
        services = stage.open()
        try:
            removed = await services.models.remove(CHEAP.name)
            assert [model.name for model in await services.models.all()] == [FRONTIER.name]
        finally:
            await services.close()
        assert removed.key_left is not None
        assert removed.key_left.kind == "key_left"
        assert words in removed.key_left.message
        assert "“key-1” of “Counterpart”" in removed.key_left.next_step

    with keychain(row.fault, monkeypatch) as vault:
        keyed = replace(CHEAP, key_source=KeySource.KEYCHAIN, key_name="key-1")
        asyncio.run(scene(Stage(tmp_path, pair=(keyed, FRONTIER), vault=vault)))


@pytest.mark.parametrize(("row", "_words"), KEYCHAIN)
def test_a_key_for_this_run_only_works_and_is_gone_with_the_run(
    tmp_path: Path, row: Row, _words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def keep_and_ask(tried: Desk, services: Services) -> None:
        (model,) = [m for m in await services.models.all() if m.key_source is KeySource.KEYCHAIN]
        with pytest.raises(VaultError) as refused:
            await services.models.replace_key(model, ApiKey(CANARY))
        assert refused.value.problem.kind == row.kind
        kept = await services.models.replace_key(model, ApiKey(CANARY), this_run_only=True)
        assert kept.key_source is KeySource.SESSION

    with keychain(row.fault, monkeypatch) as vault, desk(
        tmp_path, OPENAI, vault=vault
    ) as tried:  # fmt: skip
        tried.server.default = Reply.stream(OPENAI.whole("Hello"))
        tried.before_asking = keep_and_ask
        tried.ask()
        tried.holds(Row(row.number, "this-run", COMPLETE, "", Certainty.MEASURED, "Hello"))
        # Another run: the same file, another memory.
        tried.before_asking = None
        tried.heard.clear()
        tried.other.requests.clear()
        tried.lessons_before = 1
        tried.ask()
        problem = tried.holds(Row(row.number, "gone", FAILED, "key_missing", tries=0)).problem
        assert problem is not None
        assert "kept for one run only, and that run has ended" in problem.message


class CountingVault(SessionVault):
    """Hands out a fresh key each time, and counts how often it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched = 0

    def fetch(self, name: str) -> ApiKey | None:
        self.fetched += 1
        return ApiKey(CANARY)


@pytest.mark.parametrize("speech", ALL, ids=str)
def test_a_key_is_fetched_once_for_a_prompt_and_let_go_afterwards(
    tmp_path: Path, speech: Speech
) -> None:
    vault = CountingVault()
    with desk(tmp_path, speech, vault=vault) as tried:
        tried.server.enqueue(refusing(500, {"type": "x"}))
        tried.server.default = speech.reply(speech.whole("Hello"))
        tried.ask()
        row = Row(58, "let-go", COMPLETE, "", Certainty.MEASURED, "Hello", tries=2, slept=(0.5,))
        tried.holds(row)
        fetched_for_the_report = 1
        assert vault.fetched == 1 + fetched_for_the_report
    gc.collect()
    alive = [each for each in gc.get_objects() if isinstance(each, ApiKey)]
    assert ApiKey(CANARY) not in alive


def test_a_key_is_not_even_fetched_where_the_matter_forbids_the_sending(tmp_path: Path) -> None:
    vault = CountingVault()

    async def forbid(tried: Desk, services: Services) -> None:
        only = SendingPolicy(PolicyKind.NAMED, frozenset({"Summit Labs"}))
        await services.matters.save("Larch", only)

    with desk(tmp_path, OPENAI, vault=vault) as tried:
        tried.before_asking, tried.matter = forbid, "Larch"
        tried.ask()
        tried.holds(Row(58, "blocked", AnswerState.BLOCKED, "blocked_by_policy", tries=0))
        fetched_for_the_report = 1
        assert vault.fetched == fetched_for_the_report
        assert tried.server.requests == []


@pytest.mark.parametrize(
    ("key", "told"),
    [("k" * 1281, "1,281 characters"), ("ü" * 1281, "1,281"), ("😀" * 641, "1,282 characters")],
    ids=["ascii", "umlaut", "astral"],
)
def test_a_key_too_long_for_windows_is_refused_on_every_system_before_it_is_stored(
    key: str, told: str
) -> None:
    kept = SessionVault()
    keys = Keys(kept, SessionVault(), {})
    with pytest.raises(VaultError, match=told) as caught:
        asyncio.run(keys.keep(ApiKey(key)))
    assert caught.value.problem.kind == "key_too_long"
    assert "only the key was pasted" in caught.value.problem.next_step
    assert vars(kept)["_keys"] == {}
    longest = ApiKey("k" * (LONGEST_KEY_BYTES // 2))
    source, name = asyncio.run(keys.keep(longest))
    assert (source, kept.fetch(name)) == (KeySource.KEYCHAIN, longest)


def test_60_a_keychain_that_hangs_leaves_the_loop_and_settings_alone() -> None:
    """What is asked of it runs beside everything else, and can be given up."""
    let = threading.Event()

    class Hanging(SessionVault):
        def fetch(self, name: str) -> ApiKey | None:
            let.wait(30)
            return None

    async def scene() -> int:
        keys, beats = Keys(Hanging(), SessionVault(), {}), 0
        asked = asyncio.create_task(keys.keychain_problem())
        for _ in range(20):
            await asyncio.sleep(0.005)
            beats += 1
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        return beats

    began = time.monotonic()
    assert asyncio.run(scene()) == 20
    assert time.monotonic() - began < 5, "closing the loop waited for the keychain"
    let.set()


_QUITTING = """
import sys, threading
from app.adapters.vault.keychain import TIME_LIMIT_S, KeyringVault
from app.adapters.vault.session import SessionVault
from app.services.engine import Engine
from app.services.keys import Keys

def never():
    threading.Event().wait()

engine = Engine()
engine.start()
asked = engine.submit(Keys(KeyringVault(never, 60), SessionVault(), {}).keychain_problem())
while not any(thread.name == "keychain" for thread in threading.enumerate()):
    pass
engine.stop()
print("closed", flush=True)
"""


def test_60_a_keychain_that_hangs_does_not_keep_the_program_from_ending() -> None:
    """Python joins the threads of its pools at the end; a keychain's call must be in none."""
    done = subprocess.run(
        [sys.executable, "-c", _QUITTING], capture_output=True, text=True, timeout=20, check=True
    )
    assert done.stdout == "closed\n"


@pytest.mark.e2e
def test_60_ctrl_c_ends_a_command_that_waits_for_the_keychain(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="bus-") as folder, mute(Path(folder)) as bus:
        environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": mute_address(Path(folder))}
        command = [sys.executable, "-m", "app", "--data-dir", str(tmp_path / "data")]
        add = ["model", "add", "Small", "--dialect", "openai-chat", "--base-url"]
        subprocess.run(
            [*command, *add, "http://127.0.0.1:9/v1", "--model", "m", "--role", "cheap",
             "--key-env", "NO_SUCH_KEY"],
            env=environment, check=True, capture_output=True, timeout=60,
        )  # fmt: skip
        with closing(sqlite3.connect(tmp_path / "data" / "counterpart.db")) as database:
            database.execute("update model set key_source = 'keychain', key_name = 'key-1'")
            database.commit()
        bus.settimeout(60)
        with subprocess.Popen(
            [*command, "model", "test", "Small"], env=environment, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        ) as waiting:  # fmt: skip
            connection, _ = bus.accept()  # now it waits for the keychain
            with connection:
                began = time.monotonic()
                waiting.send_signal(signal.SIGINT)
                _, complaint = waiting.communicate(timeout=30)
                assert time.monotonic() - began < TIME_LIMIT_S / 2, "its time limit was waited for"
        assert complaint.startswith("Interrupted.")
