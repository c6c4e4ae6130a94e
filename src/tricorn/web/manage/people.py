"""People: the list, and one person's page with every deed that changes what is on record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Lower
from django.db.models.lookups import IsNull
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from tricorn.engine.errors import BadInput, StandingRefused
from tricorn.engine.roles import find_scheme
from tricorn.parties import verbs as parties
from tricorn.parties.models import Person
from tricorn.parties.reads import find_people
from tricorn.standing import verbs as standing
from tricorn.standing.models import Authority
from tricorn.standing.reads import person_rows, person_view
from tricorn.tickets import verbs as tickets
from tricorn.tickets.models import Unreachable
from tricorn.web.away import AwayForm, leave
from tricorn.web.context import DOOR_NAMES
from tricorn.web.labels import role_label
from tricorn.web.manage.answers import blame, done, for_all, leaf, may, page, posted
from tricorn.web.manage.fields import begin_of, end_of
from tricorn.web.manage.merging import came_in
from tricorn.web.manage.people_forms import (
    DUTY_NAMES,
    FACT_NAMES,
    MAY_NAMES,
    AuthorityForm,
    ChangeForm,
    DutyForm,
    FactForm,
    JoinForm,
    NewPersonForm,
    PasswordForm,
    PersonForm,
    must_type,
    sends_mail,
)
from tricorn.web.requests import TricornRequest

Do = Callable[[TricornRequest, Person, dict[str, Any]], str]


@for_all("edit_parties")
def people(request: TricornRequest) -> HttpResponse:
    """The list, by the beginning of a name or address; unasked, first who can sign in."""
    words = request.GET.get("q", "").replace("\0", "")[:200]
    found = find_people(words)
    if not words.strip():
        # An import brings names by the thousand, before which nobody would find their colleagues.
        found = found.order_by(IsNull(F("email"), True), Lower("name"), "id")
    leaves = leaf(request, found)
    context = {
        "page": leaves,
        "rows": person_rows(list(leaves.object_list), request.at),
        "q": words,
        "at": request.at,
    }
    if request.htmx:
        return render(request, "manage/_people.html", context)
    return page(request, "people.html", "people", context)


@for_all("edit_parties")
def person_add(request: TricornRequest) -> HttpResponse:
    """Add somebody, and where they belong."""
    form = NewPersonForm(posted(request), initial={"organisation": request.GET.get("in", "")})
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            with transaction.atomic():
                added = parties.add_person(
                    by=request.actor, at=request.at, name=data["name"], email=data["email"]
                )
                if data["organisation"]:
                    parties.join(added, data["organisation"], by=request.actor, at=request.at)
        except BadInput as problem:
            blame(form, problem)
        else:
            sentence = gettext("%(name)s is on record.") % {"name": added.name}
            return done(request, sentence, "manage:person", added.pk)
    return page(request, "person_add.html", "people", {"form": form}, form)


@for_all("edit_parties")
def person(request: TricornRequest, person: int) -> HttpResponse:
    """Everything on record about one person, what follows from it, and what can be changed."""
    return show(request, get_object_or_404(Person, pk=person))


def show(
    request: TricornRequest, found: Person, wrong: dict[str, forms.Form] | None = None
) -> HttpResponse:
    """Draw a person's page; `wrong` is the form that was refused, with what was typed."""
    house = request.who.house
    assert request.who.portrait is not None
    scheme = house.scheme if house else "fm"
    view = person_view(found, scheme, request.at, hidden=request.who.portrait.hidden)
    blank: dict[str, forms.Form] = {
        "change": PersonForm(initial={"name": found.name, "email": found.email or ""}),
        "join": JoinForm(prefix="join"),
        "give_duty": DutyForm(prefix="duty"),
        "record_fact": FactForm(prefix="fact"),
        "grant": AuthorityForm(prefix="authority"),
        "set_password": PasswordForm(prefix="password"),
        "go_away": AwayForm(prefix="away"),
    }
    away = found.absences.unended(request.at).select_related("deputy").order_by("since", "id")
    context = {
        "view": view,
        "subject": found,
        "forms": {**blank, **(wrong or {})},
        "wrong": next(iter(wrong or {}), ""),
        "today": {"memberships": _now(view.memberships, request), **_split(view, request)},
        "standings": [
            {
                "service": each.service,
                "roles": [(role_label(house, role.name), role) for role in each.roles],
                "flags": each.flags,
            }
            for each in view.standings
        ],
        "doors_open": [
            (DOOR_NAMES[each.door], each.door, [because(reason) for reason in each.because])
            for each in view.doors
        ],
        "scheme_title": find_scheme(scheme).title,
        "facts": [(fact, FACT_NAMES[fact.kind]) for fact in view.facts],
        "has_password": found.has_usable_password(),
        "sends_mail": sends_mail(),
        "absences": away,
        "took_in": came_in(found),
        "is_unreached": Unreachable.objects.filter(address=(found.email or "").lower()).exists(),
        "authorities": [(each, _change_form(each, request, wrong)) for each in view.authorities],
    }
    return page(request, "person.html", "people", context, *(wrong or {}).values())


