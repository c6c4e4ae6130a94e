"""Drafts: what one has begun to write is kept while one types. Leaves no line.

What is sent from the box takes the draft of the box along; the door says so by `discard_draft`. What
is sent past the box (a macro, many at once, a program, a mail) leaves it, unless it is those words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from tricorn.engine import roles
from tricorn.engine.errors import BadInput, StandingRefused
from tricorn.engine.roles import Standing
from tricorn.journal.actor import Actor
from tricorn.knowledge.models import Article, ArticleVersion
from tricorn.knowledge.verbs import may_write
from tricorn.standing.models import Duty
from tricorn.tickets.models import Draft, Problem, Ticket
from tricorn.tickets.verbs.access import allow, allow_services
from tricorn.tickets.verbs.intake import LONGEST, already

Of = Ticket | Article | Problem | None
Boxes = Mapping[str, Sequence[str]]
# What can be begun, and of what; nothing: a new one.
KINDS: Mapping[str, tuple[type, ...]] = {
    "answer": (Ticket,),
    "article": (Article, Ticket, type(None)),
    "note": (Ticket,),
    "problem": (Problem, Ticket, type(None)),
    "report": (type(None),),
}
SAID = ("answer", "note")
MOST_BOXES = 80


def keep_draft(
    of: Of, *, by: Actor, at: datetime, kind: str, text: str = "", boxes: Boxes | None = None
) -> Draft | None:
    """Keep what was typed so far; nothing typed is nothing kept, nor is what was just sent.

    An answer and a note are a `text`; what is typed into a form are its `boxes`, by name.
    Errors  BadInput for what no message could hold; StandingRefused for who may not send it.
    """
    where = _where(of, kind)
    text, kept = _clean(kind, text, boxes or {})
    _may(of, kind, by=by, at=at)
    once = "".join(kept.pop("once", ()))
    if not (text or kept) or _is_sent(of, kind, text, kept, once, by):
        discard_draft(of, by=by, at=at, kind=kind)
        return None
    with transaction.atomic():
        draft, _ = Draft.objects.update_or_create(
            **where,
            person_id=by.id or 0,
            kind=kind,
            defaults={"text": text, "boxes": kept, "saved_at": at},
        )
    return draft


def draft_of(of: Of, *, by: Actor, kind: str) -> Draft | None:
    """Return what one has begun, and nobody else sees."""
    if not by.is_person:
        return None
    return Draft.objects.filter(**_where(of, kind), person=by.id, kind=kind).first()


def discard_draft(of: Of, *, by: Actor, at: datetime, kind: str) -> None:
    """Forget what one has begun: it was sent, or is not wanted."""
    if by.is_person:
        Draft.objects.filter(**_where(of, kind), person=by.id, kind=kind).delete()


def discard_said(ticket: Ticket, *, by: Actor, at: datetime, kind: str, text: str) -> None:
    """Forget what one has begun if these words, which were sent, are what it says."""
    draft = draft_of(ticket, by=by, kind=kind)
    if draft is not None and _squeezed(draft.text) == _squeezed(text):
        draft.delete()


def _where(of: Of, kind: str) -> dict[str, Any]:
    if kind not in KINDS:
        raise BadInput(f"A draft is one of {', '.join(KINDS)}.", field="kind")
    if not isinstance(of, KINDS[kind]):
        raise BadInput(f"Say what the {kind} is of, or that it is a new one.", field="kind")
    return {
        "ticket": of if isinstance(of, Ticket) else None,
        "article": of if isinstance(of, Article) else None,
        "problem": of if isinstance(of, Problem) else None,
    }


def _clean(kind: str, text: str, boxes: Boxes) -> tuple[str, dict[str, list[str]]]:
    if boxes if kind in SAID else text:
        what = "a text" if kind in SAID else "the boxes of its form"
        raise BadInput(f"A draft of this kind is {what}.", field="kind")
    if len(boxes) > MOST_BOXES:
        raise BadInput(f"A draft has at most {MOST_BOXES} boxes.", field="boxes")
    field = "text" if kind in SAID else "boxes"
    values = [text] if kind in SAID else [each for typed in boxes.values() for each in typed]
    if len(values) > LONGEST or sum(map(len, values)) > LONGEST:
        raise BadInput(f"At most {LONGEST:,} characters fit. Shorten it.", field=field)
    if not any(each.replace("\0", "").strip() for each in values):
        return "", {}
    kept = {
        name.replace("\0", ""): [each.replace("\0", "") for each in typed]
        for name, typed in boxes.items()
    }
    return text.replace("\0", ""), kept


def _may(of: Of, kind: str, *, by: Actor, at: datetime) -> None:
    if isinstance(of, Ticket):
        allow(of, "add_note", by=by, at=at)
    elif isinstance(of, Problem):
        allow_services(of.services.all(), "keep_problem", by=by, at=at)
    elif isinstance(of, Article):
        may_write(of.services.all(), by=by, at=at)
    else:
        held = Duty.objects.at(at).filter(person=by.id if by.is_person else 0)
        standing = Standing(duties=frozenset(held.values_list("duty", flat=True)))
        ruling = roles.rule(standing, "add_note")
        if not ruling.allowed:
            raise StandingRefused("Only who works at the desk keeps drafts here.", verb="draft")


def _is_sent(
    of: Of, kind: str, text: str, boxes: Mapping[str, list[str]], once: str, by: Actor
) -> bool:
    """Whether this was sent: leaving the box for the button keeps it once more."""
    if kind == "report":
        return already(once or None) is not None
    if kind in SAID and isinstance(of, Ticket):
        said = of.messages.standing().filter(author=by.id).order_by("-id")
        return _squeezed(text) in map(_squeezed, said.values_list("text", flat=True)[:1])
    if of is not None and not isinstance(of, Ticket):
        return False  # what does not differ from how it is was not typed

    def typed(*names: str) -> tuple[str, ...]:
        return tuple(_squeezed("".join(boxes.get(name, ()))) for name in names)

    if kind == "article":
        written = ArticleVersion.objects.filter(author=by.id, number=1).order_by("-id")
        last = written.values_list("title", "text").first() or ()
        return typed("title", "text") == tuple(map(_squeezed, last))
    noted = Problem.objects.filter(noted_by=by.id).order_by("-pk")
    known = noted.values_list("title", "cause", "workaround").first() or ()
    return typed("title", "cause", "workaround") == tuple(map(_squeezed, known))


def _squeezed(text: str) -> str:
    return "".join(text.split())
