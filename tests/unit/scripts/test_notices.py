"""Credit and licences for everything that runs with the app."""

from __future__ import annotations

from pathlib import Path

from scripts import notices


def test_no_package_that_runs_with_the_app_goes_uncredited() -> None:
    listed = notices.NOTICES.read_text(encoding="utf-8")
    missing = [item.name for item in notices.installed() if f"| {item.name} |" not in listed]
    assert missing == []


def test_a_licence_given_as_whole_text_is_named_by_its_title() -> None:
    named = {package.name: notices.licence_of(package) for package in notices.installed()}
    assert named["tiktoken"] == "MIT"
    assert named["PySide6_Essentials"].startswith("LGPL-3.0-only")
    assert all(licence and len(licence) < 80 for licence in named.values())


def test_names_are_read_from_a_lock_once_each() -> None:
    text = "numpy==2.4.6 ; python_full_version < '3.12' \\\n    --hash=sha256:0\nnumpy==2.5 \\\n"
    assert notices.locked_names(text + "setuptools==84.2.1 \\\n") == ["numpy"]


def test_a_package_carries_the_licence_texts_of_its_parts(tmp_path: Path) -> None:
    assert notices.copy_texts(tmp_path) > 50
    assert any((tmp_path / "httpx").iterdir())
