"""Who may do what, and why: doors and verbs hang on facts and duties, never on a role's name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from ..lifecycle import TICKET, Side
from .conditions import Condition, Has
from .facts import FACTS, Facts
from .schemes import THRESHOLDS


class Door(StrEnum):
    """The entrances, named by what one does there."""

    REPORT = "report"
    MY = "my"
    DECIDE = "decide"
    DESK = "desk"
    MANAGE = "manage"


@dataclass(frozen=True)
class Standing:
    """How somebody stands to one service and the thing at hand. Empty: a stranger.

    duties  "desk", "manage": work for the provider of this service; "system": the worker itself.
    own     Requester, affected person or holder of the private link of the thing at hand.
    may     Authority that was granted: "sign", "approve", "accept", "decide", "admit".
    """

    facts: Facts = field(default_factory=Facts)
    duties: frozenset[str] = frozenset()
    own: bool = False
    may: frozenset[str] = frozenset()

    @property
    def sides(self) -> frozenset[Side]:
        """Every side of the counter on which this person stands."""
        held = {Side(duty) for duty in self.duties}
        return frozenset(held | {Side.OWN} if self.own else held)


@dataclass(frozen=True)
class Ruling:
    """Yes or no, a sentence for the person who asked, and the evidence behind a yes."""

    allowed: bool
    reason: str
    because: tuple[str, ...] = ()


@dataclass(frozen=True)
class Right:
    """One row of the table of rights: what a verb does, and what lets somebody do it."""

    deed: str
    sides: frozenset[Side] = frozenset()
    facts: Condition | None = None
    authority: frozenset[str] = frozenset()
    everybody: bool = False


AUTHORITY = frozenset({"sign", "approve", "accept", "decide", "admit"})
DECIDES: Condition = (
    Has("signed")
    | Has("invoice")
    | Has("budget")
    | Has("accept")
    | Has("oversees")
    | Has("linemgr")
)
SERVED: Condition = Has("entitled") | (Has("used") & Has("ident"))

_WHO: Mapping[Side, str] = MappingProxyType(
    {
        Side.OWN: "the person whose matter it is",
        Side.DESK: "the desk of this service",
        Side.MANAGE: "a manager of this service",
        Side.SYSTEM: "the system itself",
    }
)
_YOU: Mapping[Side, str] = MappingProxyType(
    {
        Side.OWN: "this is your own matter",
        Side.DESK: "you work at the desk of this service",
        Side.MANAGE: "you manage this service",
        Side.SYSTEM: "this is the system itself",
    }
)
# What the person whose matter it is hears that they can do, in this order, when refused.
_OWN_DEEDS = ("answer", "cancel", "close", "reopen", "rate")


def _sides(deed: str, *sides: Side) -> Right:
    return Right(deed, frozenset(sides))


def _move(verb: str, deed: str) -> Right:
    return Right(deed, TICKET.sides(verb))


# docs/engine/roles.md prints this table; a test compares the two.
RIGHTS: Mapping[str, Right] = MappingProxyType(
    {
        "report": Right("report something", everybody=True),
        "use": Right("use this service", facts=Has("entitled")),
        "see": _sides("see this", Side.OWN, Side.DESK, Side.MANAGE, Side.SYSTEM),
        "answer": _sides("answer a ticket", Side.OWN, Side.DESK, Side.SYSTEM),
        "rate": _sides("rate a ticket", Side.OWN),
        "count_affected": _sides("say how many are affected", Side.OWN, Side.DESK, Side.MANAGE),
        "open": _move("open", "take up a ticket"),
        "wait": _move("wait", "put a ticket on hold"),
        "go_on": _move("go_on", "go on with a ticket"),
        "resolve": _move("resolve", "resolve a ticket"),
        "close": _move("close", "close a ticket"),
        "reopen": _move("reopen", "reopen a ticket"),
        "cancel": _move("cancel", "cancel a ticket"),
        "merge": _move("merge", "merge a ticket into another"),
        "unmerge": _move("unmerge", "unmerge a ticket"),
        "split": _sides("split a ticket", Side.DESK),
        "relate": _sides("say how tickets relate", Side.DESK, Side.MANAGE, Side.SYSTEM),
        "keep_problem": _sides("keep a problem", Side.DESK, Side.MANAGE, Side.SYSTEM),
        "add_note": _sides("add an internal note", Side.DESK, Side.MANAGE, Side.SYSTEM),
        "log_time": _sides("log time spent", Side.DESK, Side.MANAGE),
        "assign": _sides("assign a ticket", Side.DESK, Side.MANAGE, Side.SYSTEM),
        "hand_over": _sides("hand over a ticket", Side.DESK, Side.MANAGE, Side.SYSTEM),
        "prioritise": _sides("set a priority", Side.DESK, Side.MANAGE, Side.SYSTEM),
        "change_persons": _sides("change whom a ticket is for", Side.DESK, Side.MANAGE),
        "name_staff": _sides(
            "say that it is about somebody of us", Side.DESK, Side.MANAGE, Side.SYSTEM
        ),
        "release": _sides("release a held report", Side.DESK, Side.MANAGE),
        "tag": _sides("tag a ticket", Side.DESK, Side.MANAGE, Side.SYSTEM),
        "edit_fields": _sides("change what was answered", Side.DESK, Side.MANAGE, Side.SYSTEM),
        "tick": _sides("work through a checklist", Side.DESK, Side.MANAGE, Side.SYSTEM),
        "follow": _sides("follow a ticket", Side.OWN, Side.DESK, Side.MANAGE),
        "remind": _sides("set a reminder", Side.DESK, Side.MANAGE),
        "share": _sides("share words and macros", Side.DESK, Side.MANAGE),
        "tally": _sides("count a use", Side.DESK, Side.MANAGE),
        "begin_outage": _sides("note an outage", Side.DESK, Side.MANAGE, Side.SYSTEM),
        "end_outage": _sides("end an outage", Side.DESK, Side.MANAGE, Side.SYSTEM),
        "change_outage": _sides("change an outage", Side.DESK, Side.MANAGE, Side.SYSTEM),
        "take_back_outage": _sides("take an outage back", Side.DESK, Side.MANAGE, Side.SYSTEM),
        "link_ticket": _sides("link a ticket to an outage", Side.DESK, Side.MANAGE, Side.SYSTEM),
        "write_article": _sides("write articles", Side.DESK, Side.MANAGE, Side.SYSTEM),
        "link_article": _sides("link an article", Side.DESK, Side.MANAGE, Side.SYSTEM),
        "decide_month": Right(
            "read the month's figures", frozenset({Side.MANAGE}), DECIDES, AUTHORITY
        ),
        "edit_catalogue": _sides("change services, levels and hours", Side.MANAGE),
        "edit_tags": _sides("rename and merge tags", Side.MANAGE),
        "edit_parties": _sides("change people, organisations and places", Side.MANAGE),
        "edit_rules": _sides("change rules and what comes again", Side.MANAGE),
        "edit_words": _sides("change the words", Side.MANAGE),
        "record_fact": _sides("record a fact about a person", Side.MANAGE, Side.SYSTEM),
        "grant_authority": _sides("grant authority", Side.MANAGE),
        "activate_agreement": _sides("activate an agreement", Side.MANAGE, Side.SYSTEM),
        "make_offer": _sides("make an offer", Side.MANAGE),
        "sign_offer": _sides("record a signature on an offer", Side.MANAGE),
        "import": _sides("import records", Side.MANAGE, Side.SYSTEM),
    }
)


def doors(*standings: Standing) -> tuple[Door, ...]:
    """Return the doors that open to somebody with these standings, one per service or merged.

    Source  docs/engine/roles.md, rule R8: doors open by facts and duty.
    """
    opened = {
        Door.REPORT: True,
        Door.MY: any(SERVED.holds(each.facts, THRESHOLDS) for each in standings),
        Door.DECIDE: any(_decides(each) for each in standings),
        Door.DESK: any(Side.DESK in each.sides for each in standings),
        Door.MANAGE: any(Side.MANAGE in each.sides for each in standings),
    }
    return tuple(door for door, is_open in opened.items() if is_open)


def rule(standing: Standing, verb: str) -> Ruling:
    """Say whether somebody who stands like this may use a verb, and why.

    The record's state is not asked here: that is `lifecycle.step`.
    Errors  LookupError if no right of that name exists: a mistake in the program.
    Source  docs/engine/roles.md, rule R9: one table says who may use which verb.
    """
    if verb not in RIGHTS:
        raise LookupError(f"no right named {verb!r}; the table has {', '.join(RIGHTS)}")
    right = RIGHTS[verb]
    if right.everybody:
        return Ruling(True, f"Everybody can {right.deed}.")
    for side in Side:
        if side in right.sides & standing.sides:
            return Ruling(True, f"{_capital(_YOU[side])}.", (_YOU[side],))
    if right.facts and (facts := right.facts.present(standing.facts, THRESHOLDS)):
        because = tuple(_evidence(standing.facts, fact) for fact in facts)
        return Ruling(True, f"{_capital(right.deed)}: {'; '.join(because)}.", because)
    if granted := sorted(right.authority & standing.may):
        because = tuple(f"may {verb}" for verb in granted)
        return Ruling(True, f"You were given the authority to {_either(granted)}.", because)
    return Ruling(False, _refusal(right, standing))


def _decides(standing: Standing) -> bool:
    return DECIDES.holds(standing.facts, THRESHOLDS) or bool(standing.may & AUTHORITY)


def _refusal(right: Right, standing: Standing) -> str:
    """Say whose deed it is, and what the one who asked can do instead.

    Source  docs/engine/roles.md, rule R10: how a refusal reads.
    """
    people = [_WHO[side] for side in Side if side in right.sides - {Side.SYSTEM}]
    if right is RIGHTS["use"]:
        people.append("somebody who is covered by an agreement")
    elif right.facts:
        people.append("somebody who signs, pays for or oversees this service")
    start = f"Only {_either(people)} can {right.deed}"
    if standing.own and right.sides & {Side.OWN, Side.DESK}:
        return f"{start}; {_YOU[Side.OWN]}, so you can {_either(_OWN_DEEDS)} it."
    for side in (Side.DESK, Side.MANAGE):
        if side in standing.sides:
            return f"{start}; {_YOU[side]}."
    return f"{start}; you can always report something of your own."


def _evidence(facts: Facts, fact: str) -> str:
    shown = "; ".join(facts.shown_by(fact))
    return f"{FACTS[fact]} ({shown})" if shown else FACTS[fact]


def _either(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
