"""The benchmark must read any folder of its form, and count a broken promise as one."""

import csv
import gzip
import json
import random
from pathlib import Path

import numpy as np
import pytest

from scripts.benchmarks import routing
from scripts.benchmarks.routing_data import outcomes_of, pool_of, users_of
from scripts.benchmarks.routing_scores import area, recovered

_SIGNS = {"loglen": "5.0", "hedge": "0", "refusal": "0", "noans": "0", "trunc": "0"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Invent outcomes: sums are easy for everybody, proofs for the large model alone."""
    at, chance = tmp_path_factory.mktemp("outcomes"), random.Random(4)
    models = {"small": (0.9, 0.3), "other": (0.88, 0.3), "third": (0.86, 0.3), "weak": (0.3, 0.1),
              "large": (0.95, 0.85)}  # fmt: skip
    prompts, outcomes, answers = [], [], []
    for number in range(1600):
        hard = number % 3 == 0
        text = f"Prove that {number} is odd or even." if hard else f"What is {number} plus 4?"
        prompts.append({"dataset": "d", "id": str(number), "domain": "ab"[hard], "prompt": text})
        for model, rates in models.items():
            right = chance.random() < rates[hard]
            outcomes.append(["d", str(number), model, float(right), 100])
            said = str(number) if right else str(chance.random())
            answers.append({"dataset": "d", "id": str(number), "model": model,
                            "final_answer": said, **_SIGNS})  # fmt: skip
    with gzip.open(at / "routing-prompts.jsonl.gz", "wt") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in prompts)
    with gzip.open(at / "routing-outcomes.csv.gz", "wt", newline="") as lines:
        table = csv.writer(lines)
        table.writerow(["dataset", "id", "model", "score", "answer_chars"])
        table.writerows(outcomes)
    with gzip.open(at / "routing-answers.csv.gz", "wt", newline="") as lines:
        rows = csv.DictWriter(lines, fieldnames=list(answers[0]))
        rows.writeheader()
        rows.writerows(answers)
    pair = {"name": "small>large", "dataset": "d", "cheap": "small", "frontier": "large"}
    settings = {
        "seeds": 2, "stream_votes": 500, "held_out": [300, 1500], "prompt_pairs": [pair],
        "second_look_pairs": [{**pair, "second": "other", "third": "third"}],
    }  # fmt: skip
    (at / "routing-pairs.json").write_text(json.dumps(settings))
    return at


def test_it_measures_a_folder_it_has_never_seen(folder: Path) -> None:
    shown = routing.run(folder, quick=True)
    values = {goal["name"]: goal["value"] for goal in shown["goals"]}
    at = shown["tables"]["prompts"]["100 votes"]
    assert at["rule, tagged"]["auc"] > 0.7
    assert 0.4 < at["random"]["auc"] < 0.6
    assert values["share at 0.10 above luck, one look"] > 0.12
    assert values["second look of three models, learned: kept at 0.10"] > 0.6
    taken = shown["tables"]["second look without votes"]
    two, three = taken["two agree"], taken["any two of three agree"]
    assert two["lost, of the kept"] < 0.1
    # A third model keeps more, costs less, and is measured by the answer that stands.
    assert three["kept"] > two["kept"] + 0.1
    assert three["cost of always the frontier"] < two["cost of always the frontier"]
    row = "second look as the program takes it: any two of three agree, kept"
    assert values[row] == pytest.approx(three["kept"])
    studies = shown["tables"]["validity"]
    assert studies["a model that changes at vote 250"]["broken if nobody had checked"] == 1.0
    assert studies["a model that changes at vote 250"]["withdrawn"] == 1.0
    assert studies["nothing changes"]["withdrawn"] == 0.0
    assert json.dumps(shown)


def test_a_user_votes_on_no_prompt_that_is_held_out(folder: Path) -> None:
    pool = pool_of(outcomes_of(folder), "small>large", "d", "small", "large")
    for people in users_of(pool, range(3), 500, (300, 1500), mixes=2):
        seen = [set(user.stream.tolist()) | set(user.held_out.tolist()) for user in people]
        assert not seen[0] & seen[1]
        for user in people:
            assert not set(user.stream.tolist()) & set(user.held_out.tolist())


def test_areas_and_gaps_are_what_the_field_means_by_them() -> None:
    labels = np.array([False, False, True, True])
    assert area(np.array([0.1, 0.4, 0.35, 0.8]), labels) == 0.75
    assert area(np.array([0.5, 0.5, 0.5, 0.5]), labels) == 0.5
    cheap, frontier = np.array([1.0, 0.0]), np.array([1.0, 1.0])
    assert recovered(np.array([0.1, 0.9]), cheap, frontier) > 0.5
    assert recovered(np.array([0.9, 0.1]), cheap, frontier) < 0.5
