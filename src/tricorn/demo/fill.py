"""The demonstration: offers, three small stories, and months of real incidents before them.

The stories are written by us and say so. The incidents are real rows of a public ServiceNow log
(see data/README.md), moved by whole weeks so that last month is full. Everything goes through the
same verbs as in real life, at moments before `at`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from importlib import resources
from zoneinfo import ZoneInfo

from django.db import transaction

from tricorn.agreements.verbs import activate
from tricorn.demo.articles import write_articles
from tricorn.demo.desk import (
    arrange_rules,
    ask_in_private,
    keep_at_hand,
    tell_in_time,
    understand_the_disk,
)
from tricorn.demo.offers import offer_saturdays, sign_for_mail
from tricorn.demo.stories import tell
from tricorn.demo.town import ZONE, Town, build
from tricorn.engine.agreement import Agreement
from tricorn.engine.errors import BadInput
from tricorn.journal.actor import COMMAND, IMPORT
from tricorn.parties.models import House
from tricorn.tickets.imports import Record, read_servicenow, store

# The last day in the sample on which an incident was opened.
SAMPLE_ENDS = date(2016, 4, 30)
Progress = Callable[[str], None]


def fill(*, at: datetime, progress: Progress | None = None) -> None:
    """Fill an empty database with the demonstration, in one transaction: all of it or nothing.

    Errors  BadInput when the house is furnished already: a demonstration never mixes with real work.
    """
    say = progress or (lambda words: None)
    if House.objects.exists():
        raise BadInput("This house is in use. A demonstration only fills an empty one.")
    with transaction.atomic():
        say("Building the house of the demonstration")
        town = build(at=at)
        say("Putting its agreements into force")
        mail = _agreement("mail", at)
        sign_for_mail(town, mail)
        activate(_agreement("lifts", at), by=COMMAND, at=at)
        say("Writing what helps")
        write_articles(town, at=at)
        say("Laying out what the desk keeps at hand")
        keep_at_hand(town, at=at)
        say("Moving in two months of real incidents")
        _bring_history(town, at)
        say("Telling three stories")
        tell(town, at=at)
        offer_saturdays(town, mail, at=at)
        understand_the_disk(town, at=at)
        arrange_rules(town, at=at)
        tell_in_time(town, at=at)
        ask_in_private(town, at=at)


def _agreement(name: str, at: datetime) -> Agreement:
    """Return one of the demonstration's agreements, begun on the first of a month half a year ago."""
    begins = (at.date().replace(day=1) - timedelta(days=170)).replace(day=1)
    text = resources.files("tricorn.demo").joinpath("data", f"{name}.toml").read_text("utf-8")
    signed = begins - timedelta(days=20)
    text = text.replace("2000-01-01", begins.isoformat()).replace("2000-01-02", signed.isoformat())
    return Agreement.from_toml(text, f"{name}.toml")


def _bring_history(town: Town, at: datetime) -> None:
    weeks = (at.astimezone(ZoneInfo(ZONE)).date() - SAMPLE_ENDS).days // 7
    sample = resources.files("tricorn.demo").joinpath("data", "incidents_sample.csv.gz")
    with resources.as_file(sample) as path:
        batch = read_servicenow(
            path,
            zone=ZoneInfo(ZONE),
            source="servicenow-sample",
            shift=timedelta(weeks=weeks),
            until=at,
        )
    told = [record for record in batch.records if is_told(record, at)]
    store(told, town.workplace, by=IMPORT, at=at, organisation=town.finance)


def is_told(record: Record, at: datetime) -> bool:
    """Whether a real incident is part of the demonstration.

    The tail of the log, open for weeks or never answered, would fill the first page of the queue:
    it is left out.
    """
    if record.state in ("resolved", "closed"):
        return True
    days = 7 if record.first_response_at else 1
    return record.reported_at > at - timedelta(days=days)
