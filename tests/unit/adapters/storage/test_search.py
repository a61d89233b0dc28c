"""Search with whatever a person may type, paging, and the plans that keep both quick."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.adapters.storage.history import SqlHistory
from app.domain.answer import AnswerState
from app.domain.conversation import Attachment
from app.domain.turn import HistoryQuery
from app.domain.vote import Choice, Vote, VoteKind
from tests.fakes.history_samples import (
    CHEAP,
    NOON,
    asked,
    ended,
    turn,
    waiting,
)

CAFE_NFC, CAFE_NFD = "caf\u00e9", "cafe\u0301"


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        ("O'Brien objected", "O'Brien"),
        ("O\u2019Brien objected", "O'Brien"),
        ("under § 2-207 of the code", "§ 2-207"),
        ("send an e-mail", "e-mail"),
        ("send an e-mail", "e-ma"),
        ("this AND that", "AND"),
        ("NEAR the border", "NEAR"),
        ("either or NOT", "or NOT"),
        ("a quote", '"quote'),
        ("a quote", 'quote""'),
        ("a star", "star*"),
        ("a star", "* star"),
        ("minus five", "-minus"),
        ("prompt: foo", "prompt:foo"),
        ("(brackets) {and} [more]", "(brackets {and more]"),
        ("a^b+c", "^a +c"),
        ("percent", "percent%_"),
        (f"le {CAFE_NFC} noir", CAFE_NFD),
        (f"le {CAFE_NFD} noir", CAFE_NFC),
        (f"le {CAFE_NFC} noir", "CAFE"),
        ("\uac00\ub098\ub2e4", "\u1100\u1161\u1102\u1161"),
        ("the o\ufb03ce lease", "office"),
        ("con\u00adtract", "contract"),
        ("\u202eevil\u202c lease", "evil"),
        ("a\u00a0non-breaking space", "non breaking"),
        ("请审查这份合同的条款", "合同"),
        ("emoji 👩‍⚖️ here", "emoji 👩‍⚖️"),
        ("Straße 5", "STRASSE"),
        ("indemnification clause", "indem cla"),
        ("word", " ".join(["word"] * 5_000)),
        ("word", "wor" + "\x00"),
    ],
)
def test_what_was_typed_is_found_again(history: SqlHistory, stored: str, words: str) -> None:
    asked(history, "something else entirely")
    wanted = history.begin_turn(turn(stored))
    assert [row.id for row in history.page(HistoryQuery(words))] == [wanted.id]
    assert history.count(HistoryQuery(words)) == 1


@pytest.mark.parametrize("words", ["", " ", "\t\n", "\u00a0"])
def test_an_empty_search_lists_everything(history: SqlHistory, words: str) -> None:
    ids = [asked(history).id for _ in range(3)]
    assert [row.id for row in history.page(HistoryQuery(words))] == ids[::-1]
    assert history.count(HistoryQuery(words)) == 3


@pytest.mark.parametrize(
    "words", ["*", '""', '"', "-", "§", "'", "()", "^", ":", "👩‍⚖️", "\u00ad", "\ud800", "* - §"]
)
def test_signs_without_a_word_find_nothing_rather_than_everything(
    history: SqlHistory, words: str
) -> None:
    asked(history, 'signs * "" - § 👩‍⚖️')
    assert history.page(HistoryQuery(words)) == []
    assert history.count(HistoryQuery(words)) == 0


@pytest.mark.parametrize("words", ["x " * 400, "a-" * 900, "'" * 3_000, "(" * 3_000, "w" * 100_000])
def test_an_absurd_search_is_answered_and_never_raises(history: SqlHistory, words: str) -> None:
    asked(history)
    assert history.page(HistoryQuery(words)) == []


def test_every_text_of_a_turn_is_searched(history: SqlHistory) -> None:
    wanted = turn("promptword", matter="Matterword v. Jones", tags=("tagword",))
    file = Attachment("Fileword.pdf", "application/pdf", "bodyword", "00", 1)
    wanted = replace(wanted, prompt=replace(wanted.prompt, attachments=(file,)))
    begun = history.begin_turn(wanted)
    history.finish_answer(ended(begun.answers[0], "cheapword"), ())
    history.finish_answer(ended(begun.answers[1], "frontierword", AnswerState.STOPPED), ())
    for word in ["prompt", "matter", "tag", "file", "body", "cheap", "frontier"]:
        assert history.count(HistoryQuery(f"{word}word")) == 1, word
    assert history.count(HistoryQuery("promptword frontierword tagword")) == 1
    assert history.count(HistoryQuery("promptword absent")) == 0


def test_text_still_arriving_is_indexed_once_it_has_ended(history: SqlHistory) -> None:
    begun = history.begin_turn(turn())
    history.save_partial(begun.answers[0].id, "halfway", "")
    assert history.count(HistoryQuery("halfway")) == 0
    history.finish_answer(ended(begun.answers[0], "all the way"), ())
    assert history.count(HistoryQuery("all the way")) == 1


def test_pages_join_without_a_gap_or_a_double_while_new_turns_arrive(history: SqlHistory) -> None:
    ids = [asked(history, f"lease {number}").id for number in range(7)]
    for words in ("", "lease"):
        seen: list[int] = []
        before: int | None = None
        while page := history.page(HistoryQuery(words, before_id=before, limit=3)):
            seen += [row.id for row in page]
            before = page[-1].id
            asked(history, "another lease")
        assert seen[-7:] == ids[::-1]
        assert len(set(seen)) == len(seen)
        for row in history.page(HistoryQuery("another")):
            history.delete_turn(row.id)


def test_a_list_can_be_narrowed_by_matter_choice_and_model(history: SqlHistory) -> None:
    first = asked(history, "lease one", matter="Acme")
    second = asked(history, "lease two", matter="Beta")
    third = history.begin_turn(
        turn("lease three", matter="Beta", answers=waiting(replace(CHEAP, name="Other")))
    )
    history.add_vote(first.id, Vote(Choice.CHEAP, VoteKind.BLIND))
    history.add_vote(second.id, Vote(Choice.CHEAP, VoteKind.BLIND))
    history.add_vote(second.id, Vote(Choice.EQUAL, VoteKind.CHANGED))
    for words in ("", "lease"):
        for query, wanted in (
            (HistoryQuery(words, matter="acme"), [first.id]),
            (HistoryQuery(words, matter="nobody"), []),
            (HistoryQuery(words, choice=Choice.CHEAP), [first.id]),
            (HistoryQuery(words, choice=Choice.EQUAL), [second.id]),
            (HistoryQuery(words, model="Other"), [third.id]),
            (HistoryQuery(words, model="My cheap", matter="Beta"), [second.id]),
            (HistoryQuery(words, before_id=third.id, limit=1), [second.id]),
            (HistoryQuery(words, limit=0), []),
        ):
            assert [row.id for row in history.page(query)] == wanted, query
            if query.before_id is None and query.limit:
                assert history.count(query) == len(wanted), query


@pytest.mark.parametrize(
    ("use", "never"),
    [
        (lambda h: h.page(HistoryQuery(before_id=4)), ("SCAN", "TEMP B-TREE FOR ORDER BY")),
        (lambda h: h.page(HistoryQuery(matter="acme", before_id=4)), ("SCAN", "FOR ORDER BY")),
        (
            lambda h: h.page(HistoryQuery(choice=Choice.CHEAP, before_id=4)),
            ("SCAN turn", "SCAN answer", "FOR ORDER BY"),
        ),
        (
            lambda h: h.page(HistoryQuery("answer", matter="acme", model="x", before_id=4)),
            ("SCAN turn\n", "SCAN answer", "FOR ORDER BY"),
        ),
        (lambda h: h.turn(1), ("SCAN turn", "SCAN answer", "SCAN prompt", "SCAN attachment")),
        (lambda h: h.lessons("pair-1"), ("SCAN turn", "SCAN answer", "SCAN prompt", "SCAN vote")),
        (lambda h: h.votes_left_out("pair-1"), ("SCAN turn", "SCAN answer")),
        (lambda h: h.output_lengths(CHEAP, 0, 50), ("SCAN", "TEMP B-TREE")),
        (lambda h: h.spending("2026-03", NOON, NOON), ("SCAN",)),
        (lambda h: h.ledger(practice=False), ("prompt", "answer_text", "attachment")),
    ],
)
def test_lists_and_searches_read_an_index_and_never_the_whole_history(
    history: SqlHistory, use: Callable[[SqlHistory], object], never: tuple[str, ...]
) -> None:
    stored = asked(history, matter="acme")
    history.add_vote(stored.id, Vote(Choice.CHEAP, VoteKind.BLIND))
    raw = history._database.raw
    statements: list[str] = []
    raw.set_trace_callback(statements.append)
    use(history)
    raw.set_trace_callback(None)
    plans = [
        "\n".join(row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}")) + "\n"
        for statement in statements
        if statement.startswith("SELECT")
    ]
    assert plans
    for plan in plans:
        assert not any(words in plan for words in never), plan


def test_a_search_streams_by_recency_from_the_index_itself(history: SqlHistory) -> None:
    asked(history)
    raw = history._database.raw
    statements: list[str] = []
    raw.set_trace_callback(statements.append)
    history.page(HistoryQuery("answer", before_id=9))
    raw.set_trace_callback(None)
    first = next(item for item in statements if item.startswith("SELECT"))
    plan = [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {first}")]
    assert plan[0].startswith("SCAN turn_search VIRTUAL TABLE INDEX")
    assert plan[1:] == ["SEARCH turn USING INTEGER PRIMARY KEY (rowid=?)"]
    assert "OFFSET 0" in first
    assert "rank" not in first
