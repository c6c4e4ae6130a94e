"""Drafts: kept while typing, for oneself alone; gone when their words are sent, and only then."""

import pytest
from django.db import IntegrityError, transaction

from tests.cast import LONG_AGO, NOON, make_ticket
from tests.tickets.test_aids import mia, ticket, told
from tricorn.engine.errors import BadInput, StandingRefused
from tricorn.engine.steps import Step
from tricorn.journal.models import Line
from tricorn.knowledge.verbs import Written, write
from tricorn.tickets import verbs
from tricorn.tickets.models import Draft
from tricorn.tickets.reads.bulk import bulk_shown
from tricorn.tickets.reads.drafts import begun_on
from tricorn.tickets.verbs import Described

__all__ = ["mia", "ticket"]


@pytest.fixture
def keep(desi):
    """Keep something of Desi's."""

    def kept(of, kind, text="", /, **boxes):
        return verbs.keep_draft(of, by=desi.actor, at=NOON, kind=kind, text=text, boxes=boxes)

    return kept


@pytest.fixture
def problem(desi, mail):
    return verbs.add_problem(Described("Disk", (mail,)), by=desi.actor, at=LONG_AGO)


@pytest.fixture
def article(desi, mail):
    return write(Written("Mail", "Slow", services=(mail,)), by=desi.actor, at=LONG_AGO)


def test_each_of_what_is_begun_is_kept_once_and_apart(ticket, problem, article, keep, desi, mia):
    for text in ("We lo", "We look"):
        keep(ticket, "answer", text)
        keep(ticket, "note", text)
        for of, kind in (
            *((None, "report"), (None, "article"), (None, "problem")),
            *((ticket, "article"), (ticket, "problem"), (article, "article"), (problem, "problem")),
        ):
            keep(of, kind, title=[text], text=[text])
    verbs.keep_draft(ticket, by=mia.actor, at=NOON, kind="answer", text="Mine")

    assert Draft.objects.filter(person=desi).count() == 9
    for of, kind in ((article, "article"), (problem, "problem"), (None, "report")):
        mine = verbs.draft_of(of, by=desi.actor, kind=kind)
        assert mine.boxes["title"] == ["We look"], kind
        assert verbs.draft_of(of, by=mia.actor, kind=kind) is None
    assert told(ticket) == []
    verbs.discard_draft(None, by=desi.actor, at=NOON, kind="report")
    assert Draft.objects.filter(person=desi).count() == 8


def test_the_database_keeps_no_draft_of_two_things_at_once(ticket, article, desi):
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.create(
            kind="article", ticket=ticket, article=article, person=desi, saved_at=NOON
        )


NO_DRAFTS = [
    ("ticket", "poem", "x", {}, "kind"),
    (None, "answer", "x", {}, "kind"),
    ("ticket", "report", "", {"text": ["x"]}, "kind"),
    ("ticket", "answer", "", {"text": ["x"]}, "kind"),
    (None, "report", "x", {}, "kind"),
    ("ticket", "answer", "x" * 100_001, {}, "text"),
    (None, "report", "", {"text": ["x" * 60_000] * 2}, "boxes"),
    (None, "report", "", {str(n): ["x"] for n in range(81)}, "boxes"),
]


def test_what_is_no_draft_is_refused_and_nothing_kept(ticket, keep):
    for of, kind, text, boxes, field in NO_DRAFTS:
        with pytest.raises(BadInput) as refusal:
            keep(ticket if of else None, kind, text, **boxes)
        assert refusal.value.facts["field"] == field, (kind, field)

    assert not Draft.objects.exists()


def test_nothing_typed_is_no_draft(ticket, keep):
    keep(ticket, "answer", "We")
    keep(None, "report", text=["Slow"])

    assert keep(ticket, "answer", " \0") is None
    assert keep(None, "report", text=[" "], requester=[]) is None
    assert not Draft.objects.exists()


