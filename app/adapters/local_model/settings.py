"""The practice pair: one small model on this computer, asked in two ways.

Measured on 2026-11-23 with SmolLM2 135M (Q4_1, llama.cpp, one thread, both slots busy) over the 21
prompts of `resources/prompts/practice.json`, graded by their key:

| Setting | Right of 21 | Tokens an answer |
|---|---|---|
| temperature 0.8, no system prompt (llama.cpp's own default): **loose** | 6, 7, 5 | 45 |
| temperature 0, no system prompt | 10 | 52 |
| temperature 0, “Answer from the text only. Be brief and exact.” | 10 | 15 |
| temperature 0, the system prompt below, repeat penalty 1.05 | 10 | 19 |
| temperature 0, the system prompt below: **careful** | 12 | 14 |
| temperature 0.3, the system prompt below | 13, 12 | 14 |

So the careful setting takes the frontier seat by right: about 57% against 29%. It was picked on the
prompts it was measured on, which flatters it somewhat; both are wrong often enough to practise
voting on. It is the repeatable one of the two best.
"""

from __future__ import annotations

from app.domain.model import Dialect, KeySource, ModelRef, Role, Sampling

VENDOR = "this computer"
MODEL = "smollm2-135m-instruct"
PLACEHOLDER_URL = "http://127.0.0.1/v1"  # the real port is known only while the process runs
MAX_OUTPUT_TOKENS = 512  # a small model can talk in circles
BRIEF = "Read the text and answer the question in as few words as possible."


def practice_settings() -> tuple[ModelRef, ModelRef]:
    """Return the loose setting in the cheap seat and the careful one in the frontier seat."""
    return (
        _setting("Practice: loose", Role.CHEAP, Sampling(temperature=0.8)),
        _setting("Practice: careful", Role.FRONTIER, Sampling(temperature=0.0), BRIEF),
    )


def _setting(name: str, role: Role, sampling: Sampling, system_prompt: str = "") -> ModelRef:
    return ModelRef(
        name=name,
        dialect=Dialect.OPENAI_CHAT,
        base_url=PLACEHOLDER_URL,
        model=MODEL,
        role=role,
        vendor=VENDOR,
        system_prompt=system_prompt,
        max_output_tokens=MAX_OUTPUT_TOKENS,
        key_source=KeySource.PRACTICE,
        local=True,
        practice=True,
        sampling=sampling,
    )
