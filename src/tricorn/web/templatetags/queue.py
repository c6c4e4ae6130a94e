"""The rows of the queue, drawn without a template: forty of them were half of what a page took."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from tricorn.tickets.reads.queue import Row
from tricorn.web.templatetags.signs import drawn
from tricorn.web.templatetags.tricorn import chip, promise, reading, timed
from tricorn.web.words import when

register = template.Library()

ROW = """
<tr data-row>
  <td class="q-pick"><input type="checkbox" name="ref" value="{ref}" form="bulk" aria-label="{tick}"></td>
  <td class="q-due">{due}</td>
  <td class="q-what">
    <a class="row-link" href="{queue}t/{ref}/">{summary}</a> <span class="ref">{ref}</span>{marks}
  </td>
  <td class="q-who" title="{who}">{who}</td>
  <td class="q-holder quiet small">{role}</td>
  <td class="q-service">{service}</td>
  <td class="q-priority">{priority}</td>
  <td class="q-state">{state}</td>
  <td class="q-with">{assignee}</td>
</tr>"""
CHIP = ' <span class="chip" data-tone="{}">{}{}</span>'


@register.simple_tag(takes_context=True)
def queue_rows(context: Context, rows: Iterable[Row], newest_first: bool = False) -> SafeString:
    """{% queue_rows page.rows page.newest_first %}: a table row for each.

    Needs what the page knows: `escalated`, what is said of some refs.
    """
    at, zone = reading(context)
    door = context.get("door") or ""
    escalated = context.get("escalated") or {}
    queue, language = reverse("desk:queue"), get_language()
    tick, visitor = gettext("Tick %(ref)s"), gettext("a visitor")

    def row(t: Row) -> SafeString:
        return format_html(
            ROW,
            ref=t.ref,
            tick=tick % {"ref": t.ref},
            due=moment(t, newest_first, door, at, zone),
            queue=queue,
            summary=t.summary,
            marks=marks(t, escalated.get(t.ref, "")),
            who=t.who or visitor,
            role=t.role,
            service=t.service,
            priority=chip("priority", t.priority, language),
            state=chip("state", t.state, language),
            assignee=t.assignee,
        )

    return mark_safe("".join(map(row, rows)))  # each row has escaped what it shows


def moment(t: Row, newest_first: bool, door: str, at: datetime, zone: ZoneInfo) -> SafeString:
    """Return when it was reported, where the newest come first; else how its promise stands."""
    if newest_first:
        return timed(t.reported_at, when(t.reported_at, at=at, zone=zone), zone)
    return promise(t.due_at, t.breach_at, t.waiting_on, door, at, zone)


def marks(t: Row, escalated: str) -> SafeString:
    """Return what stands behind the summary: tags, one's reminder, whether it was escalated."""
    said = format_html_join("", ' <span class="tag">#{}</span>', ((tag,) for tag in t.tags))
    if t.reminder is not None:
        said += format_html(CHIP, "soon", drawn("alarm-clock"), t.reminder or gettext("Reminder"))
    if escalated:
        said += format_html(CHIP, "late", drawn("megaphone"), escalated)
    return said
