"""How long and how much one answer may take."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.domain.connection import Connection

_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and sizes; handed in, so that a test can make them short.

    `first_token_s` and `between_tokens_s` run since the last *meaningful* progress: bytes that add
    to an event count, comments and complete keep-alive events do not.
    `after_finish_s` is how long to wait for the usage once the answer itself has ended.
    `answer_bytes` caps text and reasoning together, `body_bytes` the body after decompression.
    """

    connect_s: float = 10.0
    first_token_s: float = 120.0
    between_tokens_s: float = 60.0
    after_finish_s: float = 5.0
    whole_answer_s: float = 20 * 60.0
    error_body_s: float = 10.0
    drain_s: float = 0.05
    line_bytes: int = 10_000_000
    answer_bytes: int = 10_000_000
    body_bytes: int = 256_000_000
    error_body_bytes: int = 65_536

    def under(self, connection: Connection) -> Limits:
        """Return these limits with the user's own figures."""
        answer_bytes = round(connection.answer_mb * _MEGABYTE)
        return replace(
            self,
            connect_s=connection.connect_s,
            first_token_s=connection.first_token_s,
            between_tokens_s=connection.between_tokens_s,
            whole_answer_s=connection.whole_answer_s,
            answer_bytes=answer_bytes,
            # One event may hold the whole answer, and its framing many times as much.
            line_bytes=max(answer_bytes, _MEGABYTE),
            body_bytes=max(answer_bytes * 25, self.body_bytes),
        )
