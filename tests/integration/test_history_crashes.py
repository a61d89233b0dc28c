"""Killed programs, torn logs, two windows, and deletion that leaves no trace."""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app.adapters.storage import SqlHistory, open_history
from app.domain.answer import AnswerState
from app.domain.conversation import Attachment
from app.domain.events import Attempted
from app.domain.model import Role
from app.domain.routing.decision import Basis, Decision
from app.domain.turn import HistoryQuery
from app.domain.vote import Choice, Vote, VoteKind
from tests.fakes.history_samples import SetClock, asked, ended, turn

ROOT = Path(__file__).parents[2]
STREAMS = """
import sys
from pathlib import Path
from app.adapters.storage import open_history
from tests.fakes.history_samples import SetClock, ended, turn
history = open_history(Path(sys.argv[1]), SetClock())
begun = history.begin_turn(turn("a prompt that was typed"))
history.finish_answer(ended(begun.answers[0], "finished"), ())
history.save_partial(begun.answers[1].id, "The clause provides", "Thinking")
print("streaming", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


def streaming_program(path: Path) -> subprocess.Popen[bytes]:
    """Start a program that streams an answer until it is told, or made, to end."""
    program = subprocess.Popen(
        [sys.executable, "-c", STREAMS, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert program.stdout is not None
    assert program.stdout.readline() == b"streaming\n"
    return program


def end(program: subprocess.Popen[bytes]) -> None:
    """Kill it as a power cut would."""
    program.kill()
    program.communicate()


def test_an_answer_that_a_killed_app_was_streaming_is_kept_and_marked_incomplete(
    path: Path,
) -> None:
    end(streaming_program(path))
    history = open_history(path, SetClock())
    assert history.recover() == 1
    assert history.recover() == 0
    read = history.turn(1)
    assert read is not None
    assert read.prompt.text == "a prompt that was typed"
    cheap, frontier = read.answers
    assert (cheap.state, cheap.text) == (AnswerState.COMPLETE, "finished")
    assert (frontier.state, frontier.text) == (AnswerState.INCOMPLETE, "The clause provides")
    assert frontier.reasoning == "Thinking"
    assert frontier.problem is not None
    assert frontier.problem.kind == "app_ended"
    assert frontier.problem.next_step
    assert history.count(HistoryQuery("clause provides")) == 1
    assert [item.name for item in path.with_name("history.db.running").iterdir()] == [
        history._owner.token
    ]
    history.close()


def test_what_another_window_is_streaming_is_left_alone(path: Path) -> None:
    program = streaming_program(path)
    try:
        history = open_history(path, SetClock())
        assert history.recover() == 0
        read = history.turn(1)
        assert read is not None
        assert read.answers[1].state is AnswerState.STREAMING
        mine = history.begin_turn(turn("mine"))
        assert history.recover() == 0
    finally:
        end(program)
    assert history.recover() == 1
    read = history.turn(mine.id)
    assert read is not None
    assert {answer.state for answer in read.answers} == {AnswerState.STREAMING}
    history.close()


def test_two_windows_write_into_one_history_in_turn(path: Path) -> None:
    first, second = open_history(path, SetClock()), open_history(path, SetClock())
    ids = [asked(history).id for history in (first, second, first, second)]
    assert len(set(ids)) == 4
    assert first.recover() == second.recover() == 0
    assert [row.id for row in first.page(HistoryQuery())] == ids[::-1]
    first.close()
    assert second.count(HistoryQuery()) == 4
    second.close()


def test_two_windows_writing_at_the_same_moment_wait_for_each_other(path: Path) -> None:
    open_history(path, SetClock()).close()

    def write(name: str) -> int:
        history = open_history(path, SetClock())
        for number in range(12):
            history.begin_turn(turn(f"{name} {number}", matter=f"{name} {number}"))
        history.close()
        return 12

    with ThreadPoolExecutor(3) as windows:
        written = sum(windows.map(write, "abc"))
    history = open_history(path, SetClock())
    assert history.count(HistoryQuery()) == written
    history.close()


def test_an_answer_left_by_a_history_that_was_closed_is_recovered(path: Path) -> None:
    history = open_history(path, SetClock())
    history.begin_turn(turn())
    history.close()
    history.close()
    again = open_history(path, SetClock())
    assert again.recover() == 2
    again.close()


def write_durably(history: SqlHistory, wal: Path) -> list[tuple[int, str]]:
    """Make durable records; return each with the log's size once it was promised."""
    promised: list[tuple[int, str]] = []
    for number in range(4):
        begun = history.begin_turn(turn(f"prompt {number}"))
        promised.append((wal.stat().st_size, f"turn {begun.id}"))
        for answer in begun.answers:
            history.save_partial(answer.id, "half", "")
            history.finish_answer(ended(answer, "whole " * 300), ())
            promised.append((wal.stat().st_size, f"answer {answer.id}"))
        history.add_decision(begun.id, Decision(Role.CHEAP, Basis.LEARNED))
        promised.append((wal.stat().st_size, f"decision {begun.id}"))
        history.add_vote(begun.id, Vote(Choice.CHEAP, VoteKind.BLIND))
        promised.append((wal.stat().st_size, f"vote {begun.id}"))
    return promised


