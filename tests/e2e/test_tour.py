"""The tour: what someone without a screen sees of the program."""

import re
from pathlib import Path

import pytest

from app.__main__ import main
from app.adapters.local_model.prompts import practice_items

pytestmark = pytest.mark.e2e


def test_the_tour_tells_what_really_happened_on_one_page_that_needs_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "tour.html"
    folder = tmp_path / "data"
    status = main(["tour", "--prompts", "2", "--html", str(target), "--data-dir", str(folder)])
    assert status == 0
    assert capsys.readouterr().out.strip() == str(target)
    page = target.read_text("utf-8")
    for item in practice_items()[:2]:
        assert item.id in page
    assert "answer key" in page
    assert "Not enough votes yet" in page
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", page)
    pictures = re.findall(r"src='data:image/png;base64,(\w{20})", page)
    assert len(captions) == len(pictures) >= 20
    assert all("live:" in caption or "sample:" in caption for caption in captions)
    assert len(set(re.findall(r"base64,([^']+)'", page))) == len(pictures)  # no picture twice
    assert "http://" not in page
    assert "https://" not in page
    # The key's votes teach no rule of the user's: the tour keeps its history apart.
    assert not (folder / "counterpart.db").exists()
