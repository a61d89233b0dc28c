"""limits."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from app.cli.asking import Printed
from app.domain.connection import BOUNDS, Connection
from app.services.container import Services

_NAMES = {
    "connect_s": "Connect within",
    "first_token_s": "First word within",
    "between_tokens_s": "Next word within",
    "whole_answer_s": "Whole answer within",
    "answer_mb": "Answer up to",
}


async def limits(services: Services, options: argparse.Namespace) -> Printed:
    """Show or change the limits and the added certificates."""
    connection = await services.connections.load()
    if options.action == "set":
        connection = await services.connections.save(_wanted(connection, options))
    added = await services.connections.certificates(connection)
    lines = [
        f"{name}: {getattr(connection, field):,g} {BOUNDS[field].unit}"
        for field, name in _NAMES.items()
    ]
    trusted = f"; and {connection.ca_file} ({added})" if added else ""
    lines.append(f"Trusted: this computer's own certificates{trusted}")
    shaped = {field: getattr(connection, field) for field in _NAMES}
    return {**shaped, "ca_file": connection.ca_file or None}, "\n".join(lines), 0


def _wanted(connection: Connection, options: argparse.Namespace) -> Connection:
    if options.usual:
        connection = Connection(ca_file=connection.ca_file)
    typed = {
        "connect_s": options.connect,
        "first_token_s": options.first_token,
        "between_tokens_s": options.between_tokens,
        "whole_answer_s": options.whole_answer,
        "answer_mb": options.answer_mb,
    }
    figures = {name: value for name, value in typed.items() if value is not None}
    if options.no_ca_file:
        connection = replace(connection, ca_file="")
    elif options.ca_file is not None:
        connection = replace(connection, ca_file=str(Path(options.ca_file).absolute()))
    return replace(connection, **figures)
