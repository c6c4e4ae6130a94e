"""The words and small parts that every template may use: icons, labels, times, figures."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.forms import BoundField
from django.template import Context
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html, linebreaks, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from tricorn.web import charts, forms, labels, shapes, words
from tricorn.web.templatetags import fixed, signs
from tricorn.web.templatetags.signs import drawn

register = template.Library()
register.tags.update(signs.register.tags)
register.tags.update(fixed.register.tags)


NOTICE_SIGNS = {"late": "circle-alert", "soon": "triangle-alert", "good": "circle-check"}
MESSAGE_TONES = {
    "error": "late",
    "warning": "soon",
    "success": "good",
    "info": "calm",
    "debug": "calm",
}


@register.inclusion_tag("_notice.html")
def notice(
    sentence: object, tone: str = "calm", url: str = "", words: str = ""
) -> dict[str, object]:
    """{% notice sentence tone="late" %}: one sentence with its sign; takes message levels too."""
    tone = MESSAGE_TONES.get(tone, tone) or "calm"
    sign = NOTICE_SIGNS.get(tone, "info")
    return {"sentence": sentence, "tone": tone, "sign": sign, "url": url, "words": words}


@register.simple_tag
def field_group(field: BoundField, is_plain: object = "") -> SafeString:
    """{% field_group form.name %}: label, hint, errors and box, as in a form."""
    return forms.group(field, is_plain=bool(is_plain))


@cache
def chip(table: str, code: int | str, language: str | None) -> SafeString:
    """Return a label as a chip; a few dozen in each language, each drawn once."""
    label: labels.Label = getattr(labels, table)(code)
    return format_html(
        '<span class="chip" data-tone="{}">{}{}</span>', label.tone, drawn(label.sign), label.words
    )


@register.filter
def state_label(code: str) -> str | Promise:
    return labels.state(code).words


@register.filter
def kind_label(code: str) -> str | Promise:
    return labels.kind(code).words


@register.filter
def priority_label(code: int) -> str | Promise:
    return labels.priority(code).words


@register.simple_tag
def state_chip(code: str) -> SafeString:
    return chip("state", code, get_language())


@register.simple_tag
def kind_chip(code: str) -> SafeString:
    return chip("kind", code, get_language())


@register.simple_tag
def priority_chip(code: int) -> SafeString:
    return chip("priority", code, get_language())


@register.simple_tag(takes_context=True)
def holder_label(context: Context, code: str) -> str | Promise:
    """{% holder_label ticket.holder %}: "us", "you", "the client", for the door one is in."""
    return labels.holder(code, door=context.get("door") or "")


def reading(context: Context) -> tuple[datetime, ZoneInfo]:
    """Return when and where the page is read: `at` and `zone` of the context, or of the request."""
    at = context.get("at") or context["request"].at
    zone = context.get("zone") or ZoneInfo("UTC")
    return at, ZoneInfo(zone) if isinstance(zone, str) else zone


def timed(moment: datetime, said: str, zone: ZoneInfo) -> SafeString:
    title = words.exact(moment, zone=zone)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', words.machine(moment), title, said
    )


@register.simple_tag(takes_context=True)
def when(context: Context, moment: datetime | None) -> SafeString | str:
    """{% when ticket.opened_at %}: "today 14:10", exact in the title; nothing for no moment."""
    if moment is None:
        return ""
    at, zone = reading(context)
    return timed(moment, words.when(moment, at=at, zone=zone), zone)


@dataclass(frozen=True)
class Standing:
    """How a promise stands: a tone, an icon and words, and the moment they speak of."""

    tone: str
    sign: str
    words: str
    moment: datetime | None = None


SOON = timedelta(hours=2)


def standing_of(
    due_at: datetime | None,
    breach_at: datetime | None,
    held_by: str,
    door: str,
    at: datetime,
    zone: ZoneInfo,
) -> Standing:
    """Return the one thing to say of a promise: whom it waits for, how late it is, when due."""
    last = breach_at or due_at
    if last is not None and at > last:
        said = gettext("late by %(span)s") % {"span": words.duration(at - last)}
        return Standing("late", "alarm-clock", said, due_at)
    if held_by and held_by != "provider":
        who = labels.holder(held_by, door=door)
        return Standing("wait", "circle-pause", gettext("waiting for %(who)s") % {"who": who})
    if due_at is None or last is None:
        return Standing("calm", "infinity", gettext("no date promised"))
    if due_at < at:
        said = gettext("in time until %(moment)s") % {"moment": words.when(last, at=at, zone=zone)}
        return Standing("soon", "clock", said, last)
    if due_at - at < timedelta(days=1):
        said = gettext("due %(ahead)s") % {"ahead": words.coming(due_at - at)}
        return Standing("soon" if due_at - at <= SOON else "calm", "clock", said, due_at)
    said = gettext("due %(moment)s") % {"moment": words.when(due_at, at=at, zone=zone)}
    return Standing("calm", "clock", said, due_at)


@register.simple_tag(takes_context=True)
def due(
    context: Context,
    due_at: datetime | None,
    breach_at: datetime | None = None,
    held_by: str | None = None,
) -> SafeString:
    """{% due c.due_at c.breach_at held_by=c.held_by %}: icon and words, never colour alone."""
    door = context.get("door") or ""
    return promise(due_at, breach_at, held_by or "", door, *reading(context))


def promise(
    due_at: datetime | None,
    breach_at: datetime | None,
    held_by: str,
    door: str,
    at: datetime,
    zone: ZoneInfo,
) -> SafeString:
    """Return how a promise stands, drawn."""
    how = standing_of(due_at, breach_at, held_by, door, at, zone)
    said = timed(how.moment, how.words, zone) if how.moment else how.words
    return format_html(
        '<span class="due" data-tone="{}">{}<span>{}</span></span>', how.tone, drawn(how.sign), said
    )


@register.filter
def duration(span: timedelta | float | None) -> str:
    """{{ span|duration }}: "2 h 10 min"; takes a timedelta or seconds."""
    if span is None:
        return ""
    return words.duration(span if isinstance(span, timedelta) else timedelta(seconds=span))


@register.filter
def share(value: float | None) -> str:
    """{{ attainment|share }}: 0.962 reads "96.2 %"; None reads "cannot tell yet"."""
    return words.share(value)


@register.filter
def phone(number: object) -> str:
    """Return a number as a tel: link takes it: digits, and a leading plus."""
    text = str(number).strip()
    return ("+" if text.startswith("+") else "") + re.sub(r"\D", "", text)


@register.filter
def spoken(text: str | None) -> SafeString:
    """{{ message.text|spoken }}: what somebody wrote, escaped, with its line breaks and links."""
    linked = urlize(conditional_escape(text or ""), nofollow=True)
    lines = mark_safe(linebreaks(linked) if text else "")
    return format_html('<div class="spoken" dir="auto">{}</div>', lines)


@register.simple_tag(takes_context=True)
def that_page(context: Context, number: int) -> str:
    """{% that_page 3 %}: this address with another page, all other choices kept."""
    query = context["request"].GET.copy()
    query["page"] = str(number)
    return "?" + query.urlencode()


@register.simple_tag
def week_picture(windows: Sequence[charts.WeekWindow], title: str = "") -> SafeString:
    return charts.week_picture(windows, title=title)


@register.simple_tag
def figure(picture: Any, bare: bool = False) -> SafeString:
    """{% figure share %}: draws any of the charts' values; bare where title and table stand by it."""
    return shapes.alone(charts.draw(picture)) if bare else charts.draw(picture)