def _change_form(
    each: Authority, request: TricornRequest, wrong: dict[str, forms.Form] | None
) -> forms.Form | None:
    """The form that changes one authority, as it was typed if it was refused; none once it ended."""
    if each.until is not None and each.until <= request.at:
        return None
    refused = (wrong or {}).get("change_authority")
    if refused is not None and str(refused.data.get("row")) == str(each.pk):
        return refused
    last = each.until and (each.until - timedelta(seconds=1)).astimezone(ZoneInfo(request.who.zone))
    return ChangeForm(
        auto_id=f"id_{each.pk}_%s",
        initial={
            "row": each.pk,
            "up_to": each.up_to,
            "currency": each.currency,
            "deputy": each.deputy and (each.deputy.email or each.deputy.name),
            "until": last and last.date(),
        },
    )


def because(reason: str) -> str:
    """Return why a door is open, as the page says it: a duty, an authority, or a fact in words."""
    if reason in DUTY_NAMES:
        return str(DUTY_NAMES[reason])
    may, _, deed = reason.partition(" ")
    if may == "may" and deed in MAY_NAMES:
        return gettext("may %(deed)s") % {"deed": MAY_NAMES[deed]}
    return reason


def _now(rows: Any, request: TricornRequest) -> list[Any]:
    """Those rows that have not ended."""
    return [row for row in rows if row.until is None or row.until > request.at]


def _split(view: Any, request: TricornRequest) -> dict[str, list[Any]]:
    return {name: _now(getattr(view, name), request) for name in ("duties", "facts", "authorities")}


@dataclass(frozen=True)
class Deed:
    """One thing that can be done on a person's page: the right it takes, its form, its verb."""

    right: str
    do: Do
    form: Callable[..., forms.Form] | None = None
    prefix: str | None = None


def deed(name: str) -> Callable[..., HttpResponse]:
    """Return the view of one deed: refused with what was typed, or done and back to the person."""
    what = DEEDS[name]

    @require_POST
    def view(request: TricornRequest, person: int) -> HttpResponse:
        if not (may(request, what.right) and may(request, "edit_parties")):
            raise Http404("Not yours.")
        found = get_object_or_404(Person, pk=person)
        if found.merged_into_id is not None:
            raise BadInput(f"{found} was merged into another record. Go on with that one.")
        if what.form is None:
            return done(request, what.do(request, found, {}), "manage:person", found.pk)
        form = what.form(request.POST, prefix=what.prefix)
        if form.is_valid():
            try:
                sentence = what.do(request, found, form.cleaned_data)
            except (BadInput, StandingRefused) as problem:
                blame(form, problem)
            else:
                return done(request, sentence, "manage:person", found.pk)
        return show(request, found, {name: form})

    return view


def row_of(request: TricornRequest, rows: Any) -> Any:
    """Return the row that the button beside it names; only this person's rows are looked at."""
    number = request.POST.get("row", "")
    return get_object_or_404(rows, pk=int(number) if number.isdecimal() and len(number) < 19 else 0)


def _change(request: TricornRequest, person: Person, data: dict[str, Any]) -> str:
    if (person.email or "") != data["email"]:
        tickets.must_reach(person, by=request.actor, at=request.at)
    parties.change_person(
        person, by=request.actor, at=request.at, name=data["name"], email=data["email"]
    )
    return gettext("Changed.")


def _let_in(request: TricornRequest, person: Person, data: dict[str, Any]) -> str:
    standing.let_in(person, by=request.actor, at=request.at)
    return gettext("%(name)s may sign in again.") % {"name": person}


def _shut_out(request: TricornRequest, person: Person, data: dict[str, Any]) -> str:
    standing.shut_out(person, by=request.actor, at=request.at)
    return gettext("%(name)s can no longer sign in. What they did stays.") % {"name": person}


def _set_password(request: TricornRequest, person: Person, data: dict[str, Any]) -> str:
    must_type(person)
    tickets.must_reach(person, by=request.actor, at=request.at)
    parties.set_password(person, data["password"], by=request.actor, at=request.at)
    return gettext("%(name)s can sign in with this password.") % {"name": person}


def _remove_password(request: TricornRequest, person: Person, data: dict[str, Any]) -> str:
    tickets.must_reach(person, by=request.actor, at=request.at)
    parties.remove_password(person, by=request.actor, at=request.at)
    return gettext("%(name)s signs in by mailed code from now on.") % {"name": person}


