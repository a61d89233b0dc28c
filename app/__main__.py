"""Starts Counterpart: a window, or a command."""

from __future__ import annotations

import sys

LOCAL_MODEL_CHILD = "--local-model-child"


def main(arguments: list[str] | None = None) -> int:
    """Run what was typed and return the exit status."""
    typed = sys.argv[1:] if arguments is None else arguments
    if typed[:1] == [LOCAL_MODEL_CHILD]:
        # A frozen build has no `python -m`: it starts itself as the practice model's process.
        from app.bootstrap import serve_local_model

        return serve_local_model()
    from app.bootstrap import start

    return start(typed)


if __name__ == "__main__":
    raise SystemExit(main())
