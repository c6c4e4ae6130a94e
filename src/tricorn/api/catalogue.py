"""Services: what is offered, when somebody is there, and what the house promises."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from ninja import Query, Router
from pydantic import Field

from tricorn.api.door import serve
from tricorn.api.fields import Slug, Told
from tricorn.api.pages import Paged, leaf
from tricorn.api.reader import Reader
from tricorn.api.tickets.reading import reader_of
from tricorn.catalogue.models import Level, Service, Target
from tricorn.engine.questions import read, shown
from tricorn.standing.offered import offered_to

router = Router(tags=["services"])


class ServiceRow(Told):
    """A service by its short name."""

    slug: str = Field(examples=["mail"])
    name: str = Field(examples=["Mail"])
    description: str
    is_open_to_reports: bool
    is_retired: bool


class Hours(Told):
    """Service hours as data: zone, the week, exceptions, holidays."""

    name: str
    spec: dict[str, Any] = Field(examples=[{"zone": "Europe/Berlin", "weekly": {}}])


class PromiseTold(Told):
    """Within what service time a kind of ticket is answered or done. Empty lists: any."""

    measure: Literal["closing", "first_response", "resolution"]
    within: str = Field(examples=["8h"])
    kinds: list[str]
    priorities: list[str]
    stopped_by: list[str]


class LevelTold(Told):
    """A service level. Its price is told to who manages the service."""

    name: str
    is_default: bool
    hours: str
    price: str | None = Field(examples=["120.00"])
    currency: str | None
    promises: list[PromiseTold]


class QuestionTold(Told):
    """A question of a service; it is answered in `fields` of a report, by its key."""

    key: str
    label: str
    kind: Literal["choice", "date", "long", "number", "text", "yesno"]
    help: str
    choices: list[str]
    is_required: bool = Field(description="A report without an answer is refused.")


class ServiceOne(ServiceRow):
    """One service. `levels` is null for whom neither its desk nor its management is."""

    hours: Hours
    places: list[str] = Field(description="Where it is met, by short name.")
    questions: list[QuestionTold] = Field(description="What it asks of you beside the text.")
    levels: list[LevelTold] | None


class ServicePage(Told):
    """A page of services; `next` is the cursor of the page behind it, null on the last."""

    items: list[ServiceRow]
    next: str | None


def services_of(reader: Reader) -> QuerySet[Service]:
    """Return what takes reports from everybody, and all that the reader works for."""
    if reader.may("edit_catalogue"):
        return Service.objects.all()
    offered = Q(pk__in=offered_to(reader.portrait).order_by().values("pk"))
    mine = reader.portrait.served()
    if mine is None:
        return Service.objects.filter(offered | Q(is_retired=False))
    # What somebody may use, or has used, stands on their own page too.
    used = {fact.service_id for fact in reader.portrait.facts_known if fact.kind == "entitled"}
    used |= set(reader.portrait.uses)
    known = Q(pk__in=sorted(each for each in used if each is not None), is_retired=False)
    return Service.objects.filter(offered | known | Q(pk__in=sorted(mine)))


def _row(service: Service) -> dict[str, Any]:
    return {
        "slug": service.slug,
        "name": service.name,
        "description": service.description,
        "is_open_to_reports": service.is_open_to_reports,
        "is_retired": service.is_retired,
    }


@serve(router, "GET", "/services", gives=ServicePage, scope="services:read")
def list_services(request: HttpRequest, paged: Query[Paged]) -> ServicePage:
    """Services that you may ask about, use, or work for, by number."""
    shown, after = leaf(services_of(reader_of(request)), paged)
    return ServicePage(items=[ServiceRow(**_row(each)) for each in shown], next=after)


def found_service(reader: Reader, slug: str) -> Service:
    found = services_of(reader).filter(slug=slug).select_related("hours").first()
    if found is None:
        raise Http404("No such service.")
    return found


@serve(router, "GET", "/services/{service}", gives=ServiceOne, scope="services:read", is_one=True)
def read_service(request: HttpRequest, service: Slug) -> ServiceOne:
    """One service with its hours; for its desk and its managers with what the house promises."""
    reader = reader_of(request)
    found = found_service(reader, service)
    duties = reader.portrait.duties_for(found.pk)
    return ServiceOne(
        **_row(found),
        hours=Hours(name=found.hours.name, spec=found.hours.spec),
        questions=_questions(found, "desk" if "desk" in duties else "named"),
        places=list(found.places.order_by("pk").values_list("slug", flat=True)),
        levels=_levels(found, "manage" in duties, reader.at) if duties else None,
    )


def _questions(service: Service, side: str) -> list[QuestionTold]:
    return [
        QuestionTold.model_validate(
            {
                "key": each.key,
                "label": each.label,
                "kind": each.kind,
                "help": each.help,
                "choices": list(each.choices),
                "is_required": each.is_required_of(side),
            }
        )
        for each in shown(read(service.questions), side)
    ]


def _levels(service: Service, is_managed: bool, at: datetime) -> list[LevelTold]:
    levels = list(service.levels.select_related("hours").order_by("pk"))
    targets: dict[int, list[Target]] = {each.pk: [] for each in levels}
    for target in Target.objects.at(at).filter(level__in=targets).order_by("pk"):
        targets[target.level_id].append(target)
    return [_level(each, targets[each.pk], is_managed) for each in levels]


def _level(level: Level, targets: list[Target], is_managed: bool) -> LevelTold:
    has_price = is_managed and level.price is not None
    return LevelTold(
        name=level.name,
        is_default=level.is_default,
        hours=level.hours.name,
        price=str(level.price) if has_price else None,
        currency=level.currency if has_price else None,
        promises=[
            PromiseTold.model_validate(
                {
                    "measure": each.measure,
                    "within": each.within,
                    "kinds": each.kinds,
                    "priorities": each.priorities,
                    "stopped_by": each.stopped_by,
                }
            )
            for each in targets
        ],
    )
