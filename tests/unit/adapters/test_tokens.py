"""Token counts: offline, right, and cheap enough for every key pressed."""

from __future__ import annotations

import os
import random
import socket
import threading
from pathlib import Path

import pytest
import tiktoken
from tiktoken import registry

from app.adapters.tokens import NEWEST, OLDER, TABLES, TiktokenCounter

CLAUSE = "The tenant shall keep the premises in good repair, fair wear and tear excepted. "
BITS = [
    "The ", "tenant’s", " shall", "\n", "\n\n", "  ", "§ 2-207 ", "don't ", "1,234.56",
    " (30 days)", "\n/path", "\n- item 42", "判決。", "，測試", "naïve ", "café\u0301 ",
    "“quoted” ", "\t", "don’t", "O'Brien", "\r\n", " \n  indented", "ALLCAPS", "camelCase ", "😀",
    "_x_", "... ", "\u2028", "\xa0", "ß",
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tokens")


@pytest.fixture(scope="module")
def counter(folder: Path) -> TiktokenCounter:
    return TiktokenCounter(folder)


def reference(counter: TiktokenCounter, name: str = NEWEST) -> tiktoken.Encoding:
    counter.count("x", "gpt-4" if name == OLDER else "")
    return counter._encodings[name]


def test_the_tables_come_without_a_network_and_leave_the_environment_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(*_: object, **__: object) -> None:
        raise AssertionError("asked the network")

    monkeypatch.setattr(registry, "ENCODINGS", {})  # as if this process had just started
    monkeypatch.setattr(socket.socket, "connect", no_network)
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", "before")
    assert TiktokenCounter(tmp_path / "new").count("hello world") == 2
    assert os.environ["TIKTOKEN_CACHE_DIR"] == "before"
    assert [path.name for path in (tmp_path / "new").iterdir()] == [TABLES[NEWEST].file]


def test_a_damaged_table_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "ENCODINGS", {})
    (tmp_path / TABLES[OLDER].file).write_bytes(b"half a table")
    assert TiktokenCounter(tmp_path).count("hello world", "gpt-4") == 2
    assert (tmp_path / TABLES[OLDER].file).stat().st_size > 1_000_000


def test_a_folder_that_cannot_be_written_does_not_stop_the_counting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "ENCODINGS", {})
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    (tmp_path / "file").write_text("in the way")
    assert TiktokenCounter(tmp_path / "file" / "cache").count("hello world") == 2


def test_names_of_special_tokens_and_odd_characters_are_just_text(counter: TiktokenCounter) -> None:
    assert counter.count("<|endoftext|> <|endofprompt|>") > 2
    assert counter.count("a\ud800b\x00") > 0
    assert counter.count("") == 0


def test_older_models_are_counted_by_their_own_table(counter: TiktokenCounter) -> None:
    text = "判決 Mietverhältnis größer"
    for model, name in (
        ("gpt-4", OLDER), ("gpt-3.5-turbo", OLDER), ("openai/gpt-4-turbo", OLDER),
        ("gpt-4o", NEWEST), ("gpt-4.1-mini", NEWEST), ("gpt-6-luna", NEWEST), ("glm-5.3", NEWEST),
    ):  # fmt: skip
        expected = len(reference(counter, name).encode_ordinary(text))
        assert counter.count(text, model) == expected, model


@pytest.mark.parametrize(("model", "name"), [("", NEWEST), ("gpt-4", OLDER)])
def test_counting_in_pieces_stays_within_two_tokens_of_the_whole(
    counter: TiktokenCounter, model: str, name: str
) -> None:
    dice = random.Random(7)
    for _ in range(25):
        text = "".join(dice.choice(BITS) for _ in range(1500))
        whole = len(reference(counter, name).encode_ordinary(text))
        assert abs(counter.count(text, model) - whole) <= 2


def test_typing_pasting_and_deleting_never_drift(counter: TiktokenCounter) -> None:
    dice = random.Random(11)
    text = CLAUSE * 60
    for _ in range(120):
        at = dice.choice([len(text), len(text), dice.randrange(len(text))])
        match dice.choice(["type", "type", "paste", "delete"]):
            case "type":
                text = text[:at] + dice.choice("abc ,\n") + text[at:]
            case "paste":
                text = text[:at] + dice.choice(BITS) * 40 + text[at:]
            case _:
                text = text[: max(0, at - 30)] + text[at:]
        whole = len(reference(counter).encode_ordinary(text))
        assert abs(counter.count(text) - whole) <= 2


def test_a_key_typed_at_the_end_of_a_long_text_counts_only_its_last_part(
    counter: TiktokenCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = ((CLAUSE * 12).strip() + "\n\n") * 104
    text = text[:100_000]
    system = "You are careful. " * 20
    counter.count(text)
    counter.count(system)
    counted: list[int] = []
    real = reference(counter)

    class Spy:
        def encode_ordinary(self, piece: str) -> list[int]:
            counted.append(len(piece))
            return real.encode_ordinary(piece)

    monkeypatch.setitem(counter._encodings, NEWEST, Spy())
    keys = "and the landlord"
    for key in keys:
        text += key
        counter.count(text)
        counter.count(system)  # asked for in turn, and forgotten never
    assert sum(counted) / len(keys) * 50 <= 100_000


def test_threads_may_count_at_once(folder: Path) -> None:
    fresh = TiktokenCounter(folder)
    texts = [CLAUSE * size for size in range(1, 30)]
    expected = [len(reference(fresh).encode_ordinary(text)) for text in texts]
    results: dict[int, list[int]] = {}

    def work(number: int) -> None:
        results[number] = [fresh.count(text) for text in texts]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(results.values()) == [expected] * 4
