"""Rules are added, changed, put in order, switched on and off, and removed. All is one line each."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from tricorn.automation.alarms import begin_sweep
from tricorn.automation.models import Rule
from tricorn.automation.verbs.access import allow
from tricorn.engine.errors import BadInput
from tricorn.engine.rules import PASSES, Written, checked
from tricorn.engine.wording import check_variables
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import digest, new_key, write
from tricorn.parties.verbs import clean

MOST = 200
# The deeds whose words may hold variables, as those of kept answers do.
VARIED = ("add_note", "answer", "hand_over")
MOST_AN_HOUR = 100_000


def add_rule(
    *, by: Actor, at: datetime, name: str, written: Written, most_an_hour: int = 1000
) -> Rule:
    """Add a rule behind all others, switched off: look at what it would have done first.

    Errors  BadInput, as `engine.rules.checked` and for a name that another one has.
    """
    name, written = clean(name, "name", 80), _checked(written)
    _check_limit(most_an_hour)
    with transaction.atomic():
        allow(by, at)
        _check_name(name, None)
        if Rule.objects.kept().count() >= MOST:
            raise BadInput(f"There are {MOST} rules, which is as many as fit. Remove one first.")
        last = Rule.objects.aggregate(last=Max("position"))["last"] or 0
        rule = Rule.objects.create(
            name=name,
            position=last + 1,
            when=written.when,
            written=written.to_data(),
            key=new_key(),
            most_an_hour=most_an_hour,
            since=at,
        )
        words = digest(bytes(rule.key), written.canonical())
        write(rule, "rule.added", by=by, at=at, digest=words, edition=1, when=rule.when)
    return rule


def change_rule(
    rule: Rule, *, by: Actor, at: datetime, name: str, written: Written, most_an_hour: int = 1000
) -> Rule:
    """Change what a rule says: its next edition. Nothing changed is no edition."""
    name, written = clean(name, "name", 80), _checked(written)
    _check_limit(most_an_hour)
    with transaction.atomic():
        allow(by, at)
        rule = _lock(rule)
        _check_name(name, rule)
        data = written.to_data()
        if (rule.name, rule.written, rule.most_an_hour) == (name, data, most_an_hour):
            return rule
        rule.name, rule.most_an_hour = name, most_an_hour
        rule.when, rule.written, rule.since = written.when, data, at
        rule.edition += 1
        rule.save()
        words, edition = digest(bytes(rule.key), written.canonical()), rule.edition
        write(rule, "rule.changed", by=by, at=at, digest=words, edition=edition, when=rule.when)
        _sweep(rule, at)
    return rule


def switch_rule(rule: Rule, *, by: Actor, at: datetime, is_on: bool) -> Rule:
    """Switch a rule on or off. What fell due by time while it was off is left alone."""
    with transaction.atomic():
        allow(by, at)
        rule = _lock(rule)
        if rule.is_on == is_on:
            return rule
        rule.is_on, rule.since = is_on, at
        rule.save(update_fields=["is_on", "since"])
        write(rule, "rule.switched_on" if is_on else "rule.switched_off", by=by, at=at)
        _sweep(rule, at)
    return rule


def move_rule(rule: Rule, *, by: Actor, at: datetime, is_up: bool) -> Rule:
    """Let a rule run before the one above it, or after the one below; at the end it stays.

    Errors  BadInput for a rule that was removed; StandingRefused.
    """
    with transaction.atomic():
        allow(by, at)
        rules = list(Rule.objects.kept().select_for_update().order_by("position", "id"))
        order = [each.pk for each in rules]
        if rule.pk not in order:
            raise BadInput(f"“{rule}” was removed.")
        here = order.index(rule.pk)
        there = here + (-1 if is_up else 1)
        if not 0 <= there < len(rules):
            return rules[here]
        rules[here], rules[there] = rules[there], rules[here]
        for position, each in enumerate(rules, 1):
            each.position = position
        Rule.objects.bulk_update(rules, ["position"])
        write(rule, "rule.moved", by=by, at=at, position=there + 1)
    return rules[there]


def remove_rule(rule: Rule, *, by: Actor, at: datetime) -> Rule:
    """Remove a rule for good; what it did stays in its log. Twice is once."""
    with transaction.atomic():
        allow(by, at)
        rule = Rule.objects.select_for_update().get(pk=rule.pk)
        if rule.removed_at is None:
            rule.is_on, rule.removed_at = False, at
            rule.save(update_fields=["is_on", "removed_at"])
            write(rule, "rule.removed", by=by, at=at)
    return rule


def _checked(written: Written) -> Written:
    """Errors  BadInput as `engine.rules.checked`, and for a variable that does not exist.

    What was kept before there were variables still runs: it is checked when it is written alone.
    """
    written = checked(written)
    for action in written.actions:
        if action.do in VARIED:
            check_variables(action.text, field=action.do)
    return written


def _lock(rule: Rule) -> Rule:
    found = Rule.objects.kept().select_for_update().filter(pk=rule.pk).first()
    if found is None:
        raise BadInput(f"“{rule}” was removed. Add another one.")
    return found


def _check_name(name: str, rule: Rule | None) -> None:
    same = Rule.objects.kept().filter(name__iexact=name)
    if rule is not None:
        same = same.exclude(pk=rule.pk)
    if same.exists():
        raise BadInput(
            f"There is a rule called {name} already. Give it another name.", field="name"
        )


def _check_limit(most_an_hour: int) -> None:
    if not 1 <= most_an_hour <= MOST_AN_HOUR:
        raise BadInput(f"A limit is from 1 to {MOST_AN_HOUR:,} an hour.", field="most_an_hour")


def _sweep(rule: Rule, at: datetime) -> None:
    if rule.is_on and rule.when in PASSES:
        begin_sweep(at)
