"""A file of prices in the published form, small and made up, and newer than the shipped one."""

from __future__ import annotations

import json
from typing import Any

NEWEST = "2026-11-22"


def model(name: str, price_in: float, price_out: float, **more: Any) -> dict[str, Any]:
    """Return one model."""
    return {
        "id": name,
        "match": {"equals": name},
        "prices": {"input_mtok": price_in, "output_mtok": price_out},
        **more,
    }


def providers(*models: dict[str, Any], newest: str = NEWEST) -> list[dict[str, Any]]:
    """Return providers of which OpenAI has these models, and a change on that day."""
    dated = {
        "id": "dated-1",
        "match": {"equals": "dated-1"},
        "prices": [
            {"prices": {"input_mtok": 1, "output_mtok": 2}},
            {"constraint": {"start_date": newest}, "prices": {"input_mtok": 3, "output_mtok": 4}},
        ],
    }
    many = [model(f"model-{number}", 1, 2) for number in range(120)]
    return [
        {
            "id": "openai",
            "name": "OpenAI",
            "api_pattern": r"https://api\.openai\.com",
            "extractors": [{"root": "usage", "mappings": [{"path": "x", "dest": "not_a_unit"}]}],
            "models": [*models, dated, *many],
        },
        {
            "id": "anthropic",
            "name": "Anthropic",
            "api_pattern": r"https://api\.anthropic\.com",
            "models": [],
        },
    ]


def file(*models: dict[str, Any], newest: str = NEWEST) -> bytes:
    """Return the file's bytes."""
    return json.dumps(providers(*models, newest=newest)).encode()