def test_drafts_are_the_desks(ticket, problem, article, cleo):
    for of, kind in (
        *((ticket, "note"), (problem, "problem"), (article, "article")),
        *((None, "report"), (None, "article"), (None, "problem")),
    ):
        typed = {"text": "x"} if kind == "note" else {"boxes": {"title": ["x"]}}
        with pytest.raises(StandingRefused):
            verbs.keep_draft(of, by=cleo.actor, at=NOON, kind=kind, **typed)

    assert not Draft.objects.exists()


def test_what_was_just_sent_is_not_kept_once_more(ticket, keep, desi, mail):
    """A request to keep that comes in behind the one that sent it."""
    who = {"by": desi.actor, "at": NOON}
    verbs.add_note(ticket, text="Odd", **who)
    write(Written("Printer", "Open it\n"), **who)
    verbs.add_problem(Described("It jams", (mail,)), **who)
    verbs.report(verbs.Report(service=mail, text="Slow", once="form-1"), **who)

    assert keep(ticket, "note", "Odd\r\n") is None
    assert keep(None, "article", title=["Printer"], text=["Open it"]) is None
    assert keep(None, "problem", title=[" It jams"]) is None
    assert keep(None, "report", text=["Slow"], once=["form-1"]) is None
    assert keep(None, "report", text=["Slow"], once=["form-2"]).boxes == {"text": ["Slow"]}


# What is sent past the box


FIXED = Step("resolve", "Fixed, {{ name }}.")


def by_macro(ticket, who):
    macro = verbs.keep_macro(name=f"Done {ticket.pk}", steps=[FIXED], **who)
    verbs.run_macro(ticket, macro, **who)


@pytest.mark.parametrize(
    "send",
    [
        lambda t, who: verbs.answer(t, text="Fixed, Cleo.", **who),
        by_macro,
        lambda t, who: verbs.bulk_some(verbs.begin_bulk([t.pk], FIXED, **who), at=who["at"]),
    ],
    ids=["answer", "macro", "bulk"],
)
def test_a_draft_goes_only_when_its_own_words_were_sent(ticket, keep, desi, cleo, mail, send):
    other = make_ticket(cleo, mail, text="Another")
    keep(ticket, "answer", "Fixed,  Cleo.")
    keep(other, "answer", "Fixed, I hope")
    keep(ticket, "note", "Fixed, Cleo.")

    for each in (ticket, other):
        send(each, {"by": desi.actor, "at": NOON})

    assert Line.objects.filter(kind__in=["ticket.answered", "ticket.resolved"]).count() == 2
    left = Draft.objects.order_by("pk").values_list("ticket", "kind")
    assert list(left) == [(other.pk, "answer"), (ticket.pk, "note")]


def test_somebody_elses_draft_stays_whoever_sends_the_same_words(ticket, desi, mia):
    verbs.keep_draft(ticket, by=mia.actor, at=NOON, kind="answer", text="Fixed.")

    verbs.answer(ticket, by=desi.actor, at=NOON, text="Fixed.")

    assert begun_on(mia.pk, [ticket.pk]) == [ticket.ref]
    assert begun_on(desi.pk, [ticket.pk]) == []


def test_many_at_once_name_the_tickets_on_which_ones_own_words_wait(ticket, keep, cleo, mail, desi):
    other = make_ticket(cleo, mail, text="Another")
    keep(ticket, "answer", "We look")
    keep(other, "answer", "Fixed.")
    both = [ticket.pk, other.pk]
    who = {"by": desi.actor, "at": NOON}
    told_people = verbs.begin_bulk(both, Step("resolve", "Fixed."), **who)
    quiet = verbs.begin_bulk(both, Step("tag", "Seen"), **who)
    for bulk in (told_people, quiet):
        verbs.bulk_some(bulk, at=NOON)

    assert bulk_shown(told_people).begun == (ticket.ref,)
    assert bulk_shown(quiet).begun == ()
