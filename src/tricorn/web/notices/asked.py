"""From a letter: say how it was, or ask to be left alone. A signed word says who; no sign-in.

Opening changes nothing, since link scanners open everything: a button does it. The word stands in
the address, so these need no token of Django's: who cannot guess it makes nobody's browser post.
"""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tricorn.notices.abouts import BY_NAME
from tricorn.notices.asking import read_token
from tricorn.notices.quiet import heed, read_word
from tricorn.tickets.models import Rating, Ticket
from tricorn.web.report.forms import RateForm
from tricorn.web.requests import TricornRequest

GOOD = ("4", "5")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def how(request: TricornRequest, token: str, score: int) -> HttpResponse:
    """One score chosen, a box for a comment, one button; what was not good is asked below four."""
    asked = read_token(token)
    ticket = Ticket.objects.filter(pk=asked.ticket_id).first() if asked else None
    if asked is None or ticket is None or not 1 <= score <= 5:
        raise Http404("No such page.")
    given = Rating.objects.filter(ticket=ticket).first()
    context = {"ticket": ticket, "given": given, "is_over": ticket.is_done}
    form = RateForm(request.POST or None, initial={"score": score})
    status = 200
    if given is None and request.method == "POST":
        if form.is_valid():
            form.rate(ticket, by=asked.actor, at=request.at)
            given = context["given"] = Rating.objects.get(ticket=ticket)
        else:
            status = 422
    chosen = form["score"].value()
    is_good = str(chosen or score) in GOOD
    return render(
        request, "how/ticket.html", {**context, "form": form, "is_good": is_good}, status=status
    )


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def quiet(request: TricornRequest, word: str) -> HttpResponse:
    """Be told one thing no more by mail; a mail program may do the same with one click."""
    wish = read_word(word)
    if wish is None:
        raise Http404("No such page.")
    if request.method == "POST":
        heed(wish, at=request.at)
    context = {
        "about": BY_NAME[wish.capacity, wish.about],
        "is_rating": wish.about == "rating",
        "is_done": request.method == "POST",
    }
    return render(request, "how/quiet.html", context)
