"""What one has begun to type into a form of the desk: kept meanwhile, and there when one is back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext

from tricorn.knowledge.models import Article
from tricorn.tickets import verbs
from tricorn.tickets.models import Draft, Problem, Ticket
from tricorn.tickets.reads.drafts import begun_on
from tricorn.tickets.verbs.drafts import Of
from tricorn.web.requests import TricornRequest

SEVERAL = (forms.MultipleChoiceField, forms.ModelMultipleChoiceField)
WORDS = (forms.TextInput, forms.Textarea)


@dataclass(frozen=True)
class Begun:
    """What is kept of a form, and where keeping and discarding it are asked for."""

    kind: str
    draft: Draft | None
    keep_url: str
    discard_url: str

    @classmethod
    def of(cls, request: TricornRequest, kind: str, of: Of) -> Begun:
        query = f"?{urlencode(_named(of))}" if of is not None else ""
        return cls(
            kind,
            verbs.draft_of(of, by=request.actor, kind=kind),
            reverse("desk:draft", args=[kind]) + query,
            reverse("desk:draft-discard", args=[kind]) + query,
        )

    def fill(self, form: forms.Form) -> None:
        """Let an unsent form show what is kept, and all else as it is now."""
        for name, values in (self.draft.boxes if self.draft else {}).items():
            if field := form.fields.get(name):
                last = values[-1] if values else ""
                form.initial[name] = values if isinstance(field, SEVERAL) else last


def _named(of: Of) -> dict[str, str | int]:
    if isinstance(of, Ticket):
        return {"ticket": of.ref}
    if isinstance(of, Article):
        return {"article": of.pk}
    return {"problem": of.pk} if isinstance(of, Problem) else {}


def typed_into(*shown: forms.Form) -> dict[str, list[str]]:
    """Return what differs from the empty form, by box; nothing where no words were typed."""
    boxes: dict[str, list[str]] = {}
    is_typed = False
    for form in shown:
        data: Any = form.data
        for name, field in form.fields.items():
            widget = field.widget
            is_changed = name in form.changed_data and not widget.needs_multipart_form
            if is_changed or (widget.is_hidden and name in data):
                boxes[name] = data.getlist(name)
            is_typed |= is_changed and isinstance(widget, WORDS)
    return boxes if is_typed else {}


def say_begun(request: TricornRequest, tickets: Collection[Ticket]) -> None:
    """Say that what one has begun on these tickets was not sent along with what was."""
    refs = begun_on(request.actor.id, [each.pk for each in tickets])
    if refs:
        said = gettext("What you have begun to write on %(refs)s is not sent. It is kept.")
        messages.info(request, said % {"refs": ", ".join(refs)})
