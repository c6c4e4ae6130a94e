"""What Tricorn says when it refuses: a sentence for people, a stable code, the facts.

Anything that is not a Refusal is our bug and may crash.
"""


class Refusal(Exception):
    """A rule said no. `str()` says what, why and what next; `facts` carries the figures."""

    code = "refused"

    def __init__(self, sentence: str, **facts: object) -> None:
        super().__init__(sentence)
        self.facts = facts


class BadInput(Refusal):
    """What was given cannot be understood or does not fit."""

    code = "bad-input"


class BadCalendar(BadInput):
    """Service hours that contradict themselves; the sentence names the place in the text."""

    code = "bad-calendar"


class BadTarget(BadInput):
    """A target that is not like "8h", "90m" or "3d"."""

    code = "bad-target"


class BadTimeline(BadInput):
    """Moments out of order: an end before its start, a pause before the clock."""

    code = "bad-timeline"


class BadFacts(BadInput):
    """Facts about a person that no rule knows, or of the wrong type."""

    code = "bad-facts"


class BadAgreement(BadInput):
    """An agreement text that does not say what it must, or contradicts itself."""

    code = "bad-agreement"


class BadRates(BadInput):
    """The provider's rates do not say what they must, or contradict themselves."""

    code = "bad-rates"


class BadTeam(BadInput):
    """A team that nobody could work in, or a text that does not say who works when."""

    code = "bad-team"


class Overloaded(BadInput):
    """More work than a team has time for: the queue grows without end."""

    code = "overloaded"


class MoveRefused(Refusal):
    """The record's state does not allow this move."""

    code = "wrong-state"


class StandingRefused(Refusal):
    """This actor may not do this here; the sentence says whose deed it is."""

    code = "not-with-your-standing"
