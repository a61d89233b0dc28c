"""The whole conformance table, in the order in which vendors matter to the user."""

from tests.conformance.providers import (
    anthropic,
    clouds,
    deepseek,
    fireworks,
    further,
    gemini,
    glm,
    local_servers,
    ollama,
    openai_chat,
    openai_responses,
    openrouter,
)
from tests.conformance.rows import Provider, Refusal, Request, Stream

PROVIDERS: tuple[Provider, ...] = (
    *openai_chat.PROVIDERS,
    *openai_responses.PROVIDERS,
    *anthropic.PROVIDERS,
    *fireworks.PROVIDERS,
    *deepseek.PROVIDERS,
    *glm.PROVIDERS,
    *openrouter.PROVIDERS,
    *ollama.PROVIDERS,
    *gemini.PROVIDERS,
    *local_servers.PROVIDERS,
    *further.PROVIDERS,
    *clouds.PROVIDERS,
)

STREAMS: list[tuple[Provider, Stream]] = [
    (provider, row) for provider in PROVIDERS for row in provider.streams
]
REFUSALS: list[tuple[Provider, Refusal]] = [
    (provider, row) for provider in PROVIDERS for row in provider.refusals
]
REQUESTS: list[tuple[Provider, Request]] = [
    (provider, row) for provider in PROVIDERS for row in provider.requests
]


def named(value: object) -> str:
    """Return how a test calls a part of a row."""
    match value:
        case Provider(name=name):
            return name
        case Stream(name=name, local=local):
            return f"{name} local" if local else name
        case Refusal(status=status, problem=problem):
            return f"{status} {problem}"
        case Request(why=why):
            return why
        case _:
            return ""