def found_records(history: SqlHistory) -> set[str]:
    found: set[str] = set()
    for row in history.page(HistoryQuery()):
        read = history.turn(row.id)
        assert read is not None
        found.add(f"turn {read.id}")
        found |= {f"vote {read.id}" for _ in read.votes}
        if read.decision:
            found.add(f"decision {read.id}")
        for answer in read.answers:
            if answer.state is AnswerState.COMPLETE:
                assert answer.text == "whole " * 300
                found.add(f"answer {answer.id}")
    return found


def test_a_log_torn_anywhere_loses_nothing_that_was_promised(path: Path, tmp_path: Path) -> None:
    open_history(path, SetClock()).close()
    history = open_history(path, SetClock())
    wal = path.with_name("history.db-wal")
    promised = write_durably(history, wal)
    whole = wal.read_bytes()
    assert promised[-1][0] == len(whole)
    draw = random.Random(4)
    offsets = [draw.randrange(len(whole)) for _ in range(12)]
    offsets += [size + shift for size, _ in draw.sample(promised, 5) for shift in (-1, 0)]
    for number, offset in enumerate(offsets):
        torn = tmp_path / f"torn-{number}" / "history.db"
        torn.parent.mkdir()
        shutil.copy(path, torn)
        torn.with_name("history.db-wal").write_bytes(whole[:offset])
        survivor = open_history(torn, SetClock())
        assert found_records(survivor) == {name for size, name in promised if size <= offset}
        raw = survivor._database.raw
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        raw.execute("INSERT INTO turn_search (turn_search) VALUES ('integrity-check')")
        survivor.recover()
        survivor.close()
    history.close()


def test_promised_records_are_synced_and_partial_text_is_not(path: Path) -> None:
    history = open_history(path, SetClock())
    raw = history._database.raw

    def level() -> int:
        return int(raw.execute("PRAGMA synchronous").fetchone()[0])

    begun = history.begin_turn(turn())
    for work, wanted in (
        (lambda: history.save_partial(begun.answers[0].id, "half", ""), 1),
        (lambda: history.finish_answer(ended(begun.answers[0]), ()), 2),
        (lambda: history.save_partial(begun.answers[1].id, "half", ""), 1),
        (lambda: history.add_vote(begun.id, Vote(Choice.CHEAP, VoteKind.BLIND)), 2),
        (lambda: history.save_partial(begun.answers[1].id, "more", ""), 1),
        (lambda: history.add_decision(begun.id, Decision(Role.CHEAP, Basis.LEARNED)), 2),
        (lambda: history.save_partial(begun.answers[1].id, "more", ""), 1),
        (lambda: history.begin_turn(turn()), 2),
    ):
        work()
        assert level() == wanted
    assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert raw.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert raw.execute("PRAGMA secure_delete").fetchone() == (1,)
    history.close()


CANARY = b"xylocanary"


def canary_turn(history: SqlHistory) -> int:
    """Store a turn that has the canary in every place that holds words."""
    wanted = turn("xylocanaryprompt " * 600, tags=("xylocanarytag",))
    file = Attachment("xylocanary.pdf", "text/plain", "xylocanaryfile " * 900, "00", 1)
    wanted = replace(wanted, prompt=replace(wanted.prompt, attachments=(file,)))
    begun = history.begin_turn(wanted)
    for answer in begun.answers:
        for length in (5, 50, 500):
            history.save_partial(answer.id, "xylocanarypartial " * length, "xylocanarythought")
        history.finish_answer(
            ended(answer, "xylocanaryanswer " * 700), (Attempted(1, 200, "xylocanary", "x"),)
        )
    history.add_decision(begun.id, Decision(Role.CHEAP, Basis.LEARNED, ("xylocanaryreason",)))
    return begun.id


def files_with_canary(folder: Path) -> list[str]:
    return [
        item.name
        for item in folder.rglob("*")
        if item.is_file() and CANARY in item.read_bytes().lower()
    ]


@pytest.mark.parametrize("rewritten", [True, False])
def test_a_deleted_turn_is_in_no_byte_of_any_file(
    path: Path, monkeypatch: pytest.MonkeyPatch, rewritten: bool
) -> None:
    if not rewritten:
        monkeypatch.setattr("app.adapters.storage.sqlite._REWRITE_UP_TO_BYTES", 0)
    history = open_history(path, SetClock())
    kept = [asked(history, f"kept {number} " * 50).id for number in range(5)]
    doomed = [canary_turn(history) for _ in range(2)]
    kept += [asked(history, f"kept {number} " * 50).id for number in range(5)]
    assert files_with_canary(path.parent)
    for turn_id in doomed:
        history.delete_turn(turn_id)
    assert files_with_canary(path.parent) == []
    assert history.count(HistoryQuery("xylocanaryprompt")) == 0
    assert history.tags() == []
    assert [row.id for row in history.page(HistoryQuery("kept"))] == kept[::-1]
    raw = history._database.raw
    raw.execute("INSERT INTO turn_search (turn_search) VALUES ('integrity-check')")
    assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
    history.close()
    assert files_with_canary(path.parent) == []


def test_a_deletion_while_another_window_reads_is_wiped_at_the_next_chance(path: Path) -> None:
    history = open_history(path, SetClock(), busy_timeout_ms=20)
    doomed = canary_turn(history)
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM turn").fetchone()
        history.delete_turn(doomed)
        assert history.turn(doomed) is None
        assert files_with_canary(path.parent)
        reader.execute("ROLLBACK")
        history.set_setting("theme", "dark")
        assert files_with_canary(path.parent) == []
    history.close()
