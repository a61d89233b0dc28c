"""Cutting growing Markdown: nothing lost, nothing torn, and never a large open end."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.ui.widgets.markdown_split import BLOCK_CHARS, PIECE_CHARS, MarkdownSplitter, Piece

LINE = "The buyer shall give notice within ten business days. "
LARGEST_TAIL = BLOCK_CHARS + PIECE_CHARS

SHAPES = {
    "an endless line": LINE * 4000,
    "a line without a break": "A" * 200_000,
    "a huge fence": "```python\n" + "x = notice(14.2)\n" * 9000 + "```\n",
    "a fence of one line": "```\n" + "x" * 100_000,
    "a huge table": "| a | b |\n|---|---|\n" + "| cl. 14 | 10 days |\n" * 5000,
    "a huge list": "- item of some length\n" * 5000,
    "a paragraph of many lines": (LINE + "\n") * 3000,
    "a quotation": ("> " + LINE + "\n") * 3000,
    "a quotation of one line": "> " + LINE * 3000,
    "Chinese": "本合同双方应当在收到书面通知后十日内履行义务。" * 4000,
    "ordinary text": "\n\n".join(
        ["## Title", LINE * 4, "- a\n- b\n  - c", "| a |\n|---|\n| 1 |"] * 300
    ),
}


def split(text: str, size: int) -> tuple[list[Piece], int]:
    """All pieces of a text arriving ``size`` characters at a time, and its largest tail."""
    splitter, pieces, largest = MarkdownSplitter(), [], 0
    for start in range(0, len(text), size):
        pieces += splitter.feed(text[start : start + size])
        largest = max(largest, len(splitter.tail.source))
    return pieces + splitter.finish(), largest


@pytest.mark.parametrize("shape", SHAPES)
def test_no_word_of_an_answer_is_lost_whatever_its_shape(shape: str) -> None:
    pieces, _ = split(SHAPES[shape], 997)
    assert "".join(piece.source for piece in pieces) == SHAPES[shape]


@pytest.mark.parametrize("shape", SHAPES)
def test_the_part_parsed_again_stays_small_whatever_arrives(shape: str) -> None:
    pieces, largest = split(SHAPES[shape], 61)
    assert largest <= LARGEST_TAIL
    assert max(len(piece.source) for piece in pieces) <= LARGEST_TAIL


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.integers(1, 400))
def test_an_answer_looks_the_same_however_it_was_cut_on_the_wire(seed: int, size: int) -> None:
    dice = random.Random(seed)
    lines = [
        "text " * 30,
        "- item",
        "  more",
        "",
        "",
        "```",
        "| a | b |",
        "|---|---|",
        "> quote",
        "# H",
    ]
    text = "\n".join(dice.choice(lines) for _ in range(200))
    assert split(text, size)[0] == split(text, len(text) + 1)[0]


def test_code_stays_code_in_each_part_of_a_huge_fence() -> None:
    pieces, _ = split(SHAPES["a huge fence"], 500)
    assert len(pieces) > 10
    for piece in pieces[:-1]:
        assert piece.markdown.startswith("```python\n")
        assert piece.markdown.endswith("```\n")
        assert piece.goes_on
    assert not pieces[0].joins
    assert all(piece.joins for piece in pieces[1:])


def test_a_fence_is_closed_by_its_own_mark_only() -> None:
    text = "````\n```\ncode\n```\n````\n\n" + LINE * 20 + "\n\nend"
    pieces, _ = split(text, 50)
    assert pieces[0].markdown.startswith("````\n```\ncode\n```\n````\n")


def test_rows_of_a_huge_table_keep_their_columns_without_a_second_header() -> None:
    pieces, _ = split(SHAPES["a huge table"], 500)
    for piece in pieces[1:]:
        assert piece.headless
        assert piece.markdown.startswith("|x|x|\n|---|---|\n")


def test_a_paragraph_inside_a_list_item_stays_with_its_item() -> None:
    item = "1. " + "first " * 150 + "\n\n   second paragraph of the item\n\n"
    pieces, _ = split(item + "2. next\n\nAfter.\n", 40)
    assert "second paragraph of the item" in pieces[0].source


def test_bold_words_are_not_torn_where_an_endless_paragraph_is_cut() -> None:
    pieces, _ = split("Some **bold words. And more** here. " * 2000, 300)
    assert all(piece.source.count("**") % 2 == 0 for piece in pieces[:-1])


def test_definitions_of_links_at_the_end_are_found() -> None:
    splitter = MarkdownSplitter()
    splitter.feed("See [the Act][act].\n\n[Act]: https://example.org/act\n")
    splitter.finish()
    assert splitter.definitions == {"act": "[Act]: https://example.org/act"}
