"""Lock files that install the same everywhere and tell no address."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import lock

ROOT = Path(__file__).resolve().parents[3]


def test_a_lock_tells_no_address_of_any_index() -> None:
    assert lock.addresses("--index-url https://mirror.example/simple\n") != []
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-model.lock"):
        assert lock.addresses((ROOT / name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("upgrade", [True, False])
def test_a_lock_is_written_for_every_system_with_hashes(upgrade: bool) -> None:
    command = lock.compile_command("uv", "requirements.in", "requirements.lock", upgrade)
    assert {"--universal", "--generate-hashes", "--no-emit-index-url", "--no-strip-extras"} <= set(
        command
    )
    assert ("--upgrade" in command) is upgrade
