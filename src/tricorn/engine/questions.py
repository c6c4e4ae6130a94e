"""What a service asks beside the one box: its questions as data, and what counts as an answer.

A question keeps its key for good, so that what was answered keeps its meaning; it is retired,
never deleted. docs/desk.md says how it is used.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from .errors import BadInput

KINDS = ("text", "long", "number", "date", "choice", "yesno")
# Of whom it must be answered: of nobody, of who asks under their own name, of visitors too.
REQUIRED = ("", "named", "everybody")
ASKED = ("visitor", "named", "desk")
MOST = 40
MOST_CHOICES = 60
LONGEST = {"text": 500, "long": 10_000}
FREE = frozenset({"text", "long"})
LARGEST = Decimal(10) ** 15
YES = {"yes": True, "no": False, "true": True, "false": False}


@dataclass(frozen=True)
class Question:
    """One question. `is_desk_only`: only the desk sees and answers it."""

    key: str
    label: str
    kind: str = "text"
    help: str = ""
    choices: tuple[str, ...] = ()
    required: str = ""
    is_desk_only: bool = False
    is_retired: bool = False

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Question:
        return cls(**{**data, "choices": tuple(data.get("choices", ()))})

    def to_data(self) -> dict[str, Any]:
        return {**asdict(self), "choices": list(self.choices)}

    @property
    def is_free(self) -> bool:
        """Whether the answer is somebody's own words: the journal then keeps only their hash."""
        return self.kind in FREE

    def is_required_of(self, asked: str) -> bool:
        """Whether somebody at this side has to answer. The desk writes down what it was told."""
        if self.is_desk_only or asked == "desk":
            return False
        return self.required == "everybody" or (self.required == "named" and asked == "named")


def read(data: Iterable[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Return the questions that are kept as data."""
    return tuple(Question.from_data(each) for each in data)


def shown(questions: Iterable[Question], asked: str) -> tuple[Question, ...]:
    """Return what this side is asked: nothing retired, and the desk's own only at the desk."""
    return tuple(
        each
        for each in questions
        if not each.is_retired and (asked == "desk" or not each.is_desk_only)
    )


def next_key(questions: Iterable[Question], service: int) -> str:
    """Return a key that no question of any service has, or ever had."""
    used = (int(each.key.rpartition("-")[2]) for each in questions)
    return f"{service}-{max(used, default=0) + 1}"


def checked(question: Question) -> Question:
    """Return a question that makes sense, its words tidied.

    Errors  BadInput with the field that is wrong.
    """
    label = _one_line(question.label)
    if not any(each.isprintable() and not each.isspace() for each in label):
        raise BadInput("The question is empty. Write what is asked.", field="label")
    if len(label) > 200:
        raise BadInput("The question is long: at most 200 characters fit.", field="label")
    if question.kind not in KINDS:
        raise BadInput(f"An answer is one of {', '.join(KINDS)}.", field="kind")
    if question.required not in REQUIRED:
        raise BadInput("Say of whom it must be answered.", field="required")
    if len(question.help) > 500:
        raise BadInput("The help is long: at most 500 characters fit.", field="help")
    choices = tuple(dict.fromkeys(filter(None, map(_one_line, question.choices))))
    if question.kind == "choice" and not 2 <= len(choices) <= MOST_CHOICES:
        raise BadInput(
            f"A choice needs 2 to {MOST_CHOICES} answers, one on each line.", field="choices"
        )
    if any(len(each) > 120 for each in choices):
        raise BadInput("An answer to choose has at most 120 characters.", field="choices")
    return replace(
        question,
        label=label,
        help=_one_line(question.help),
        choices=choices if question.kind == "choice" else (),
        required="" if question.is_desk_only else question.required,
    )


def answer(question: Question, given: object) -> Any:
    """Return one answer as it is kept; None for no answer.

    Numbers become numbers, days "2026-05-04", yes and no true and false.
    Errors  BadInput with the question's key as field.
    """
    if isinstance(given, bool):
        given = "yes" if given else "no"
    text = clean("" if given is None else str(given))
    if not text:
        return None
    if question.kind in FREE:
        return _words(question, text)
    if question.kind == "number":
        return _number(question, text)
    if question.kind == "date":
        return _day(question, text)
    if question.kind == "yesno":
        if text.casefold() not in YES:
            raise _wrong(question, "answer yes or no")
        return YES[text.casefold()]
    if text not in question.choices:
        raise _wrong(question, f"choose one of {', '.join(question.choices)}")
    return text


def answers(
    questions: Iterable[Question], given: Mapping[str, object]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the answers that hold, and for each that does not a sentence; both by key.

    What was asked and left empty is not among the answers; what was not asked is a problem.
    """
    known = {each.key: each for each in questions}
    kept: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for key, value in given.items():
        if key not in known:
            problems[key] = f"Nobody asks “{key[:40]}” here. Leave it out."
            continue
        try:
            found = answer(known[key], value)
        except BadInput as problem:
            problems[key] = str(problem)
        else:
            if found is not None:
                kept[key] = found
    return kept, problems


def clean(text: str) -> str:
    """Return the text in one form of Unicode, without control characters; line ends are kept."""
    text = text[: 20 * LONGEST["long"]].replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", text).strip()


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())


def _words(question: Question, text: str) -> str:
    if question.kind == "text":
        text = " ".join(text.split())
    most = LONGEST[question.kind]
    if len(text) > most:
        raise _wrong(question, f"at most {most:,} characters fit, and this has {len(text):,}")
    return text


def _number(question: Question, text: str) -> int | float:
    try:
        number = Decimal(
            text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
        )
    except InvalidOperation:
        raise _wrong(question, "write a number, like 12 or 12.5") from None
    if not number.is_finite() or abs(number) >= LARGEST:
        raise _wrong(question, "write a number of at most 15 digits")
    return int(number) if number == number.to_integral_value() else float(number)


def _day(question: Question, text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise _wrong(question, "write the day like 2026-05-04") from None
    if not 1900 <= day.year < 2200:
        raise _wrong(question, "write a day between 1900 and 2200")
    return day.isoformat()


def _wrong(question: Question, what: str) -> BadInput:
    return BadInput(f"{question.label}: {what}.", field=question.key)
