"""Benchmarks: ratios taken in one run, told as one JSON object."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from scripts import bench
from scripts.benchmarks import start, stream, substance
from scripts.benchmarks.start import Start
from scripts.benchmarks.trace import read_events, write_event


def test_the_ratio_is_taken_in_each_pair_so_that_a_busy_neighbour_does_not_count() -> None:
    pairs = [
        (Start(100, 50, 0), Start(120, 60, 300)),
        (Start(200, 50, 0), Start(240, 60, 600)),
        (Start(100, 50, 0), Start(900, 60, 300)),
    ]
    paint, memory, history = start.goals(pairs, "offscreen")
    assert (paint["value"], paint["met"], paint["highest"]) == (1.2, True, 9.0)
    assert (memory["value"], memory["met"]) == (1.2, True)
    assert (history["value"], history["goal"]) == (3.0, 5.0)
    json.dumps([paint, memory, history])


def test_a_goal_that_is_missed_says_so() -> None:
    paint, _, history = start.goals([(Start(100, 50, 0), Start(200, 60, 700))], "offscreen")
    assert not paint["met"]
    assert not history["met"]


def test_a_trace_line_still_being_written_is_left_for_later(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    assert read_events(trace) == {}
    write_event(str(trace), "first_paint")
    with trace.open("a", encoding="utf-8") as file:
        file.write('{"event": "history_re')
    events = read_events(trace)
    assert set(events) == {"first_paint"}
    assert events["first_paint"]["monotonic"] > 0


def test_the_cost_of_a_chunk_is_compared_within_each_round() -> None:
    flood = {"ours": [3.0, 30.0, 3.0], "openai library": [30.0, 300.0, 60.0],
             "ours, anthropic": [3.0], "anthropic library": [3.0], "raw socket": [0.2]}  # fmt: skip
    clock = {"ours": [10.0]}
    delays = {"ours": 0.7, "openai library": 1.2, "raw socket": 0.2}
    rows = {row["name"]: row for row in stream.goals(flood, clock, {"ours": [50.0]}, delays)}
    cpu = rows["CPU per chunk, openai library over ours"]
    assert (cpu["value"], cpu["goal"], cpu["met"]) == (10.0, 8.0, True)
    assert not rows["CPU per chunk, anthropic library over ours"]["met"]
    delay = rows["first-token delay added, ours over openai library"]
    assert (delay["value"], delay["met"]) == (0.5, True)
    assert rows["chunks per second, flood: ours"]["value"] == 100_000
    assert rows["CPU per chunk, litellm over ours"]["value"] is None  # and says why
    assert "not installed" in rows["CPU per chunk, litellm over ours"]["note"]
    json.dumps(list(rows.values()))


def test_a_benchmark_is_found_by_its_name() -> None:
    assert "stream" in bench.names()
    assert "stream_clients" not in bench.names()
    assert "start" in bench.names()
    assert "trace" not in bench.names()


def test_a_benchmark_on_data_asks_for_their_folder(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["bench.py", "substance"])
    with pytest.raises(SystemExit) as ended:
        bench.main()
    assert ended.value.code == 2
    assert "--data DIR" in capsys.readouterr().err


def test_the_reading_of_answers_is_measured_on_tasks_with_a_known_answer(tmp_path: Path) -> None:
    tasks: list[dict[str, object]] = [
        {"task": "t1", "prompt": "Is it valid? Answer yes or no.", "expected": "Yes"},
        {"task": "arithmetic", "prompt": "How much is the fee?", "expected": 1250},
    ]
    lines = [json.dumps({"source": "ours", **task}, ensure_ascii=False) for task in tasks]
    (tmp_path / substance.TASKS).write_text("\n".join(lines), "utf-8")
    rows = {row["name"]: row for row in substance.run(tmp_path)}
    assert rows["2 tasks with one right answer: told so beforehand"]["value"] == 1.0
    told_apart = [row for name, row in rows.items() if "false agreement" in name]
    assert told_apart
    assert all(row["met"] for row in told_apart)
