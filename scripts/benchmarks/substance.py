"""How well the substance of an answer is read: on real tasks whose right answer is known.

Reads `workload-prompts.jsonl` and, where they are there, the `routing-*` files of the folder given
by --data. The replies are the right answers, put into phrases of our own; so recall
says what the reading misses of these phrases, and nothing about how models phrase theirs.
"""

from __future__ import annotations

import ast
import csv
import gzip
import json
import random
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.domain.substance import Check, Kind, Outcome, agreement, checkable

SEED = 11
PAIRS_A_KIND = 600
PAIRS, PROMPTS = "routing-pairs.json", "routing-prompts.jsonl.gz"
OUTCOMES, ANSWERS = "routing-outcomes.csv.gz", "routing-answers.csv.gz"
TIE = 0.05  # a frontier answer that much better is better
TASKS, OPEN = "workload-prompts.jsonl", "routing-human-prompts.jsonl.gz"
# Of the public two-turn prompts: nobody answers these alike, or there is one right answer.
WRITTEN, CHECKED = ("writing", "roleplay", "humanities", "stem"), ("math", "extraction", "coding")

FALSE_AGREEMENT_GOAL, FOUND_GOAL, CHECKABLE_GOAL, WRITTEN_GOAL = 0.005, 0.95, 0.95, 0.95

PHRASES: dict[str, Callable[[str], str]] = {
    "bare": lambda answer: answer,
    "a full stop": lambda answer: f"{answer}." if not answer.endswith(".") else answer,
    "in bold": lambda answer: f"**{answer}**",
    "a sentence": lambda answer: f"The answer is {answer}.",
    "answer first": lambda answer: f"Answer: {answer}",
    "reasons first": lambda answer: (
        "The text has to be read as a whole. It was drawn up with some care.\n\n"
        f"**Final answer:** {answer}"
    ),
    "therefore": lambda answer: f"Both parts were read together.\n\nTherefore, it is {answer}.",
    "a mark with a colon": lambda answer: f"Result: **{answer}**\n",
    "with blanks of a word processor": lambda answer: answer.replace(" ", "\u00a0"),
}
# Written after the reader was finished, and never used to mend it.
LATER: dict[str, Callable[[str], str]] = {
    "a remark after it": lambda answer: f"**{answer}**\n\nThis follows from the second paragraph.",
    "a remark beside it": lambda answer: f"{answer} — see above.",
    "said in passing": lambda answer: f"As far as the text goes, {answer} is what it comes to.",
    "JSON": lambda answer: json.dumps({"answer": answer}),
    "quoted": lambda answer: f"> {answer}\n\n(taken from the text)",
    "short and long": lambda answer: f"Short answer: {answer}\n\nLong answer: the text is plain.",
    "must be": lambda answer: f"I read it twice. In my reading the answer must be: {answer}",
}


@dataclass(frozen=True, slots=True)
class Task:
    """One prompt with its right answer; `kind` is what the answer is, by the answer itself."""

    name: str
    prompt: str
    answer: str
    kind: Kind
    attached: bool


def run(data: Path) -> list[dict[str, Any]]:
    """Return the figures, each with its goal and whether it is met."""
    tasks = list(_tasks(data / TASKS))
    asked = {task.prompt: checkable(task.prompt, attached=task.attached) for task in tasks}
    rows = _known_before(tasks, asked)
    rows += _written(data / OPEN)
    rows += _found(tasks, asked, PHRASES, "", FOUND_GOAL)
    rows += _found(tasks, asked, LATER, "later ", None)
    rows += _told_apart(tasks, asked)
    rows += _on_outcomes(data)
    rows.append(_row("ms to tell whether a prompt can be checked", _check_ms(tasks), None))
    rows.append(_row("ms to compare two answers", _compare_ms(tasks), None))
    return rows


def _tasks(path: Path) -> Iterator[Task]:
    with path.open(encoding="utf-8") as lines:  # a line may hold U+2028, which splitlines splits
        rows = [json.loads(line) for line in lines]
    for row in rows:
        expected = row.get("expected")
        attached = "attached contract" in row["prompt"]
        answer = "" if expected is None else _as_text(expected)
        yield Task(row["task"], row["prompt"], answer, _kind_of(row, answer), attached)


def _as_text(expected: object) -> str:
    """Return a right answer as a person would write it; several are set apart by commas."""
    if isinstance(expected, str) and expected.startswith("["):
        try:
            expected = ast.literal_eval(expected)
        except (SyntaxError, ValueError):
            return str(expected)
    if isinstance(expected, list):
        return "; ".join(str(item) for item in expected)
    return str(expected)


