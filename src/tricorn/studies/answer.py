"""What was found, as plain data: each class below is an object of the JSON, field by field.

Hours are plain hours, shares lie between 0 and 1, a pair is [low, high]. `None` stands where there
is nothing to say; `can_tell` is false where there are too few tickets to say it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, is_dataclass
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Pair = tuple[float, float]
Found = TypeVar("Found")


@dataclass(frozen=True)
class ClauseFigure:
    """How often a clause was met for the tickets of one of the source's priorities."""

    clause: str
    priority: str
    n: int
    met: int
    attainment: float | None
    interval: Pair
    can_tell: bool


@dataclass(frozen=True)
class MonthFigure:
    """The same for the tickets reported in one month, like "2026-10"."""

    clause: str
    month: str
    n: int
    met: int
    attainment: float | None
    interval: Pair
    can_tell: bool


@dataclass(frozen=True)
class Promise:
    """One clause as it stands in the text, and how often it was met by all its tickets.

    start, stop  what starts and what stops its clock
    hours        the name of its hours in the text
    promised     the share that it promises; None where it names none
    is_kept      whether that share was met; None where it names none, or too few tickets tell
    """

    clause: str
    start: str
    stop: str
    hours: str
    target: str
    promised: float | None
    per: str
    n: int
    met: int
    attainment: float | None
    interval: Pair
    can_tell: bool
    is_kept: bool | None


@dataclass(frozen=True)
class ClockGap:
    """The contract's clock beside the clock on the wall: hours in the middle and at the 90th."""

    clause: str
    n: int
    contract_median: float | None
    contract_p90: float | None
    wall_median: float | None
    wall_p90: float | None
    attainment: float | None
    attainment_wall: float | None
    points: float | None


@dataclass(frozen=True)
class Spread:
    """How long the tickets of a clause took by its clock.

    edges   hours; one more than counts, the last bin is open to the right
    target  hours; None for a target in service days
    """

    clause: str
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    target: float | None


@dataclass(frozen=True)
class Demand:
    """By local day of the week (Monday first) and hour: 7 rows of 24.

    tickets, tickets_closed  reported in that hour; of those, while closed
    hours_closed             waited in that hour while closed
    is_open                  whether the desk serves in that hour of a plain week: 0, 1, or a part
    """

    zone: str
    tickets: tuple[tuple[int, ...], ...]
    tickets_closed: tuple[tuple[int, ...], ...]
    hours_closed: tuple[tuple[float, ...], ...]
    is_open: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Window:
    """What one window more would have covered of what today's agreement does not."""

    window: str
    tickets: tuple[int, int]
    hours: Pair


@dataclass(frozen=True)
class Change:
    """An option beside the agreement of today.

    better, worse            tickets that were late and would not have been; on time, and would not
    better_refs, worse_refs  the first of them, for who may see them
    tickets_gained, _lost    [low, high] that came while closed and would have been served; the
                             other way round
    hours_saved              [low, high] waited while closed that would not have been; minus: more
    people_helped            different people among tickets_gained, as far as they are known
    """

    better: int
    worse: int
    better_refs: tuple[str, ...]
    worse_refs: tuple[str, ...]
    tickets_gained: tuple[int, int]
    tickets_lost: tuple[int, int]
    hours_saved: Pair
    people_helped: int | None


@dataclass(frozen=True)
class Stake:
    """What an option means for one role: client, people (who reported) or agents.

    gains  true where they are better off by every figure, false where worse, None for both
    """

    role: str
    gains: bool | None
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Cost:
    """How a price is reckoned, and what an hour of waiting has to be worth for it to pay.

    by                "text": the agreement's own price; "rates": the provider's; "": not known
    extra             a month more than today; minus: less
    even_low, _high   the value of an hour from which it pays at best, and in any case
    """

    by: str
    extra: float | None
    words: tuple[str, ...]
    even: str
    even_low: float | None
    even_high: float | None
    stakes: tuple[Stake, ...]


@dataclass(frozen=True)
class Option:
    """Everything that is said of one agreement; the first is the one of today.

    price                 what a month costs; None where nobody said
    uncovered_share       [low, high] of the tickets came while closed: what was seen, and that plus
                          the surplus of first hours (rule R18)
    uncovered_hours       [low, high] waited while closed
    uncovered_hour_share  the same as a share of all waiting
    waited_to_open        [low, high] hours that people waited for the desk to open: under today's
                          agreement known, under an option less what it would have spared
    change                None for the agreement of today
    excluded              tickets that no clause judges, by reason; `excluded_by_stop` the same for
                          the clauses of one stop: what is in one may be judged by another
    cost                  None where no price is known at all
    beaten_by             an option that costs no more and leaves no more waiting; "" for none
    agreement             its text, TOML
    """

    name: str
    price: float | None
    currency: str | None
    clauses: tuple[ClauseFigure, ...]
    promises: tuple[Promise, ...]
    months: tuple[MonthFigure, ...]
    clock_gaps: tuple[ClockGap, ...]
    spreads: tuple[Spread, ...]
    uncovered_tickets: int
    uncovered_share: Pair
    uncovered_hours: Pair
    uncovered_hour_share: Pair | None
    waited_to_open: Pair
    demand: Demand
    windows: tuple[Window, ...]
    change: Change | None
    cost: Cost | None
    beaten_by: str
    excluded: dict[str, int]
    excluded_by_stop: dict[str, dict[str, int]]
    agreement: str


