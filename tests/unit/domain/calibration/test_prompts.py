"""The list: every prompt once, fixed before anything is sent, drawn alike on every machine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.calibration.prompts import (
    Chosen,
    Entry,
    Found,
    choose,
    described,
    digest,
    draw,
    shuffled,
    split_pasted,
)
from app.domain.conversation import Attachment, Prompt
from app.domain.errors import InputError
from tests.fakes.calibrations import PAIR, drafted, entries


def test_a_duplicate_counts_once_and_is_said() -> None:
    chosen = choose(
        [Found("Summarise  clause 4."), Found("summarise clause 4."), Found("Summarise clause 5.")]
    )
    assert [entry.prompt.text for entry in chosen.entries] == [
        "Summarise  clause 4.",
        "Summarise clause 5.",
    ]
    assert chosen.notes == ("1 duplicate dropped: each prompt counts once.",)
    again = choose([Found("SUMMARISE CLAUSE 4.")], already=chosen.entries)
    assert len(again.entries) == 2


def test_one_question_about_two_documents_is_two_prompts() -> None:
    lease, sale = (Attachment(n, "text/plain", n, n, 1) for n in ("lease", "sale"))
    chosen = choose(
        [Found("Who signs?", attachments=(lease,)), Found("Who signs?", attachments=(sale,))]
    )
    assert len(chosen.entries) == 2


def test_a_prompt_keeps_its_own_matter_and_tags_and_takes_the_given_ones_otherwise() -> None:
    chosen = choose([Found("A", "Larch", ("own",)), Found("B")], matter="Oak", tags=("given",))
    assert [(e.prompt.matter, e.prompt.tags) for e in chosen.entries] == [
        ("Larch", ("own",)),
        ("Oak", ("given",)),
    ]
    assert choose([Found("B")]).entries[0].prompt.matter == "Untagged"


def test_a_prompt_too_long_to_send_is_left_out_and_said() -> None:
    chosen = choose([Found("x" * 1_000_001, source="big.txt"), Found("   ")])
    assert chosen.entries == ()
    assert "big.txt" in chosen.notes[0]


def test_too_few_and_too_many_are_said_with_how_many() -> None:
    assert "choose 8 more" in Chosen(entries(12)).missing()
    assert "take out 5" in Chosen(entries(65)).missing()
    assert Chosen(entries(20)).missing() == Chosen(entries(60)).missing() == ""


@pytest.mark.parametrize("size", [0, 19, 61])
def test_a_run_of_a_wrong_size_cannot_be_fixed(size: int) -> None:
    with pytest.raises(InputError, match="takes 20 to 60"):
        drafted(entries(size))


def test_pasted_prompts_are_paragraphs_or_parted_by_lines() -> None:
    paragraphs = split_pasted("One.\nstill one\n\n \nTwo.\r\n\r\n\r\nThree.")
    assert [item.text for item in paragraphs.found] == ["One.\nstill one", "Two.", "Three."]
    parted = split_pasted("One.\n\nstill one\n---\nTwo.\n  -----  \n\nThree.\n---\n")
    assert [item.text for item in parted.found] == ["One.\n\nstill one", "Two.", "Three."]


def test_the_order_of_the_lot_is_the_same_on_every_machine() -> None:
    # Fixed figures: another order would ask what was stored in one order in another.
    assert shuffled(8, "7") == [4, 7, 3, 2, 1, 5, 6, 0]
    assert sorted(shuffled(60, "seed")) == list(range(60))
    assert shuffled(60, "seed") != shuffled(60, "another")


def test_a_draw_by_lot_keeps_the_order_and_takes_each_at_most_once() -> None:
    drawn = draw(entries(200), 40, "seed")
    places = [int(entry.prompt.text.split()[-1].rstrip(".")) for entry in drawn]
    assert len(set(places)) == 40
    assert places == sorted(places)


def test_the_fingerprint_tells_any_change_to_the_list_or_its_models() -> None:
    run = drafted()
    assert run.unchanged is True
    prompts = [item.prompt for item in run.items]
    assert digest(prompts, PAIR.key) == run.digest
    assert digest(prompts[::-1], PAIR.key) != run.digest
    assert digest(prompts, "another pair") != run.digest
    for change in (
        replace(prompts[0], text="Another"),
        replace(prompts[0], matter="Oak"),
        replace(prompts[0], tags=("x",)),
        replace(prompts[0], attachments=(Attachment("a", "text/plain", "t", "sha", 1),)),
    ):
        assert digest([change, *prompts[1:]], PAIR.key) != run.digest
        tampered = replace(run.items[0], prompt=change)
        assert replace(run, items=(tampered, *run.items[1:])).unchanged is False


def test_a_matter_and_tags_can_be_changed_while_choosing() -> None:
    entry = Entry(Prompt("A", "Larch", ("x",)))
    assert described(entry, matter=" Oak ").prompt == Prompt("A", "Oak", ("x",))
    assert described(entry, tags=(" y ", "")).prompt.tags == ("y",)
    assert described(entry, matter="").prompt.matter == "Untagged"