def _kind_of(row: dict[str, Any], answer: str) -> Kind:
    """Return what the right answer is: the truth that `checkable` is held against."""
    task, plain = row["task"], answer.strip().rstrip(".")
    if plain in ("Yes", "No"):
        return Kind.YES_NO
    if len(plain) == 1 and plain.isalpha():
        return Kind.CHOICE
    if task.startswith("ssla"):
        return Kind.NAME
    if row["source"] == "TheAtticusProject/cuad" or task == "definition_extraction":
        return Kind.EXTRACTION
    if task in ("arithmetic", "count", "sara_numeric"):
        return Kind.FIGURE
    if row["source"] == "HazyResearch/legalbench":
        return Kind.LABEL
    parts = plain.split("; ")
    if all(part.isdigit() and len(part) == 4 and part[:2] in ("19", "20") for part in parts):
        return Kind.DATE
    short = all(len(part.split()) <= 3 and any(c.isdigit() for c in part) for part in parts)
    return Kind.FIGURE if short else Kind.EXTRACTION


def _known_before(tasks: Sequence[Task], asked: dict[str, Check | None]) -> list[dict[str, Any]]:
    """Return whether it is known before asking that, and how, an answer can be checked."""
    known = [task for task in tasks if asked[task.prompt] is not None]
    right: Counter[Kind] = Counter()
    said: Counter[Kind] = Counter()
    true = Counter(task.kind for task in tasks)
    for task in tasks:
        found = asked[task.prompt]
        if found is not None:
            said[found.kind] += 1
            right[found.kind] += found.kind is task.kind
    share = len(known) / len(tasks)
    rows = [
        _row(f"{len(tasks)} tasks with one right answer: told so beforehand", share,
             CHECKABLE_GOAL, met=share >= CHECKABLE_GOAL),
        _row("… and with the right kind", sum(right.values()) / len(tasks), None),
    ]  # fmt: skip
    for kind in sorted(true, key=lambda each: -true[each]):
        precision = right[kind] / said[kind] if said[kind] else 0.0
        rows.append(_row(f"kind {kind}: recall ({true[kind]} tasks)", right[kind] / true[kind]))
        rows.append(_row(f"kind {kind}: precision ({said[kind]} said)", precision))
    return rows


def _written(path: Path) -> list[dict[str, Any]]:
    """Return whether prompts that nobody answers alike are told from those with one answer."""
    if not path.exists():
        return []
    told: dict[str, list[bool]] = defaultdict(list)
    for row in _json_lines(path):
        told[row["domain"]].append(checkable(row["prompt"]) is not None)
    written = [not found for domain in WRITTEN for found in told[domain]]
    checked = [found for domain in CHECKED for found in told[domain]]
    share = statistics.fmean(written)
    return [
        _row(f"{len(written)} open prompts: not called checkable", share, WRITTEN_GOAL,
             met=share >= WRITTEN_GOAL),
        _row(f"{len(checked)} prompts on mathematics, extraction and code: called checkable",
             statistics.fmean(checked)),
    ]  # fmt: skip


def _found(
    tasks: Sequence[Task],
    asked: dict[str, Check | None],
    phrases: dict[str, Callable[[str], str]],
    which: str,
    wanted: float | None,
) -> list[dict[str, Any]]:
    """Return whether the right answer is read out of a phrase that holds it."""
    results: dict[str, Counter[Outcome]] = defaultdict(Counter)
    for task in tasks:
        if not task.answer:
            continue
        check = _check(task, asked)
        for phrase in phrases.values():
            found = agreement(
                task.answer, phrase(task.answer), check.kind, check.labels, check.asks
            )
            results[task.kind.value][found.outcome] += 1
            results["all"][found.outcome] += 1
    rows = []
    for name, counts in sorted(results.items(), key=lambda item: -item[1].total()):
        recall = counts[Outcome.AGREE] / counts.total()
        compared = counts[Outcome.AGREE] + counts[Outcome.DIFFER]
        precision = counts[Outcome.AGREE] / compared if compared else 0.0
        goal = wanted if name == "all" else None
        met = goal is None or recall >= goal
        rows.append(
            _row(f"found in {counts.total()} {which}phrases, {name}", recall, goal, met=met)
        )
        rows.append(_row(f"… taken for another answer, {which}{name}", 1 - precision))
    return rows


def _check(task: Task, asked: dict[str, Check | None]) -> Check:
    """Return the check the product would make; the true kind where it would make none."""
    found = asked[task.prompt]
    return found if found is not None and found.kind is task.kind else Check(
        task.kind, found.labels if found is not None else ()
    )  # fmt: skip


def _told_apart(tasks: Sequence[Task], asked: dict[str, Check | None]) -> list[dict[str, Any]]:
    """Return how often two answers pass for the same: any two, and one with a digit changed."""
    chance = random.Random(SEED)  # noqa: S311  # pairs for a measurement
    phrases = [*PHRASES.values(), *LATER.values()]
    false: dict[str, list[bool]] = defaultdict(list)
    by_kind: dict[Kind, list[Task]] = defaultdict(list)
    for task in tasks:
        if task.answer:
            by_kind[task.kind].append(task)
    for kind, group in by_kind.items():
        for _ in range(PAIRS_A_KIND):
            task = chance.choice(group)
            other = _another(task, group, asked, chance)
            for name, wrong in (("any two", other), ("one digit changed", _slip(task, chance))):
                if wrong is None:
                    continue
                check = _check(task, asked)
                one, two = chance.choice(phrases)(task.answer), chance.choice(phrases)(wrong)
                passed = agreement(one, two, check.kind, check.labels, check.asks).agrees
                false[f"{name}, {kind}"].append(passed)
                false[f"{name}, all"].append(passed)
    rows = []
    for name, all_passed in sorted(false.items()):
        share = statistics.fmean(all_passed)
        goal = FALSE_AGREEMENT_GOAL if name.endswith("all") else None
        met = goal is None or share <= goal
        rows.append(
            _row(f"false agreement in {len(all_passed)} pairs: {name}", share, goal, met=met)
        )
    return rows


