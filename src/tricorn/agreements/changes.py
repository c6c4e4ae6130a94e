"""The difference of two agreement texts as sentences. Needs no database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise as Words
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.agreements import plain, terms
from tricorn.engine.agreement import Agreement, Change, named

PARTS: dict[str, str | Words] = {
    "agreement": _("The agreement"),
    "parties": _("The parties"),
    "hours": _("Service hours"),
    "clause": _("Clause"),
    "availability": _("Availability"),
    "workload": _("Up to how much"),
    "exception": _("Not promised"),
    "escalation": _("Who hears"),
    "credit": _("Money back for"),
    "review": _("Review"),
    "entitled": _("Who is covered"),
    "price": _("Price"),
    "signed": _("Signature"),
}
# Where the entries of a part are kept, and what says one of them.
SENTENCES: dict[str, tuple[str, Callable[[Any, Agreement], str]]] = {
    "clause": ("clauses", lambda each, _source: plain.promise(each).sentence),
    "availability": ("availability", lambda each, _source: terms.availability(each)),
    "workload": ("workloads", lambda each, _source: terms.workload(each)),
    "exception": ("exceptions", lambda each, _source: terms.exemption(each)),
    "escalation": ("escalation", lambda each, _source: terms.escalation(each)),
    "credit": ("credits", terms.credit),
    "entitled": ("entitled", lambda each, source: f"{plain.entitled(each, source)}."),
    "price": ("prices", lambda each, _source: f"{plain.price(each)}."),
    "signed": ("signed", lambda each, _source: plain.signed(each)),
}


def sentence(change: Change, before: Agreement, after: Agreement) -> str:
    """Return one difference as a sentence: "Clause R2, target: was 8 h ..., is 4 h ..."."""
    place = f"{PARTS[change.part]} {change.item}".strip()
    if change.field == "order":
        return gettext("%(place)s: the order was %(before)s, is %(after)s.") % {
            "place": place,
            "before": ", ".join(change.before),
            "after": ", ".join(change.after),
        }
    if not change.field:
        said = gettext("%(place)s is new: %(what)s")
        source, item = after, change.after
        if change.after is None:
            said = gettext("%(place)s is gone: %(what)s")
            source, item = before, change.before
        return said % {"place": place, "what": _whole(change, item, source)}
    field = change.field.replace("_", " ")
    if change.before is None or change.after is None:
        added = change.before is None
        said = gettext("%(place)s, %(field)s: %(value)s is new.")
        gone = gettext("%(place)s, %(field)s: %(value)s is gone.")
        found = change.after if added else change.before
        return (said if added else gone) % {
            "place": place,
            "field": field,
            "value": plain.value(change.field, found),
        }
    return gettext("%(place)s, %(field)s: was %(before)s, is %(after)s.") % {
        "place": place,
        "field": field,
        "before": plain.value(change.field, change.before),
        "after": plain.value(change.field, change.after),
    }


def _whole(change: Change, item: Mapping[str, object], source: Agreement) -> str:
    """A part that has a sentence of its own as that; anything else by its fields."""
    if change.part == "review" and source.review:
        return terms.review(source.review)
    if change.part in SENTENCES:
        field, say = SENTENCES[change.part]
        place = list(named(change.part, source.to_data()[change.part])).index(change.item)
        return say(getattr(source, field)[place], source)
    said = [
        f"{key.replace('_', ' ')} {plain.value(key, found)}"
        for key, found in item.items()
        if found != [] and not isinstance(found, Mapping)
    ]
    return f"{', '.join(said)}."
