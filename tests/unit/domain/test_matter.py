"""A matter's policy is the promise made to a client."""

from app.domain.matter import PolicyKind, SendingPolicy
from app.domain.model import Dialect, ModelRef, Role


def model(base_url: str, vendor: str = "", *, practice: bool = False) -> ModelRef:
    return ModelRef("m", Dialect.OPENAI_CHAT, base_url, "m", Role.CHEAP, vendor, practice=practice)


FAR = model("https://api.deepseek.com", "DeepSeek")
NEAR = model("http://127.0.0.1:8080/v1")
PRACTICE = model("http://127.0.0.1/v1", practice=True)


def test_this_computer_only_lets_nothing_leave() -> None:
    policy = SendingPolicy(PolicyKind.THIS_COMPUTER)
    refused = policy.refuses(FAR, "Larch")
    assert refused is not None
    assert "DeepSeek" in refused.message
    assert "Larch" in refused.message
    assert policy.refuses(NEAR, "Larch") is None
    assert policy.refuses(PRACTICE, "Larch") is None


def test_a_host_that_only_looks_local_is_refused() -> None:
    policy = SendingPolicy(PolicyKind.THIS_COMPUTER)
    for url in (
        "http://127.0.0.1.example.com/v1",
        "http://localhost.example.com",
        "http://10.0.0.1",
    ):
        assert policy.refuses(model(url), "Larch") is not None


def test_named_providers_bind_by_name_in_any_case() -> None:
    policy = SendingPolicy(PolicyKind.NAMED, frozenset({"deepseek"}))
    assert policy.refuses(FAR, "Larch") is None
    assert policy.refuses(model("https://api.openai.com/v1", "OpenAI"), "Larch") is not None


def test_naming_nobody_allows_nobody() -> None:
    assert SendingPolicy(PolicyKind.NAMED).refuses(FAR, "Larch") is not None