@dataclass(frozen=True)
class Caveat:
    code: str
    sentence: str


@dataclass(frozen=True)
class FlagCheck:
    """How often the outcome under today's agreement is what the log says itself."""

    priority: str
    n: int
    flag_agreement: float | None


@dataclass(frozen=True)
class Rule:
    """What was learned of one priority, or of one group of tickets.

    stopped_by  whose waits stop the clock
    agreement_train, agreement_test  how often the rule says what the log says: where it was
                learned, and later; n_train and n_test of how many
    """

    priority: str
    start: str
    stop: str
    hours: str
    target: str
    stopped_by: tuple[str, ...]
    agreement_train: float | None
    agreement_test: float | None
    n_train: int
    n_test: int


@dataclass(frozen=True)
class Guess:
    """A simulated figure and the interval in which its mean lies."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Staffed:
    """What one agreement takes in people, and what waiting results.

    people     in the team that was simulated; `needed` how many each shift needs to begin `share`
               of the tickets within `target` of service time
    load       work that comes, by time on duty
    wait, wait_p90   hours on the wall from report to beginning
    within     share begun within the target; `occupancy` time at work by time on duty
    less       how much the mean wait differs from that under today's agreement; minus: shorter
    problem    why something cannot be told
    """

    name: str
    people: int | None
    needed: dict[str, int]
    target: str
    share: float
    load: float | None
    wait: Guess | None
    wait_p90: Guess | None
    within: Guess | None
    occupancy: Guess | None
    less: Guess | None
    replications: int
    problem: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Study:
    """One history under the agreement of today and the options beside it.

    tickets        tickets of the history; with `excluded` they are all rows that were read
    excluded       tickets left out, by reason; `excluded_words` says each in a sentence
    refused        rows of the file that could not be read, by reason
    first, last    UTC moments of the first and the last report, ISO 8601; `days` lie between them
    until          when the log ends
    searched       what a search for options found, in sentences
    staffing       what each agreement takes in people, simulated
    rules          what was learned; `unidentified` says what the log cannot tell apart, and
                   `disagreements` of which tickets a rule says something else than the log
    priorities     the source's names, each with the agreement's priority or None
    """

    tickets: int
    excluded: dict[str, int]
    options: tuple[Option, ...]
    source: str = ""
    first: str = ""
    last: str = ""
    until: str = ""
    days: float = 0
    priorities: dict[str, str | None] = field(default_factory=dict)
    priority_at: str = "final"
    excluded_words: dict[str, str] = field(default_factory=dict)
    caveats: tuple[Caveat, ...] = ()
    notes: tuple[str, ...] = ()
    refused: dict[str, int] = field(default_factory=dict)
    flag_check: tuple[FlagCheck, ...] | None = None
    searched: tuple[str, ...] | None = None
    staffing: tuple[Staffed, ...] | None = None
    rules: tuple[Rule, ...] | None = None
    unidentified: tuple[str, ...] | None = None
    disagreements: tuple[str, ...] | None = None

    def as_data(self) -> dict[str, Any]:
        """Return plain data for JSON; what was not asked (`flag_check`) is left out."""
        return {key: value for key, value in asdict(self).items() if value is not None}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Study:
        """Read back what `as_data` made, also after JSON."""
        return read(cls, data)


def read(kind: type[Found], data: Any) -> Found:
    """Return plain data as the dataclass that it was made of; unknown keys are left aside."""
    hints = get_type_hints(kind)
    return kind(**{key: _value(hints[key], value) for key, value in data.items() if key in hints})


def _value(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(hint) in (Union, UnionType):
        hint = next(each for each in get_args(hint) if each is not type(None))
    if isinstance(hint, type) and is_dataclass(hint):
        return read(hint, value)
    if get_origin(hint) is tuple:
        inner = get_args(hint)
        if inner[-1] is Ellipsis:
            return tuple(_value(inner[0], each) for each in value)
        return tuple(_value(of, each) for of, each in zip(inner, value, strict=True))
    return value
