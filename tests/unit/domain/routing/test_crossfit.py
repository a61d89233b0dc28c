"""A vote must not help to make the score it is judged by."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.routing.crossfit import Scale, crossfit, deal
from app.domain.routing.learner import fit, sigmoid

MEAN = -1.2


def test_a_vote_on_a_prompt_unlike_all_others_says_nothing_of_itself() -> None:
    labels = np.array([float(n % 2) for n in range(40)])
    scores = crossfit(4.0 * np.eye(40), labels, np.ones(40), [n % 5 for n in range(40)], MEAN)
    assert scores.chances == pytest.approx([float(sigmoid(np.array([MEAN]))[0])] * 40)


def test_what_others_voted_on_like_prompts_does_tell() -> None:
    sorts = np.array([n // 2 % 2 for n in range(40)])
    covariance = 4.0 * (sorts[:, None] == sorts[None, :])
    labels = sorts.astype(np.float64)
    scores = crossfit(covariance, labels, np.ones(40), [n % 5 for n in range(40)], MEAN)
    hard, easy = np.array(scores.chances)[sorts == 1], np.array(scores.chances)[sorts == 0]
    assert hard.min() > 0.5 > easy.max()
    assert np.array(scores.ranks)[sorts == 1].min() > np.array(scores.ranks)[sorts == 0].max()


def test_a_prompt_that_nobody_voted_on_is_scored_and_teaches_nothing() -> None:
    covariance, labels = 4.0 * np.ones((10, 10)), np.zeros(10)
    labels[0], votes = 1.0, np.ones(10)
    votes[0] = 0.0
    scores = crossfit(covariance, labels, votes, [n % 5 for n in range(10)], MEAN)
    assert max(scores.chances) < float(sigmoid(np.array([MEAN]))[0])


def test_the_same_words_are_dealt_to_the_same_fold_whatever_their_order() -> None:
    texts = [f"prompt {n}" for n in range(30)]
    folds = dict(zip(texts, deal(texts, 5), strict=True))
    assert deal(texts[::-1] + texts, 5) == [folds[text] for text in texts[::-1] + texts]


@given(
    st.lists(st.floats(-6, 6), min_size=1, max_size=40),
    st.lists(st.floats(-8, 8), min_size=2, max_size=10),
)
@settings(max_examples=60, deadline=None)
def test_a_higher_logit_never_has_a_lower_rank_and_a_rank_leads_back(
    lessons: list[float], logits: list[float]
) -> None:
    scale = Scale.of(np.array(lessons))
    ranks = scale.rank(np.array(sorted(logits)))
    assert (np.diff(ranks) >= -1e-12).all()
    for logit, rank in zip(sorted(logits), ranks.tolist(), strict=True):
        assert scale.logit(rank) == pytest.approx(logit, abs=1e-6)


@given(st.integers(1, 25), st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_what_is_learned_is_the_sum_of_what_the_votes_pull(count: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    points = chance.normal(size=(count, 3))
    covariance = np.exp(-0.5 * ((points[:, None] - points[None]) ** 2).sum(axis=2)) + 1.0
    labels = (chance.random(count) < 0.4).astype(np.float64)
    votes = chance.choice([0.3, 1.0, 2.0], size=count)
    learned = fit(covariance, labels, votes, MEAN)
    surprise = votes * (labels - sigmoid(learned.logits))
    assert learned.pull == pytest.approx(surprise, abs=1e-6)
    assert learned.logits == pytest.approx(MEAN + covariance @ learned.pull, abs=1e-6)
