"""Rules at work: a line is heard, conditions are asked, deeds are done, and the log says why.

A rule hears a line once (the log's own key), never runs twice on a ticket because of one beginning,
and a chain of rules that set each other off ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from tricorn.agreements.models import AgreedStep
from tricorn.automation.acts import ACTS
from tricorn.automation.known import RELATED, facts_of
from tricorn.automation.models import Chain, Rule, Run
from tricorn.engine.errors import Refusal
from tricorn.engine.rules import MOST_CHAIN, Outcome, Written, evaluate, read
from tricorn.journal.cause import caused
from tricorn.journal.models import Line
from tricorn.prepared import Prepared
from tricorn.tickets.models import Message, Ticket
from tricorn.tickets.verbs.access import lock

WHEN = {
    "ticket.reported": "reported",
    "ticket.split_off": "reported",
    "ticket.assigned": "assigned",
    "ticket.handed_over": "handed_over",
    "ticket.prioritised": "prioritised",
    "ticket.waited": "waited",
    "ticket.went_on": "went_on",
    "ticket.resolved": "resolved",
    "ticket.reopened": "reopened",
    "ticket.closed": "closed",
    "ticket.cancelled": "cancelled",
    "ticket.persons_changed": "persons_changed",
    "ticket.outage_linked": "linked_to_outage",
    "ticket.problem_linked": "linked_to_problem",
}
KINDS = frozenset({*WHEN, "ticket.answered", "ticket.moved"})
# On one ticket in one day; a rule that has more to do there has gone astray.
MOST_A_DAY = 10


@dataclass(frozen=True)
class Cause:
    """What sets rules off: the thing itself, the beginning of the chain, how many came before."""

    name: str
    root: str
    depth: int = 0

    @classmethod
    def of(cls, line: Line) -> Cause:
        depth = line.data.get("depth")
        name = f"line:{line.pk}"
        if not isinstance(depth, int):
            return cls(name, name)
        return cls(name, str(line.data.get("root") or name), depth)


def is_anything_on() -> bool:
    """Whether any rule or chain there is would do something with a line: one query."""
    return bool(ANYTHING_ON.rows())


def _anything_on() -> QuerySet[Any, Any]:
    rules = Rule.objects.on().order_by().values_list("pk")
    chains = [each.objects.order_by().values_list("pk") for each in (Chain, AgreedStep)]
    return rules.union(*chains, all=True)[:1]


ANYTHING_ON = Prepared(_anything_on)


WAITING = Prepared(lambda whens, at: Rule.objects.on().filter(when__in=whens), texts=["whens"])
SEEN = Prepared(
    lambda tickets, at: Ticket.objects.select_related(*RELATED).filter(pk__in=tickets, held_for=""),
    "tickets",
)


def when_of(line: Line) -> str:
    """Return what a line is to rules: "answered_by_them"; "" for nothing."""
    if line.kind == "ticket.answered":
        return "answered_by_us" if line.data.get("from_desk") else "answered_by_them"
    return WHEN.get(line.kind, "")


def hear(line: Line, at: datetime) -> None:
    """Let every rule that waits for such a line look at its ticket, in their order."""
    when = when_of(line)
    rules = WAITING.objects(whens=[when]) if when else []
    if rules:
        said = line.data.get("message")
        text = Message.objects.filter(pk=said, is_public=True).first() if said else None
        words = text.text if text else ""
        run_all(rules, line.subject_id, Cause.of(line), at=at, moment=line.at, also=words)


def run_all(
    rules: Sequence[Rule],
    ticket_id: int,
    cause: Cause,
    *,
    at: datetime,
    moment: datetime,
    also: str = "",
) -> None:
    """Let rules look at a ticket one after the other; each sees what the one before has done."""
    ticket: Ticket | None = None
    for rule in rules:
        if ticket is None:
            ticket = SEEN.first(tickets=[ticket_id])
        if ticket is None:
            return  # what is held for review is nobody's yet, a rule's neither
        written = read(rule.written)
        known = facts_of([ticket], {ticket.pk: moment}, [written], {ticket.pk: also})
        outcome = evaluate(written.conditions, known[ticket.pk])
        if outcome.holds:
            run(rule, written, ticket, cause, outcome, at=at)
            ticket = None


def run(
    rule: Rule, written: Written, ticket: Ticket, cause: Cause, outcome: Outcome, *, at: datetime
) -> Run | None:
    """Do what a rule says, once for this cause; None when that was done before."""
    kept = Run(
        rule=rule,
        ticket=ticket,
        cause=cause.name,
        root=cause.root,
        depth=cause.depth,
        edition=rule.edition,
        because=[reason.to_data() for reason in outcome.reasons],
        at=at,
        outcome="done",
    )
    try:
        with transaction.atomic():
            lock(ticket)
            if Run.objects.filter(rule=rule, ticket=ticket, cause=cause.name).exists():
                return None
            if stopped := _stopped(rule, ticket, cause, at):
                kept.outcome, kept.done = stopped[0], [{"refused": stopped[1]}]
            else:
                kept.done = _do(rule, written, ticket, cause, at)
                if all("refused" in each for each in kept.done):
                    kept.outcome = "refused"
            kept.save()
    except IntegrityError:
        if Run.objects.filter(rule=rule, ticket=ticket, cause=cause.name).exists():
            return None
        raise
    return kept


def _stopped(rule: Rule, ticket: Ticket, cause: Cause, at: datetime) -> tuple[str, str] | None:
    """Say why a rule must not run although its conditions hold."""
    if cause.depth >= MOST_CHAIN:
        sentence = f"{MOST_CHAIN} rules set each other off before this one; the chain ends here."
        return "stopped", sentence
    runs = Run.objects.filter(rule=rule)
    if cause.depth and runs.filter(ticket=ticket, root=cause.root).exists():
        return "stopped", "It ran on this because of the same beginning already."
    ran = Q(outcome__in=["done", "refused"])
    lately = runs.filter(ran, at__gt=at - timedelta(hours=1))
    if lately.count() >= rule.most_an_hour:
        return "capped", f"It ran {rule.most_an_hour} times within an hour, which is its limit."
    if runs.filter(ran, ticket=ticket, at__gt=at - timedelta(days=1)).count() >= MOST_A_DAY:
        return "capped", f"It ran {MOST_A_DAY} times on this within a day, which is the limit."
    return None


def _do(
    rule: Rule, written: Written, ticket: Ticket, cause: Cause, at: datetime
) -> list[dict[str, Any]]:
    """Do each deed; one that is refused says why and leaves the others alone."""
    done: list[dict[str, Any]] = []
    for action in written.actions:
        entry: dict[str, Any] = {"do": action.do}
        try:
            with transaction.atomic(), caused(rule=rule.pk, depth=cause.depth + 1, root=cause.root):
                fresh = Ticket.objects.select_related("service").get(pk=ticket.pk)
                act = ACTS.get(action.do)
                entry |= act(fresh, action, at) if act else {"refused": "Nobody does this here."}
        except Refusal as refusal:
            entry["refused"] = str(refusal)[:300]
        done.append(entry)
    return done
