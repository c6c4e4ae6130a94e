"""Addresses of the desk. The word behind a ticket is the verb that it calls."""

from __future__ import annotations

from django.urls import path

from tricorn.web.desk import deeds, held, new, outages, people, presence, queue, ticket

app_name = "desk"

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("filters/save/", queue.save_filter, name="save-filter"),
    path("filters/<int:saved>/forget/", queue.forget_filter, name="forget-filter"),
    path("held/", held.held, name="held"),
    path("held/release/", held.release, name="held-release"),
    path("held/discard/", held.discard, name="held-discard"),
    path("outages/", outages.outages, name="outages"),
    path("outages/begin/", outages.begin, name="outage-begin"),
    path("outages/<int:outage>/", outages.change, name="outage"),
    path("outages/<int:outage>/end/", outages.end, name="outage-end"),
    path("outages/<int:outage>/take-back/", outages.take_back, name="outage-take-back"),
    path("outages/<int:outage>/link-ticket/", outages.link_ticket, name="outage-link-ticket"),
    path("outages/<int:outage>/unlink-ticket/", outages.unlink_ticket, name="outage-unlink-ticket"),
    path("new/", new.report, name="report"),
    path("people/", people.find, name="people"),
    path("t/<str:ref>/", ticket.ticket, name="ticket"),
    path("t/<str:ref>/photo/<int:number>/", ticket.photo, name="ticket-photo"),
    path("t/<str:ref>/presence/", presence.seen, name="ticket-presence"),
    path("t/<str:ref>/answer/", deeds.answer, name="ticket-answer"),
    path("t/<str:ref>/add-note/", deeds.add_note, name="ticket-add-note"),
    path("t/<str:ref>/open/", deeds.open_, name="ticket-open"),
    path("t/<str:ref>/wait/", deeds.wait, name="ticket-wait"),
    path("t/<str:ref>/go-on/", deeds.go_on, name="ticket-go-on"),
    path("t/<str:ref>/resolve/", deeds.resolve, name="ticket-resolve"),
    path("t/<str:ref>/close/", deeds.close, name="ticket-close"),
    path("t/<str:ref>/reopen/", deeds.reopen, name="ticket-reopen"),
    path("t/<str:ref>/cancel/", deeds.cancel, name="ticket-cancel"),
    path("t/<str:ref>/release/", deeds.release, name="ticket-release"),
    path("t/<str:ref>/discard/", deeds.discard, name="ticket-discard"),
    path("t/<str:ref>/prioritise/", deeds.prioritise, name="ticket-prioritise"),
    path("t/<str:ref>/count-affected/", deeds.count_affected, name="ticket-count-affected"),
    path("t/<str:ref>/log-time/", deeds.log_time, name="ticket-log-time"),
    path("t/<str:ref>/assign/", people.assign, name="ticket-assign"),
    path("t/<str:ref>/hand-over/", people.hand_over, name="ticket-hand-over"),
    path("t/<str:ref>/change-persons/", people.change_persons, name="ticket-change-persons"),
]
