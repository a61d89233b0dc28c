"""The one room that knows every dialect."""

from __future__ import annotations

from app.adapters.providers.anthropic import AnthropicMessages
from app.adapters.providers.dialect import Dialect
from app.adapters.providers.gemini import Gemini
from app.adapters.providers.ollama import Ollama
from app.adapters.providers.openai_chat import OpenAiChat
from app.adapters.providers.openai_responses import OpenAiResponses
from app.domain.model import Dialect as Name
from app.domain.model import ModelRef


def dialect_of(model: ModelRef) -> Dialect:
    """Return what the model's server speaks."""
    match model.dialect:
        case Name.OPENAI_CHAT:
            return OpenAiChat()
        case Name.OPENAI_RESPONSES:
            return OpenAiResponses()
        case Name.ANTHROPIC:
            return AnthropicMessages()
        case Name.GEMINI:
            return Gemini()
        case Name.OLLAMA:
            return Ollama()
