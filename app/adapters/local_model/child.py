"""The practice model's own process: llama.cpp's HTTP server on loopback, behind an access key.

Started by `server.py`. On its standard input it is told the key and the weights as one line of
JSON, and learns of the app's end when that pipe closes; on its standard output it says one line
of JSON, `{"url": …}` or `{"error": …}`, and nothing else ever. Neither the key nor a prompt is in
its arguments, its environment or a log.

This file imports the standard library and `xllamacpp` alone, so that it can be run by its path.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ALIAS = "smollm2-135m-instruct"
SLOTS = 2  # the two settings answer at the same time
CONTEXT_TOKENS = 8192  # of both slots together: each reads a document of about five pages
_STDIN, _STDOUT = 0, 1


@dataclass(frozen=True, slots=True)
class Order:
    """What the app asks of this process; the key guards the port against other programs."""

    key: str
    weights: Path


def main() -> int:
    """Load the model, say where it listens, and serve until the app is gone."""
    # Ctrl+C in a terminal reaches this process too, while the app may still want its last words.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _die_with_parent()
    answer_fd = _keep_stdout_to_ourselves()
    line = _first_line()
    if not line:
        return 0
    threading.Thread(target=_exit_at_end_of_input, daemon=True).start()
    try:
        told = json.loads(line)
        server = serve(Order(told["key"], Path(told["weights"])))
    except Exception as error:  # noqa: BLE001 - whatever it is, the app must be able to say it
        _say(answer_fd, {"error": f"{type(error).__name__}: {error}"[:300]})
        return 1
    _say(answer_fd, {"url": server.listening_address})
    threading.Event().wait()  # `_exit_at_end_of_input` ends the process
    return 0


def serve(order: Order) -> Any:  # noqa: ANN401 - xllamacpp has no types
    """Load the weights (about two seconds) and return the listening server."""
    import xllamacpp

    settings = xllamacpp.CommonParams()
    settings.model.path = str(order.weights)
    settings.model_alias = {ALIAS}  # else answers would carry the path of the weights
    settings.api_keys = [order.key]
    settings.hostnames = ["127.0.0.1"]
    settings.port = 0
    settings.n_parallel = SLOTS
    settings.n_ctx = CONTEXT_TOKENS
    # One thread: two on a busy machine are slower than one, and the window needs the other core.
    settings.cpuparams.n_threads = 1
    settings.cpuparams_batch.n_threads = 1
    settings.n_gpu_layers = 0  # the same answers on every machine
    settings.cache_ram_mib = 0  # no store of earlier prompts
    settings.ui = False
    settings.endpoint_slots = False  # it would show the prompts in work
    settings.cors_origins = "http://127.0.0.1"
    settings.verbosity = 0
    return xllamacpp.Server(settings)


def _keep_stdout_to_ourselves() -> int:
    """Return a private copy of standard output; what libraries print there goes nowhere."""
    private = os.dup(_STDOUT)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, _STDOUT)
    os.close(nowhere)
    return private


def _say(fd: int, message: dict[str, str]) -> None:
    os.write(fd, json.dumps(message).encode() + b"\n")
    os.close(fd)


def _first_line() -> bytes:
    """Return the first line of standard input, or nothing at its end."""
    received = b""
    while not received.endswith(b"\n"):
        chunk = os.read(_STDIN, 65536)
        if not chunk:
            return b""
        received += chunk
    return received


def _exit_at_end_of_input() -> None:
    """End this process as soon as the app has closed the pipe, or is no more."""
    while os.read(_STDIN, 65536):
        pass
    os._exit(0)  # nothing is worth saving, and the server's own end may wait for an answer


def _die_with_parent() -> None:
    """Ask Linux to end this process with the thread that started it, should the pipe not do."""
    if sys.platform != "linux":
        return
    import ctypes

    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


if __name__ == "__main__":
    raise SystemExit(main())