def _join(request: TricornRequest, person: Person, data: dict[str, Any]) -> str:
    since = begin_of(data["since"], request.who.zone)
    organisation = data["organisation"]
    parties.join(
        person,
        organisation,
        by=request.actor,
        at=request.at,
        since=since,
        title=data["title"],
    )
    return gettext("%(name)s belongs to %(organisation)s.") % {
        "name": person,
        "organisation": organisation,
    }


def _leave(request: TricornRequest, person: Person, data: dict[str, Any]) -> str:
    membership = row_of(request, person.memberships)
    parties.leave(membership, by=request.actor, at=request.at)
    return gettext("%(name)s has left %(organisation)s. What happened there stays.") % {
        "name": person,
        "organisation": membership.organisation,
    }


def _give_duty(request: TricornRequest, person: Person, data: dict[str, Any]) -> str:
    service = data["service"]
    standing.give_duty(person, data["duty"], by=request.actor, at=request.at, service=service)
    return gettext("%(name)s %(duty)s: %(service)s.") % {
        "name": person,
        "duty": DUTY_NAMES[data["duty"]],
        "service": service or gettext("all services"),
    }


def _end_duty(request: TricornRequest, person: Person, data: dict[str, Any]) -> str:
    standing.end_duty(row_of(request, person.duties), by=request.actor, at=request.at)
    return gettext("The duty has ended.")


def _record_fact(request: TricornRequest, person: Person, data: dict[str, Any]) -> str:
    standing.record_fact(
        person,
        data["kind"],
        by=request.actor,
        at=request.at,
        words=data["words"],
        service=data["service"],
        **_between(request, data),
    )
    return gettext("Recorded: %(name)s %(fact)s.") % {
        "name": person,
        "fact": FACT_NAMES[data["kind"]],
    }


def _end_fact(request: TricornRequest, person: Person, data: dict[str, Any]) -> str:
    standing.end_fact(row_of(request, person.facts), by=request.actor, at=request.at)
    return gettext("This holds no longer. That it held stays on record.")


def _grant(request: TricornRequest, person: Person, data: dict[str, Any]) -> str:
    standing.grant(
        person,
        data["organisation"],
        data["may"],
        by=request.actor,
        at=request.at,
        service=data["service"],
        up_to=data["up_to"],
        currency=data["currency"],
        deputy=data["deputy"],
        **_between(request, data),
    )
    return gettext("%(name)s may: %(may)s.") % {
        "name": person,
        "may": ", ".join(str(MAY_NAMES[each]) for each in data["may"]),
    }


def _withdraw(request: TricornRequest, person: Person, data: dict[str, Any]) -> str:
    standing.withdraw(row_of(request, person.authorities), by=request.actor, at=request.at)
    return gettext("Withdrawn. What was decided stays decided.")


def _change_authority(request: TricornRequest, person: Person, data: dict[str, Any]) -> str:
    standing.change_authority(
        get_object_or_404(person.authorities, pk=data["row"]),
        by=request.actor,
        at=request.at,
        up_to=data["up_to"],
        currency=data["currency"],
        deputy=data["deputy"],
        until=end_of(data["until"], request.who.zone),
    )
    return gettext("Changed from now on. What was decided stays decided.")


def _go_away(request: TricornRequest, person: Person, data: dict[str, Any]) -> str:
    leave(request, person, data)
    return gettext("Noted: %(name)s is away.") % {"name": person}


def _come_back(request: TricornRequest, person: Person, data: dict[str, Any]) -> str:
    standing.come_back(row_of(request, person.absences), by=request.actor, at=request.at)
    return gettext("%(name)s decides for themselves again.") % {"name": person}


def _between(request: TricornRequest, data: dict[str, date | None]) -> dict[str, Any]:
    zone = request.who.zone
    return {"since": begin_of(data["since"], zone), "until": end_of(data["until"], zone)}


DEEDS = {
    "change": Deed("edit_parties", _change, PersonForm),
    "let_in": Deed("edit_parties", _let_in),
    "shut_out": Deed("edit_parties", _shut_out),
    "set_password": Deed("edit_parties", _set_password, PasswordForm, "password"),
    "remove_password": Deed("edit_parties", _remove_password),
    "join": Deed("edit_parties", _join, JoinForm, "join"),
    "leave": Deed("edit_parties", _leave),
    "give_duty": Deed("grant_authority", _give_duty, DutyForm, "duty"),
    "end_duty": Deed("grant_authority", _end_duty),
    "record_fact": Deed("record_fact", _record_fact, FactForm, "fact"),
    "end_fact": Deed("record_fact", _end_fact),
    "grant": Deed("grant_authority", _grant, AuthorityForm, "authority"),
    "withdraw": Deed("grant_authority", _withdraw),
    "change_authority": Deed("grant_authority", _change_authority, ChangeForm),
    "go_away": Deed("grant_authority", _go_away, AwayForm, "away"),
    "come_back": Deed("grant_authority", _come_back),
}
