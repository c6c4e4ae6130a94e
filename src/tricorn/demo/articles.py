"""The demonstration's articles: what its desk explains again and again, and what readers said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources

from tricorn.catalogue.models import Service
from tricorn.demo.town import Town
from tricorn.journal.actor import VISITOR
from tricorn.knowledge import verbs
from tricorn.knowledge.models import Article
from tricorn.knowledge.verbs import Written


@dataclass(frozen=True)
class Told:
    """One article: its file, the town's names of service and place, for whom, and how it did."""

    name: str
    service: str
    audience: str = "everybody"
    place: str = ""
    solved: int = 0
    unsolved: int = 0


ARTICLES = (
    Told("mail-on-a-new-phone", "mail", solved=14, unsolved=2),
    Told("mail-is-full", "mail", audience="entitled", solved=5, unsolved=1),
    Told("laptop-does-not-start", "workplace", solved=9, unsolved=4),
    Told("printer-prints-nothing", "workplace", place="reception", solved=11, unsolved=3),
    Told("stuck-in-the-lift", "lifts", place="lift", solved=3),
    Told("renew-a-loan", "reading", solved=8),
    Told("quiet-seats-and-power", "reading", place="room", solved=6, unsolved=1),
    Told("reset-somebodys-password", "workplace", audience="desk"),
)


def write_articles(town: Town, *, at: datetime) -> None:
    """Write and publish them months ago, let readers answer, and leave one improvement a draft."""
    ago = at - timedelta(days=120)
    for number, each in enumerate(ARTICLES):
        _write(town, each, at=ago + timedelta(days=number))
    _improve(town, at=at - timedelta(days=3))


def _write(town: Town, told: Told, *, at: datetime) -> Article:
    service: Service = getattr(town, told.service)
    author = (town.liv if told.service == "reading" else town.desi).actor
    text = resources.files("tricorn.demo").joinpath("data", "articles", f"{told.name}.md")
    heading, _, body = text.read_text("utf-8").partition("\n")
    given = Written(
        title=heading.removeprefix("# ").strip(),
        text=body,
        services=(service,),
        places=(getattr(town, told.place),) if told.place else (),
        audience=told.audience,
        slug=told.name,
    )
    article = verbs.publish(verbs.write(given, by=author, at=at), by=author, at=at)
    for number in range(told.solved + told.unsolved):
        verbs.give_feedback(
            article,
            by=VISITOR,
            at=at + timedelta(days=1 + number, hours=number % 7),
            solved=number >= told.unsolved,
            once=f"{told.name} {number}",
            where="intake" if number % 3 == 0 else "page",
        )
    return article


def _improve(town: Town, *, at: datetime) -> None:
    """A reader missed something in one of them; the desk has written it, and not published it yet."""
    article = Article.objects.get(slug="laptop-does-not-start")
    verbs.give_feedback(
        article,
        by=VISITOR,
        at=at,
        solved=False,
        once="the dock",
        comment="It starts without the dock. Nowhere does it say what to do with the dock then.",
    )
    text = article.published.text if article.published else ""
    step = "Press the power button again. If it starts now, it is the dock: bring that to the desk."
    given = Written(
        title=article.title,
        text=text.replace("Press the power button again.", step),
        summary="What to do when it is the dock",
        services=(town.workplace,),
    )
    verbs.change(article, given, by=town.desi.actor, at=at + timedelta(hours=2))
