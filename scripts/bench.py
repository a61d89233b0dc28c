#!/usr/bin/env python3
"""Run one benchmark and print one JSON object.

    python3 scripts/bench.py start

Absolute times drift with whatever else the machine does, so each goal is a ratio of two things
measured turn by turn in the same run. The exit code is 1 when a goal is not met.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys
from inspect import signature
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BENCHMARKS = ROOT / "scripts" / "benchmarks"
sys.path.insert(0, str(ROOT))

from scripts.install.environment import Environment  # noqa: E402


def names() -> list[str]:
    """Return the names of the benchmarks: the modules here that have a `run`."""
    modules = (path for path in BENCHMARKS.glob("*.py") if not path.name.startswith("_"))
    return sorted(path.stem for path in modules if "\ndef run(" in path.read_text("utf-8"))


def machine() -> dict[str, Any]:
    """Return what the figures were measured on."""
    from importlib.metadata import version

    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return {
        "system": f"{platform.system()} {platform.release()}",
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "load_1min": load,
        "python": platform.python_version(),
        "qt": version("PySide6-Essentials"),
    }


def main() -> int:
    """Run the benchmark that was named. Returns the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", choices=names(), help="which benchmark")
    parser.add_argument("--data", type=Path, metavar="DIR", help="where its data lie")
    parser.add_argument("--quick", action="store_true", help="little of it, to see that it runs")
    options = parser.parse_args()
    _enter_environment()
    about = machine()
    run = importlib.import_module(f"scripts.benchmarks.{options.name}").run
    # A benchmark that measures on data says so by taking their folder.
    if not signature(run).parameters:
        goals = run()
    elif options.data is None:
        parser.error(f"{options.name} measures on data: name their folder with --data DIR")
    elif "quick" in signature(run).parameters:
        goals = run(options.data, quick=options.quick)
    else:
        goals = run(options.data)
    # Most return their goals; one with tables behind them returns both.
    shown = goals if isinstance(goals, dict) else {"goals": goals}
    print(json.dumps({"benchmark": options.name, "machine": about, **shown}, indent=2))
    return 0 if all(goal["met"] for goal in shown["goals"]) else 1


def _enter_environment() -> None:
    """Go on in the project's own environment, when started by another Python."""
    environment = Environment(ROOT)
    if Path(sys.prefix).resolve() == environment.folder.resolve():
        return
    if not environment.python.exists():
        sys.exit('Set the project up first: type "python3 scripts/check.py".')
    import subprocess

    command = [str(environment.python), *sys.argv]
    sys.exit(subprocess.run(command, check=False).returncode)


if __name__ == "__main__":
    sys.exit(main())
