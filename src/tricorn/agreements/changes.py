"""The difference of two agreement texts as sentences. Needs no database."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise as Words
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.agreements import plain
from tricorn.engine.agreement import Agreement, Change

PARTS: dict[str, str | Words] = {
    "agreement": _("The agreement"),
    "parties": _("The parties"),
    "hours": _("Service hours"),
    "clause": _("Clause"),
    "entitled": _("Who is covered"),
    "price": _("Price"),
    "signed": _("Signature"),
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
    """A whole clause as its sentence; anything else by its fields."""
    if change.part == "clause":
        clause = next(each for each in source.clauses if each.id == change.item)
        return plain.promise(clause).sentence
    said = [
        f"{key.replace('_', ' ')} {plain.value(key, found)}"
        for key, found in item.items()
        if found != [] and not isinstance(found, Mapping)
    ]
    return f"{', '.join(said)}."
