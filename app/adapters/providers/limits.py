"""How long and how much one answer may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and sizes; handed in, so that a test can make them short.

    `first_token_s` and `between_tokens_s` run since the last *meaningful* progress: bytes that add
    to an event count, comments and complete keep-alive events do not.
    `after_finish_s` is how long to wait for the usage once the answer itself has ended.
    `answer_chars` caps text and reasoning together, `body_bytes` the body after decompression.
    """

    connect_s: float = 10.0
    first_token_s: float = 120.0
    between_tokens_s: float = 60.0
    after_finish_s: float = 5.0
    whole_answer_s: float = 20 * 60.0
    error_body_s: float = 10.0
    drain_s: float = 0.05
    line_bytes: int = 10_000_000
    answer_chars: int = 10_000_000
    body_bytes: int = 256_000_000
    error_body_bytes: int = 65_536
