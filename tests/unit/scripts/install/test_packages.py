"""Installing packages: what is shown, and why it failed."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from scripts.install import progress as progress_module
from scripts.install.environment import MODEL_LOCK, RUNTIME_LOCK
from scripts.install.errors import SetupError
from scripts.install.packages import cause, count_pins, pip_install
from scripts.install.progress import Progress

ROOT = Path(__file__).resolve().parents[4]


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("NewConnectionError: [Errno -3] Temporary failure in name resolution", "internet"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "not the one"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("SSLError(SSLCertVerificationError(1, 'CERTIFICATE_VERIFY_FAILED", "PIP_CERT"),
        ("ERROR: No matching distribution found for numpy==2.4.6", "64-bit Python"),
    ],
)
def test_why_pip_failed_is_one_sentence_with_a_next_step(output: str, said: str) -> None:
    sentence = cause(f"Collecting numpy==2.4.6\n{output}\n")
    assert said in sentence
    assert "\n" not in sentence


def test_a_lost_network_is_not_mistaken_for_a_missing_build() -> None:
    output = "Retrying after NewConnectionError\nERROR: No matching distribution found for anyio"
    assert "internet" in cause(output)


def test_a_failed_install_says_why_and_keeps_the_log(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("anyio==4.0.0 --hash=sha256:" + "0" * 64 + "\n", encoding="utf-8")
    log = tmp_path / "setup.log"
    python = tmp_path / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    empty = tmp_path / "index"
    empty.mkdir()
    offline = ["--no-index", "--find-links", str(empty), "--require-hashes", "-r", str(lock)]
    with pytest.raises(SetupError, match="no build for this computer"):
        pip_install(Path(sys.executable), offline, log, 1, tmp_path)
    assert "anyio" in log.read_text(encoding="utf-8")


def test_progress_counts_each_package_once_with_its_size() -> None:
    progress = Progress(total=4)
    lines = [
        "Ignoring pywin32-ctypes: markers 'sys_platform == \"win32\"' don't match",
        "Collecting alembic==1.20.1 (from -r requirements.lock (line 1))",
        "  Downloading alembic-1.20.1-py3-none-any.whl.metadata (7 kB)",
        "  Downloading alembic-1.20.1-py3-none-any.whl (270 kB)",
        "Processing /wheels/typing_extensions-4.16.0-py3-none-any.whl (from -r x (line 2))",
        "Collecting pyside6-essentials==6.11.3 (from -r requirements.lock (line 3))",
        "  Using cached pyside6_essentials-6.11.3-cp310-abi3-linux.whl (80.3 MB)",
    ]
    assert [shown for line in lines for shown in progress.hear(line)] == [
        "  [1/3] alembic 1.20.1, 270 kB",
        "  [2/3] typing-extensions 4.16.0",
        "  [3/3] pyside6-essentials 6.11.3, 80.3 MB",
    ]


def test_the_count_of_packages_is_that_of_the_lock() -> None:
    assert count_pins(ROOT / MODEL_LOCK) == 1
    assert count_pins(ROOT / RUNTIME_LOCK) > 40


def test_on_a_slow_line_a_large_download_is_seen_to_move(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress_module, "_METER_PERIOD_S", 0.001)
    (tmp_path / "half.whl").write_bytes(bytes(3_000_000))
    shown = ""
    limit = time.monotonic() + 10
    with progress_module.Meter(tmp_path, shown=True):
        while "3 MB of this file" not in shown and time.monotonic() < limit:
            shown += capsys.readouterr().err
    assert "3 MB of this file" in shown


def test_a_log_file_holds_no_meter(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with progress_module.Meter(tmp_path, shown=False) as meter:
        meter.say("  [1/3] alembic 1.20.1")
    assert capsys.readouterr().err == "  [1/3] alembic 1.20.1\n"
