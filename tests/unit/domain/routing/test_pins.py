import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.conversation import Attachment, prompt_of
from app.domain.errors import InputError
from app.domain.routing.pins import Pin, PinTo, PinWhen, pin_of, tokens_of
from app.domain.routing.question import Question, question_of


@pytest.mark.parametrize(
    ("words", "pin"),
    [
        ("matter is Larch → frontier", Pin(PinWhen.MATTER, "Larch", PinTo.FRONTIER)),
        (
            "A prompt whose matter is “Larch & Co” stays on this computer.",
            Pin(PinWhen.MATTER, "Larch & Co", PinTo.THIS_COMPUTER),
        ),
        (
            "prompt mentions 'privilege' -> frontier",
            Pin(PinWhen.MENTIONS, "privilege", PinTo.FRONTIER),
        ),
        ("Prompts tagged notice goes to the cheap model", Pin(PinWhen.TAG, "notice", PinTo.CHEAP)),
        ("has an attachment → this computer", Pin(PinWhen.ATTACHMENT, "", PinTo.THIS_COMPUTER)),
        (
            "longer than 4,000 tokens → the frontier model",
            Pin(PinWhen.LONGER, "4000", PinTo.FRONTIER),
        ),
    ],
)
def test_a_pin_is_read_as_it_was_meant(words: str, pin: Pin) -> None:
    assert pin_of(words) == pin


@given(
    st.sampled_from([PinWhen.MATTER, PinWhen.TAG, PinWhen.MENTIONS]),
    st.text("abcXYZ é-'1.", min_size=1).map(str.strip).filter(lambda text: text.strip("' ")),
    st.sampled_from(PinTo),
)
def test_what_a_pin_says_is_what_it_does(when: PinWhen, value: str, to: PinTo) -> None:
    assert pin_of(Pin(when, value, to).sentence()) == Pin(when, value, to)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "→ frontier",
        "be careful → frontier",
        "matter is Larch",
        "matter is Larch → Mars",
        "prompt mentions ““ → frontier",
        'prompt mentions "" → frontier',
    ],
)
def test_a_pin_nobody_can_read_is_refused_with_examples(words: str) -> None:
    with pytest.raises(InputError, match="Write for example"):
        pin_of(words)


def test_a_pin_on_a_word_catches_its_forms_and_what_is_attached() -> None:
    pin = pin_of("mentions 'without prejudice' → frontier")
    assert pin.matches(Question("Reply WITHOUT\nPREJUDICE to them.", "Larch"))
    assert not pin.matches(Question("Reply without any prejudice.", "Larch"))
    privilege = pin_of("mentions privilege → frontier")
    assert privilege.matches(Question("Is this privileged?", "Larch"))
    assert not privilege.matches(Question("An underprivileged group.", "Larch"))
    letter = Attachment("a.txt", "text/plain", "Privileged and confidential.", "", 27)
    assert privilege.matches(question_of(prompt_of("Summarise it.", attachments=(letter,))))


def test_matters_and_tags_are_named_without_regard_to_case() -> None:
    assert pin_of("matter is larch → cheap").matches(Question("x", "Larch"))
    assert pin_of("tag is Notice → cheap").matches(Question("x", "Larch", ("notice",)))
    assert not pin_of("tag is Notice → cheap").matches(Question("x", "Larch", ("notices",)))


def test_length_counts_the_attachments() -> None:
    pin = pin_of("longer than 1000 tokens → frontier")
    assert pin.matches(Question("x", "Larch", attachment_chars=4_100))
    assert not pin.matches(Question("x", "Larch", attachment_chars=3_900))
    assert pin.matches(Question("x", "Larch", tokens=1001))
    assert tokens_of(Question("x" * 40, "Larch")) == 10
