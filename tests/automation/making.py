"""Rules made short, and the worker's turn at a moment."""

from tests.cast import LONG_AGO
from tricorn.automation import jobs, verbs
from tricorn.automation.models import Rule
from tricorn.engine.rules import Action, Condition, Written
from tricorn.journal.actor import COMMAND
from tricorn.journal.deliver import run_once

NOTE = Action("add_note", text="Look at it.")


def rule(
    when, *actions, asks=(), minutes=None, name="", is_on=True, at=LONG_AGO, limit=1000
) -> Rule:
    """Return a rule that is on: when, then these; `asks` are pairs of a question and its values."""
    written = Written(
        when,
        tuple(Condition(what, tuple(values)) for what, *values in asks),
        actions or (NOTE,),
        minutes,
    )
    name = name or f"Rule {Rule.objects.count() + 1}"
    made = verbs.add_rule(by=COMMAND, at=at, name=name, written=written, most_an_hour=limit)
    return verbs.switch_rule(made, by=COMMAND, at=at, is_on=True) if is_on else made


def turn(at) -> None:
    """Let the worker do everything that is ready at a moment."""
    while run_once(lambda: at) or jobs.work(at):
        pass
