"""vendor, and `model found`: what can be added."""

from __future__ import annotations

import argparse
import sys

from app.cli.asking import Printed
from app.cli.shape import listed_json, server_json, vendor_json
from app.domain.errors import InputError
from app.domain.model import Dialect
from app.domain.money import Money
from app.domain.secret import ApiKey
from app.domain.vendor import ListedModel, LocalServer, VendorFacts, matching
from app.domain.words import PRICE_NOT_KNOWN, counted, money_text
from app.services.container import Services


async def vendor(services: Services, options: argparse.Namespace) -> Printed:
    """List the vendors, or read one's model list."""
    if options.action == "list":
        vendors = services.vendors.all()
        words = "\n\n".join(_vendor_words(item) for item in vendors)
        return {"vendors": [vendor_json(item) for item in vendors]}, words, 0
    return await _models(services, options)


async def _models(services: Services, options: argparse.Namespace) -> Printed:
    chosen = services.vendors.named(options.vendor)
    dialect = Dialect(options.dialect) if options.dialect else None
    place = services.vendors.place(chosen, options.base_url, dialect)
    key = key_from_stdin() if options.key_stdin else None
    listed = await services.vendors.models_at(place, key, key_variable=options.key_env)
    del key
    shown = matching(listed, options.search)
    shaped = {
        "vendor": chosen.name,
        "base_url": place.base_url,
        "listed": len(listed),
        "matching": len(shown),
        "models": [listed_json(model) for model in shown],
    }
    lines = [listed_words(model) for model in shown]
    return shaped, "\n".join(lines) or "No model of the list matches.", 0


async def found(services: Services) -> Printed:
    """List the model servers that run on this computer."""
    servers = await services.vendors.found()
    words = "\n\n".join(_server_words(server) for server in servers)
    nothing = (
        "No model server was found running on this computer (looked for Ollama, LM Studio, "
        "llama.cpp and vLLM at their usual ports)."
    )
    return {"servers": [server_json(server) for server in servers]}, words or nothing, 0


def key_from_stdin() -> ApiKey:
    """Return the key that is piped in; InputError where none comes."""
    value = sys.stdin.readline().strip()
    if not value:
        raise InputError("No key came on standard input.", "Pipe the key in, or use --key-env VAR.")
    return ApiKey(value)


def listed_words(model: ListedModel) -> str:
    """Return one model of a list on one line."""
    parts = [model.id, *([model.name] if model.name else [])]
    if model.context_tokens is not None:
        parts.append(f"reads {model.context_tokens:,} tokens")
    if model.remote:
        parts.append(f"not local: handed on to {model.forwards_to}")
    elif model.price is None:
        parts.append(PRICE_NOT_KNOWN)
    if model.price is not None:
        given, written = (
            money_text(Money(amount, model.price.currency))
            for amount in (model.price.input_per_million, model.price.output_per_million)
        )
        parts.append(f"{given} in, {written} out per million tokens")
    return " · ".join(parts)


def _vendor_words(item: VendorFacts) -> str:
    dialects = ", ".join(wire.dialect.value for wire in item.wires)
    lines = [f"{item.name} ({dialects})", f"  Receives it: {item.receiver}"]
    for heading, fact in item.facts():
        source = f", {fact.source}" if fact.source else ""
        lines.append(f"  {heading}: {fact.text} ({fact.as_of()}{source})")
    if item.offered:
        lines.append(f"  Cheap: {', '.join(item.cheap_models)}")
        lines.append(f"  Frontier: {', '.join(item.frontier_models)}")
    return "\n".join(lines)


def _server_words(server: LocalServer) -> str:
    count = "asks for a key" if server.locked else counted(len(server.models), "model")
    lines = [f"{server.name} at {server.place.base_url} · {count}"]
    return "\n".join((*lines, *(f"  {_local_words(model)}" for model in server.models)))


def _local_words(model: ListedModel) -> str:
    parts = [model.id]
    if model.context_tokens is not None:
        parts.append(f"reads {model.context_tokens:,} tokens")
    if model.remote:
        parts.append(f"NOT local: handed on to {model.forwards_to}")
    return " · ".join(parts)
