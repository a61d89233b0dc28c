"""The front door of the project, read by every Python however old."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from scripts import run

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 9), (3, 10, 14)])
def test_an_old_python_is_told_in_one_sentence_what_to_install(version: tuple[int, ...]) -> None:
    complaint = run.version_complaint(version)
    assert "3.11 or newer" in complaint
    assert f"{version[0]}.{version[1]}" in complaint
    assert "\n" not in complaint


def test_a_python_newer_than_qt_knows_is_told_so_before_the_download() -> None:
    assert "3.14" in run.version_complaint((3, 15, 0))


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 4), (3, 14, 1)])
def test_a_supported_python_hears_no_complaint(version: tuple[int, ...]) -> None:
    assert run.version_complaint(version) == ""


def test_an_old_python_can_read_the_file_that_complains() -> None:
    source = (ROOT / "scripts" / "run.py").read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 6))
    imported = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name for node in imported for alias in node.names}
    assert names == {"os", "sys"}, "an older Python would stop at an import of ours"
    annotations = [
        argument.annotation
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for argument in node.args.args
    ]
    assert all(isinstance(annotation, ast.Constant) for annotation in annotations)


def test_an_old_python_gets_exit_code_one_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 8, 10, "final", 0))
    assert run.main([]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
