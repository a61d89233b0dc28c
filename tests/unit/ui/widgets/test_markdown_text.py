"""Text from outside: what could deceive is made visible."""

import pytest

from app.ui.widgets.markdown_text import is_link, neutralise, utf16_length


def test_an_amount_cannot_be_written_backwards() -> None:
    assert neutralise("pay \u202e000,1\u202c USD") == "pay ⟨RLO⟩000,1⟨PDF⟩ USD"


@pytest.mark.parametrize(
    "mark", ["\u202a", "\u202b", "\u202d", "\u2066", "\u2067", "\u2068", "\u2069"]
)
def test_every_mark_that_reorders_words_is_made_visible(mark: str) -> None:
    assert mark not in neutralise(f"a{mark}b")


def test_hebrew_and_arabic_with_their_ordinary_marks_stay_as_they_are() -> None:
    text = "שלום\u200f (abc) مرحبا\u200e"
    assert neutralise(text) == text


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\ud800", "\ufdd0", "\ufdd1", "\ufffc", "\x85"])
def test_a_sign_that_would_break_the_document_is_replaced(sign: str) -> None:
    assert neutralise(f"a{sign}b") == "a\ufffdb"


def test_line_ends_of_other_systems_stay_line_ends() -> None:
    assert neutralise("a\r\nb\rc\u2028d") == "a\nb\nc\nd"


@pytest.mark.parametrize(
    "url", ["https://example.org/a?b#c", "http://example.org", "mailto:a@example.org"]
)
def test_a_web_or_mail_address_is_a_link(url: str) -> None:
    assert is_link(url)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "smb://host/share",
        "//example.org",
        "relative/path",
        "https:",
        "http://[",
        "mailto:",
        "",
    ],
)
def test_nothing_else_is_a_link(url: str) -> None:
    assert not is_link(url)


def test_positions_are_counted_as_qt_counts_them() -> None:
    assert utf16_length("a😀é") == 4
