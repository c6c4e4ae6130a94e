"""What the desk reads: names of promises, why something is held, and what happened in sentences."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tricorn.engine.hours import Span
from tricorn.tickets.reads.others import Other
from tricorn.tickets.reads.ticket import Step
from tricorn.web import labels, words

MEASURES = {
    "first_response": _("First answer"),
    "resolution": _("Resolved"),
    "closing": _("Closed"),
}
TABS = {
    "all": _("All"),
    "mine": _("Mine"),
    "team": _("My team"),
    "unassigned": _("Unassigned"),
    "waiting": _("Waiting"),
    "done": _("Done"),
}
CHANNELS = {
    "mail": _("by mail"),
    "desk": _("at the desk"),
    "paper": _("on paper"),
    "phone": _("by phone"),
    "recurring": _("because it comes again"),
}
FOUND_BY = {
    "provider": _("by us"),
    "reporter": _("by somebody who reported it"),
    "monitoring": _("by monitoring"),
}
# What is said in the conversation itself; everything else is in the history alone.
TOLD_IN_CONVERSATION = {
    "ticket.waited": "circle-pause",
    "ticket.went_on": "circle-play",
    "ticket.resolved": "circle-check",
    "ticket.closed": "archive",
    "ticket.cancelled": "circle-x",
    "ticket.discarded": "circle-x",
    "ticket.reopened": "rotate-ccw",
    "ticket.handed_over": "arrow-right-left",
    "ticket.merged": "git-merge",
    "ticket.took_in": "git-merge",
    "ticket.unmerged": "undo-2",
    "ticket.let_go": "undo-2",
    "ticket.split": "split",
    "ticket.split_off": "split",
    "ticket.escalated": "megaphone",
}
DEED_NAMES: dict[str, str | Promise] = {
    "take": _("take it oneself"),
    "assign": _("give it to somebody"),
    "prioritise": _("set the priority"),
    "tag": _("add a tag"),
    "untag": _("take a tag off"),
    "add_checklist": _("add a checklist"),
    "add_note": _("keep a note for the desk"),
    "answer": _("send an answer"),
    "wait": _("put it on hold"),
    "go_on": _("go on with it"),
    "resolve": _("resolve it, with words"),
    "close": _("close it for good"),
    "reopen": _("reopen it"),
    "hand_over": _("hand it over, with a note"),
}
# What can be done to many at once, in the order of the list.
BULK = [
    *(
        (do, DEED_NAMES[do])
        for do in (
            *("take", "assign", "prioritise", "tag", "untag"),
            *("wait", "resolve", "close", "hand_over"),
        )
    ),
    ("macro", _("run a macro")),
]
SENTENCES: dict[str, str | Promise] = {
    "ticket.reported": _("%(who)s reported it"),
    "ticket.released": _("%(who)s released it: a real report"),
    "ticket.held": _("Held for review"),
    "ticket.discarded": _("%(who)s discarded it: not a report"),
    "ticket.imported": _("%(who)s brought it in"),
    "ticket.opened": _("%(who)s took it up"),
    "ticket.went_on": _("%(who)s went on with it"),
    "ticket.resolved": _("%(who)s resolved it"),
    "ticket.closed": _("%(who)s closed it"),
    "ticket.cancelled": _("%(who)s cancelled it"),
    "ticket.reopened": _("%(who)s reopened it"),
    "ticket.noted": _("%(who)s wrote a note"),
    "ticket.persons_changed": _("%(who)s changed whose matter it is: %(affected)s"),
    "ticket.affected_counted": _("%(who)s said how many are affected: %(count)s"),
    "ticket.rated": _("%(who)s rated it: %(score)s of 5"),
    "ticket.article_linked": _("%(who)s linked an article that helps"),
    "ticket.article_unlinked": _("%(who)s said that an article does not help"),
    "ticket.outage_linked": _("%(who)s linked it to the outage O-%(outage)s"),
    "ticket.outage_unlinked": _("%(who)s said that it does not belong to O-%(outage)s"),
    "ticket.merged": _("%(who)s merged it into T-%(into)s"),
    "ticket.took_in": _("%(who)s merged T-%(merged)s into it"),
    "ticket.unmerged": _("%(who)s made it a ticket of its own again, out of T-%(out_of)s"),
    "ticket.let_go": _("%(who)s made T-%(merged)s a ticket of its own again"),
    "ticket.split": _("%(who)s split T-%(into)s off it"),
    "ticket.split_off": _("%(who)s split it off T-%(out_of)s"),
    "ticket.belongs": _("%(who)s made it a part of T-%(parent)s"),
    "ticket.parted": _("%(who)s said that it is no part of T-%(parent)s"),
    "ticket.problem_linked": _("%(who)s linked it to the problem P-%(problem)s"),
    "ticket.problem_unlinked": _("%(who)s said that P-%(problem)s is not its cause"),
    "ticket.moved": _("%(who)s moved its clocks from %(agreement)s v%(was)s to v%(now)s"),
    "ticket.escalated": _("Escalated, step %(step)s of %(of)s"),
    "rule.notified": _("%(who)s told somebody, because of a rule"),
    "ticket.file_added": _("%(who)s added a photo"),
    "ticket.tagged": _("%(who)s tagged it %(tag)s"),
    "ticket.untagged": _("%(who)s took the tag %(tag)s off"),
    "ticket.fields_changed": _("%(who)s noted what was asked"),
    "ticket.checklist_added": _("%(who)s added to what is to be done: %(count)s"),
    "ticket.ticked": _("%(who)s ticked something off, %(left)s left"),
    "ticket.unticked": _("%(who)s unticked something, %(left)s left"),
    "ticket.check_removed": _("%(who)s took something off the list"),
    "ticket.followed": _("%(who)s follows it"),
    "ticket.unfollowed": _("%(who)s follows it no longer"),
    "ticket.mentioned": _("%(who)s named %(person)s in a note"),
    "ticket.reminder_set": _("%(who)s wants to see it again later"),
    "ticket.reminder_ended": _("%(who)s put the reminder away"),
    "ticket.reminded": _("%(person)s was reminded of it"),
    "ticket.macro_run": _("%(who)s ran a macro"),
    "ticket.withdrawn": _("%(who)s took back what was added to many at once"),
    "ticket.guest_wrote": _("Somebody else wrote by mail"),
    "ticket.letter_returned": _("A machine wrote back by mail"),
    "ticket.copied_in": _("Copied by mail: %(count)s more"),
    "ticket.copied_out": _("%(who)s took somebody off the copies"),
    "ticket.letter_failed": _("A letter did not go out"),
    "ticket.letter_tried_again": _("%(who)s had a letter tried again"),
    "ticket.letter_given_up": _("%(who)s said that a letter need not go out"),
    "ticket.letter_went": _("A letter that had failed went out"),
}
NOT_APPLIED: dict[str, str | Promise] = {
    "less_specific": _(
        "%(agreement)s v%(version)s covers %(covers)s, which is less specific than %(than)s."
    ),
    "later": _("%(agreement)s v%(version)s covers %(covers)s too; its promise is due later."),
    "same": _(
        "%(agreement)s v%(version)s covers %(covers)s too and promises the same; "
        "the other one was there before."
    ),
    "recorded_later": _(
        "%(agreement)s v%(version)s covers %(covers)s; it came on record after this was reported."
    ),
    "chosen": _(
        "%(agreement)s v%(version)s covers %(covers)s and would come first now; "
        "what was chosen when this was reported stands."
    ),
}
ACTORS = {
    "person": _("Somebody"),
    "link": _("Whoever holds the private link"),
    "visitor": _("A visitor"),
    "worker": _("Tricorn"),
    "command": _("A command"),
    "import": _("An import"),
}


def sentence(step: Step) -> str:
    """Return what happened in plain words; a kind without a sentence of its own reads as it is."""
    data: dict[str, Any] = {
        **step.data,
        "who": step.who or ACTORS.get(step.data.get("by_kind", ""), _("Somebody")),
        "affected": step.data.get("affected") or gettext("nobody by name"),
    }
    if step.kind in _SAID:
        return _SAID[step.kind](data)
    if step.kind in SENTENCES:
        try:
            return str(SENTENCES[step.kind]) % data
        except KeyError:
            pass
    what = step.kind.rpartition(".")[2].replace("_", " ")
    return gettext("%(who)s: %(what)s") % {"who": data["who"], "what": what}


def _answered(data: dict[str, Any]) -> str:
    said = gettext("%(who)s answered") if data.get("from_desk") else gettext("%(who)s wrote")
    return said % data


def _waited(data: dict[str, Any]) -> str:
    holder = labels.HOLDERS.get(str(data.get("holder")), _("somebody"))
    return gettext("%(who)s put it on hold, waiting for %(holder)s") % {**data, "holder": holder}


def _assigned(data: dict[str, Any]) -> str:
    if not data.get("to"):
        return gettext("%(who)s gave it back, to nobody in particular") % data
    if data["to"] == data["who"]:
        return gettext("%(who)s took it") % data
    return gettext("%(who)s gave it to %(to)s") % data


def _handed_over(data: dict[str, Any]) -> str:
    to = ", ".join(each for each in (data.get("service"), data.get("team")) if each)
    return gettext("%(who)s handed it over to %(place)s") % {**data, "place": to}


def _prioritised(data: dict[str, Any]) -> str:
    names = {
        name: labels.PRIORITIES[data[name]].words if data.get(name) in labels.PRIORITIES else "?"
        for name in ("was", "priority")
    }
    return gettext("%(who)s changed the priority from %(was)s to %(priority)s") % {**data, **names}


def _time_logged(data: dict[str, Any]) -> str:
    span = words.duration(timedelta(minutes=int(data.get("minutes") or 0)))
    return gettext("%(who)s worked on it for %(span)s") % {**data, "span": span}


LINKED = {
    "blocks": _("%(who)s noted that it blocks T-%(other)s"),
    "caused_by": _("%(who)s noted that it is caused by T-%(other)s"),
    "duplicate_of": _("%(who)s noted that it is a duplicate of T-%(other)s"),
    "related": _("%(who)s noted that it is related to T-%(other)s"),
}


def _linked(data: dict[str, Any]) -> str:
    return str(LINKED[data["kind"]]) % data


def _unlinked(data: dict[str, Any]) -> str:
    return gettext("%(who)s took back that it is linked to T-%(other)s") % data


_SAID = {
    "ticket.linked": _linked,
    "ticket.unlinked": _unlinked,
    "ticket.answered": _answered,
    "ticket.waited": _waited,
    "ticket.assigned": _assigned,
    "ticket.handed_over": _handed_over,
    "ticket.prioritised": _prioritised,
    "ticket.time_logged": _time_logged,
}


def other_words(other: Other) -> str:
    """Return why another agreement did not apply: "PLACE v1 covers everyone at Reception, ..."."""
    return str(NOT_APPLIED[other.reason]) % vars(other)


def span_words(span: Span, zone: ZoneInfo) -> str:
    """Return a stretch of service time: "Mon 12 October, 08:00 to 12:00"."""
    start, end = span.start.astimezone(zone), span.end.astimezone(zone)
    last = words.said_as(end, "H:i" if start.date() == end.date() else "D j F, H:i")
    return gettext("%(start)s to %(end)s") % {
        "start": words.said_as(start, "D j F, H:i"),
        "end": last,
    }


def people_more(count: int) -> str:
    return ngettext("%(count)d person", "%(count)d people", count) % {"count": count}
