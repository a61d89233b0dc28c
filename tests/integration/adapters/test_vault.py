"""Keys in a real keychain: gnome-keyring on a private bus."""

import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend

from app.adapters.vault.keychain import KeyringVault, in_words, system_keychain
from app.adapters.vault.session import SessionVault
from app.domain.errors import VaultError
from app.domain.secret import ApiKey
from tests.fakes.secret_service import PrivateBus, private_bus, private_keychain

KEY = ApiKey("sk-canary-Ümlaut-0123456789")


@pytest.fixture
def bus() -> Iterator[PrivateBus]:
    # Not tmp_path: the path of a socket has at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="bus-") as folder, private_bus(Path(folder)) as bus:
        yield bus


@pytest.fixture
def keychain() -> Iterator[PrivateBus]:
    with tempfile.TemporaryDirectory(prefix="bus-") as folder, private_keychain(
        Path(folder)
    ) as bus:  # fmt: skip
        yield bus


def test_a_key_survives_in_the_real_keychain_until_it_is_deleted(keychain: PrivateBus) -> None:
    KeyringVault().store("key-1", KEY)
    KeyringVault().store("key-2", ApiKey("another"))
    assert KeyringVault().fetch("key-1") == KEY
    KeyringVault().store("key-1", ApiKey("replaced"))
    assert KeyringVault().fetch("key-1") == ApiKey("replaced")
    KeyringVault().delete("key-1")
    assert KeyringVault().fetch("key-1") is None
    assert KeyringVault().fetch("key-2") == ApiKey("another")
    KeyringVault().delete("key-1")


def test_a_key_lies_in_no_file_in_the_clear(keychain: PrivateBus) -> None:
    KeyringVault().store("key-1", KEY)
    files = [path for path in keychain.folder.rglob("*") if path.is_file()]
    assert files
    for path in files:
        assert KEY.reveal().encode() not in path.read_bytes()


def calls(vault: KeyringVault) -> tuple[Callable[[], object], ...]:
    return (
        lambda: vault.fetch("key-1"),
        lambda: vault.store("key-1", KEY),
        lambda: vault.delete("key-1"),
    )


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(VaultError) as caught:
        call()
    problem = caught.value.problem
    assert KEY.reveal() not in problem.sentence()
    assert "environment variable" in problem.next_step
    assert caught.value.__cause__ is None
    return problem.kind


def test_a_locked_keychain_is_told_from_an_absent_one(keychain: PrivateBus) -> None:
    KeyringVault().store("key-1", KEY)
    keychain.lock()
    for call in calls(KeyringVault()):
        assert refusal(call) == "keychain_locked"


def test_a_desktop_without_a_keychain_says_so(bus: PrivateBus) -> None:
    for call in calls(KeyringVault()):
        assert refusal(call) == "keychain_absent"


def test_a_computer_without_a_session_bus_says_so(
    bus: PrivateBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    assert refusal(calls(KeyringVault())[0]) == "keychain_absent"


def test_a_keychain_that_never_answers_does_not_hang_the_app(
    bus: PrivateBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX) as mute:
        mute.bind(str(bus.folder / "mute"))
        mute.listen()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={bus.folder / 'mute'}")
        for call in calls(KeyringVault(time_limit_s=0.1)):
            assert refusal(call) == "keychain_slow"
    for thread in threading.enumerate():
        if thread.name == "keychain":
            thread.join(10)


@pytest.mark.parametrize(
    "backend",
    ["keyring.backends.null.Keyring", "keyring.backends.fail.Keyring",
     "keyring.backends.chainer.ChainerBackend"],
)  # fmt: skip
def test_no_setting_of_keyring_can_put_a_key_elsewhere(
    keychain: PrivateBus, monkeypatch: pytest.MonkeyPatch, backend: str
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
    assert type(system_keychain()).__name__ == "SecretServiceKeychain"
    KeyringVault().store("key-1", KEY)
    assert KeyringVault().fetch("key-1") == KEY


class Slow(KeyringBackend):
    """A keychain that answers only when it is let to."""

    priority = 0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[str, str] = {}
        self.let = threading.Event()
        self.undone = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.let.wait(10)
        self.kept[username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[username]
        self.undone.set()


def test_a_key_that_was_reported_as_not_kept_is_not_kept_later_either() -> None:
    slow = Slow()
    with pytest.raises(VaultError):
        KeyringVault(lambda: slow, time_limit_s=0.05).store("key-1", KEY)
    slow.let.set()
    assert slow.undone.wait(10)
    assert slow.kept == {}


def test_any_other_refusal_is_a_sentence_without_the_keychains_own_text() -> None:
    error = in_words(RuntimeError(KEY.reveal()))
    assert KEY.reveal() not in str(error)
    assert error.problem.kind == "keychain"


def test_a_key_for_this_run_only_is_in_memory_and_gone_when_deleted() -> None:
    vault = SessionVault()
    vault.store("a", KEY)
    assert vault.fetch("a") == KEY
    assert KEY.reveal() not in repr(vars(vault))
    vault.delete("a")
    vault.delete("a")
    assert vault.fetch("a") is None
