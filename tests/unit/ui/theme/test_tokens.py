"""Colours that can be read, and a stylesheet that names only what exists."""

import re
from pathlib import Path

import pytest

from app.ui.theme.resources import resource
from app.ui.theme.stylesheet import build_stylesheet
from app.ui.theme.tokens import DARK, LIGHT, TEXT_PAIRS, Tokens, contrast

THEMES = {"light": LIGHT, "dark": DARK}


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("words", "ground"), TEXT_PAIRS)
def test_words_can_be_read_on_every_ground_they_stand_on(
    name: str, words: str, ground: str
) -> None:
    tokens = THEMES[name]
    assert contrast(tokens.colour(words), tokens.colour(ground)) >= 4.5


def test_contrast_is_measured_as_the_guidelines_do() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("tokens", THEMES.values(), ids=THEMES)
def test_the_stylesheet_has_no_name_left_open_and_every_picture_exists(tokens: Tokens) -> None:
    sheet = build_stylesheet(tokens, 1.0)
    assert "@" not in sheet
    assert "px*" not in sheet
    pictures = re.findall(r'url\("([^"]+)"\)', sheet)
    assert pictures
    assert all(resource("icons", p.rsplit("/", 1)[1]).is_file() for p in pictures)


def test_sizes_in_the_stylesheet_grow_with_the_text() -> None:
    small, large = build_stylesheet(LIGHT, 1.0), build_stylesheet(LIGHT, 2.0)
    assert "font-size: 19px" in small
    assert "font-size: 38px" in large
    assert "border: 1px solid" in large


def test_a_token_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError):
        LIGHT.colour("colour")


def test_an_installed_program_finds_its_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys._MEIPASS", str(tmp_path), raising=False)
    assert resource("icons", "x.svg") == tmp_path / "resources" / "icons" / "x.svg"