def _another(
    task: Task, group: Sequence[Task], asked: dict[str, Check | None], chance: random.Random
) -> str | None:
    """Return a wrong answer: another option that is offered, or another task's right answer."""
    if task.kind is Kind.YES_NO:
        return "No" if task.answer == "Yes" else "Yes"
    found = asked[task.prompt]
    offered: Sequence[str] = found.labels if found is not None else ()
    if task.kind is Kind.CHOICE:
        offered = "ABCDEFGH"[: max(2, len(offered))]
    pool = offered if task.kind in (Kind.LABEL, Kind.CHOICE) else [item.answer for item in group]
    others = [each for each in pool if each.casefold() != task.answer.casefold()]
    return chance.choice(others) if others else None


def _slip(task: Task, chance: random.Random) -> str | None:
    """Return the right answer with one digit changed; None where it has none."""
    places = [at for at, sign in enumerate(task.answer) if sign.isdigit()]
    if not places or task.kind not in (Kind.FIGURE, Kind.DATE):
        return None
    at = chance.choice(places)
    digit = str((int(task.answer[at]) + chance.randint(1, 9)) % 10)
    return f"{task.answer[:at]}{digit}{task.answer[at + 1 :]}"


def _on_outcomes(data: Path) -> list[dict[str, Any]]:
    """Return what keeping the cheap answer where two agree would have lost, on real answers.

    Their final answers were parsed by others: equality of those is the yardstick beside ours.
    """
    files = [data / name for name in (PAIRS, PROMPTS, OUTCOMES, ANSWERS)]
    if not all(file.exists() for file in files):
        return []
    pairs = json.loads(files[0].read_text("utf-8"))["second_look_pairs"]
    prompts = {(row["dataset"], row["id"]): row["prompt"] for row in _json_lines(files[1])}
    scores = {_key(row): float(row["score"]) for row in _csv_rows(files[2])}
    answers = {_key(row): row["final_answer"] for row in _csv_rows(files[3])}
    checks: dict[tuple[str, str], Check | None] = {}
    counts: Counter[str] = Counter()
    for pair in pairs:
        for (dataset, number), prompt in prompts.items():
            one, two = ((dataset, number, pair[seat]) for seat in ("cheap", "second"))
            front = (dataset, number, pair["frontier"])
            if not (one in answers and two in answers and one in scores and front in scores):
                continue
            if (dataset, number) not in checks:
                checks[dataset, number] = checkable(prompt)
            check = checks[dataset, number]
            better = scores[front] - scores[one] > TIE
            ours, theirs = answers[one], answers[two]
            agree = (
                check is not None
                and agreement(ours, theirs, check.kind, check.labels, check.asks).agrees
            )
            same = bool(ours) and ours == theirs
            counts.update(all=1, better=better, checked=check is not None)
            counts.update(agree=agree, lost=agree and better)
            counts.update(same=same, same_lost=same and better)
    asked = counts["all"]
    if not asked:
        return []
    return [
        _row(f"{asked} real answers: frontier better", counts["better"] / asked),
        _row("… whose prompt is called checkable", counts["checked"] / asked),
        _row("… kept where two agree in substance", counts["agree"] / asked),
        _row("… of those kept, better on the frontier", counts["lost"] / counts["agree"]),
        _row("… kept where the parsed answers are equal", counts["same"] / asked),
        _row("… of those kept, better on the frontier", counts["same_lost"] / counts["same"]),
    ]


def _key(row: dict[str, str]) -> tuple[str, str, str]:
    return row["dataset"], row["id"], row["model"]


def _json_lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def _csv_rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _check_ms(tasks: Sequence[Task]) -> float:
    return _timed(lambda task: checkable(task.prompt), tasks)


def _compare_ms(tasks: Sequence[Task]) -> float:
    long = PHRASES["reasons first"]
    return _timed(lambda task: agreement(long(task.answer), f"{task.answer} ", task.kind), tasks)


def _timed(work: Callable[[Task], object], tasks: Sequence[Task]) -> float:
    times = []
    for task in tasks:
        start = time.perf_counter()
        work(task)
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


def _row(name: str, value: float, goal: float | None = None, *, met: bool = True) -> dict[str, Any]:
    return {"name": name, "value": round(value, 4), "goal": goal, "met": met}
