"""Models, their roles and the pair that is compared."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from app.domain.money import Price, own_price

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
OLLAMA_CLOUD_HOST = "ollama.com"
OLLAMA_CLOUD = "Ollama Cloud"


class Role(StrEnum):
    """The two seats of a comparison."""

    CHEAP = "cheap"
    FRONTIER = "frontier"

    def other(self) -> Role:
        """Return the opposite seat."""
        return Role.FRONTIER if self is Role.CHEAP else Role.CHEAP


class Dialect(StrEnum):
    """The wire format a server speaks."""

    OPENAI_CHAT = "openai-chat"
    OPENAI_RESPONSES = "openai-responses"
    ANTHROPIC = "anthropic"
    GEMINI = "gemini"
    OLLAMA = "ollama"


class KeySource(StrEnum):
    """Where the API key of a model is fetched from, at the moment of sending."""

    NONE = "none"
    KEYCHAIN = "keychain"  # an entry of the system's keychain
    ENVIRONMENT = "environment"  # only the variable's name is kept
    SESSION = "session"  # in memory, gone when the app closes
    PRACTICE = "practice"  # the access key of our own child process


@dataclass(frozen=True, slots=True)
class Sampling:
    """Request settings that a practice model fixes; None leaves the server's default."""

    temperature: float | None = None
    repeat_penalty: float | None = None
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class ModelRef:
    """One model as the user set it up. Immutable: a change makes a new version of it.

    `base_url` holds the version part for OpenAI-shaped servers (`…/v1`); for Anthropic, Gemini
    and Ollama it may be left out.
    `key_name` is the keychain entry or the environment variable, never the key.
    `forwards_to` is the host that a server on this computer hands the prompt on to, where it was
    found to do so; empty otherwise.
    `id` is the history's own number, 0 before it is stored.
    """

    name: str
    dialect: Dialect
    base_url: str
    model: str
    role: Role
    vendor: str = ""
    system_prompt: str = ""
    max_output_tokens: int | None = None
    key_source: KeySource = KeySource.NONE
    key_name: str = ""
    local: bool = False
    practice: bool = False
    price: Price | None = None  # the user's own price; wins over the price book
    sampling: Sampling = Sampling()
    id: int = 0
    forwards_to: str = ""

    @property
    def host(self) -> str:
        """Return the host name that a prompt would be sent to, in lower case."""
        return (urlsplit(self.base_url).hostname or "").lower()

    @property
    def on_this_computer(self) -> bool:
        """Return whether the prompt stays on this machine, as far as it is known.

        That is the practice model, or a loopback address that does not hand the prompt on. The
        user's `local` mark makes a model free; it never makes it stay.
        """
        return self.practice or (self.host in LOOPBACK_HOSTS and not self.handed_on_to)

    @property
    def handed_on_to(self) -> str:
        """Return the host that a server on this computer hands the prompt on to, or nothing."""
        if self.practice or self.host not in LOOPBACK_HOSTS:
            return ""
        return self.forwards_to or (OLLAMA_CLOUD_HOST if named_as_cloud(self.model) else "")

    @property
    def provider(self) -> str:
        """Return who receives the prompt: the vendor where it is known, else the host.

        Of a model that a server on this computer only hands on, that is who it is handed to.
        """
        if self.practice:
            return "this computer"
        if self.handed_on_to:
            return OLLAMA_CLOUD if self.handed_on_to == OLLAMA_CLOUD_HOST else self.handed_on_to
        return self.vendor or self.host

    def fingerprint(self) -> str:
        """Return what a vote is bound to: address, model, system prompt and length limit."""
        import hashlib  # loads OpenSSL, some 3.5 MB: not before the first paint

        parts = (self.dialect, self.base_url, self.model, self.system_prompt,
                 str(self.max_output_tokens), repr(self.sampling))  # fmt: skip
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def named_as_cloud(model_id: str) -> bool:
    """Return whether a model's id says that Ollama runs it in its cloud: `…:cloud`, `…-cloud`."""
    return model_id.strip().casefold().endswith((":cloud", "-cloud"))


@dataclass(frozen=True, slots=True)
class Pair:
    """The two models that are compared; votes and the rule belong to exactly one pair."""

    cheap: ModelRef
    frontier: ModelRef

    def side(self, role: Role) -> ModelRef:
        """Return the model in that seat."""
        return self.cheap if role is Role.CHEAP else self.frontier

    @property
    def practice(self) -> bool:
        """Return whether this pair is only for learning the program."""
        return self.cheap.practice or self.frontier.practice

    @property
    def key(self) -> str:
        """Return the identity that votes are bound to."""
        return f"{self.cheap.fingerprint()}-{self.frontier.fingerprint()}"


def price_per_million(price_in: str, price_out: str) -> Price:
    """Return the user's own USD price per million tokens; ValueError if not a number >= 0."""
    return own_price(price_in, price_out)
