"""Every verb of an article. Text is never changed: each change is a version, and one is pinned."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from tricorn.catalogue.models import Service
from tricorn.engine import roles
from tricorn.engine.errors import BadInput, MoveRefused, StandingRefused
from tricorn.engine.roles import Standing
from tricorn.files.models import File
from tricorn.files.verbs import attach_photo
from tricorn.journal import verbs as journal
from tricorn.journal.actor import Actor
from tricorn.knowledge import index
from tricorn.knowledge.models import AUDIENCES, WHERE, Article, ArticleVersion, Feedback
from tricorn.knowledge.typed import LONGEST_COMMENT, LONGEST_TEXT, clean_text
from tricorn.parties.models import Place
from tricorn.parties.verbs import clean
from tricorn.standing.models import Duty

# Words that addresses below /help/ have taken already.
TAKEN = frozenset({"suggest"})
MOST_PICTURES = 40


@dataclass(frozen=True)
class Written:
    """What an author writes. No services: about the house as a whole.

    `after` is the number of the version that the author had before them; 0 asks for no check.
    """

    title: str
    text: str
    summary: str = ""
    services: tuple[Service, ...] = ()
    places: tuple[Place, ...] = ()
    audience: str = "everybody"
    language: str = "en"
    slug: str = ""
    after: int = 0


def write(given: Written, *, by: Actor, at: datetime) -> Article:
    """Write an article, as a draft that the desk alone reads.

    Errors  StandingRefused; BadInput for an empty title or text, or an address that is taken.
    """
    title, text, summary = _checked(given)
    with transaction.atomic():
        may_write(given.services, by=by, at=at)
        if same := _just_written(title, text, by=by, at=at):
            return same
        article = Article.objects.create(
            title=title,
            slug=_slug(given, title),
            audience=given.audience,
            language=given.language,
            made_at=at,
            changed_at=at,
        )
        article.services.set(given.services)
        article.places.set(given.places)
        version = _add_version(article, title, text, summary, by=by, at=at)
        journal.write(
            article,
            "article.written",
            by=by,
            at=at,
            audience=article.audience,
            services=sorted(each.pk for each in given.services),
            **_proof(version),
        )
    return article


def change(article: Article, given: Written, *, by: Actor, at: datetime) -> Article:
    """Write the next version, and say anew whom it is for; what is published stays as it is.

    Other services, places or another audience hold at once. Nothing is written when nothing differs.
    Errors  As `write`; MoveRefused when somebody else has written a version meanwhile.
    """
    title, text, summary = _checked(given)
    with transaction.atomic():
        article = _locked(article)
        before = list(article.services.all())
        may_write({*before, *given.services}, by=by, at=at)
        newest = _version(article, article.newest)
        is_text = (newest.title, newest.text) != (title, text)
        parts = _differences(article, given)
        if not is_text and not parts:
            return article
        if given.after and given.after != article.newest:
            author = newest.author.name if newest.author else "Somebody"
            raise MoveRefused(
                f"{author} has written version {article.newest} meanwhile. "
                "Compare it with yours, then keep yours again.",
                newest=article.newest,
            )
        article.audience, article.language = given.audience, given.language
        article.changed_at = at
        article.services.set(given.services)
        article.places.set(given.places)
        proof: dict[str, Any] = {}
        if is_text:
            article.newest += 1
            proof = _proof(_add_version(article, title, text, summary, by=by, at=at))
            if article.published is None:
                article.title = title
        article.save()
        journal.write(article, "article.changed", by=by, at=at, changed=parts, **proof)
    return article


def publish(article: Article, *, by: Actor, at: datetime, number: int = 0) -> Article:
    """Let its audience read a version, the newest when none is named. Twice is once."""
    with transaction.atomic():
        article = _locked(article)
        may_write(article.services.all(), by=by, at=at)
        version = _version(article, number or article.newest)
        if article.state == "published" and article.published_id == version.pk:
            return article
        article.state, article.published, article.published_at = "published", version, at
        article.title, article.changed_at = version.title, at
        article.save()
        index.put(article)
        journal.write(article, "article.published", by=by, at=at, **_proof(version))
    return article


def retire(article: Article, *, by: Actor, at: datetime) -> Article:
    """Take it away from its readers; all versions stay, and it can be published again."""
    with transaction.atomic():
        article = _locked(article)
        may_write(article.services.all(), by=by, at=at)
        if article.state == "retired":
            return article
        article.state, article.changed_at = "retired", at
        article.save()
        index.forget(article)
        journal.write(article, "article.retired", by=by, at=at)
    return article


def restore(article: Article, number: int, *, by: Actor, at: datetime) -> Article:
    """Write an old version again, as the newest; nothing is published by it. Twice is once."""
    with transaction.atomic():
        article = _locked(article)
        may_write(article.services.all(), by=by, at=at)
        old, newest = _version(article, number), _version(article, article.newest)
        if (old.title, old.text) == (newest.title, newest.text):
            return article
        article.newest += 1
        article.changed_at = at
        summary = f"As in version {number}"
        version = _add_version(article, old.title, old.text, summary, by=by, at=at)
        if article.published is None:
            article.title = old.title
        article.save()
        journal.write(article, "article.restored", by=by, at=at, restored=number, **_proof(version))
    return article


def add_picture(article: Article, data: bytes, *, by: Actor, at: datetime) -> File:
    """Store a picture with the article; its text shows it by its number.

    Errors  StandingRefused; BadInput when it is no picture, too large, or one too many.
    """
    with transaction.atomic():
        article = _locked(article)
        may_write(article.services.all(), by=by, at=at)
        if File.objects.filter(subject="article", subject_id=article.pk).count() >= MOST_PICTURES:
            raise BadInput(
                f"An article has at most {MOST_PICTURES} pictures. Write a second one.",
                field="photo",
            )
        return attach_photo(article, data, by=by, at=at, name="picture.jpg")


def give_feedback(
    article: Article,
    *,
    by: Actor,
    at: datetime,
    solved: bool,
    comment: str = "",
    once: str = "",
    where: str = "page",
) -> Feedback:
    """Say whether it solved it, once per person or page; who says otherwise changes their answer.

    `once` is what a page carried, so that nobody needs to be known. At the desk an agent says it
    for somebody on the phone, and counts as nobody.
    Errors  MoveRefused for what is not published; BadInput for an endless comment.
    """
    if where not in WHERE:
        raise BadInput(f"Feedback is given at one of {', '.join(WHERE)}.")
    if comment.strip():
        comment = clean_text(comment, "comment", LONGEST_COMMENT, field="comment")
    person_id = by.id if by.is_person and where != "desk" else None
    if not person_id and not once:
        raise BadInput("This page does not say which one it is. Load it again.")
    once = "" if person_id else hashlib.sha256(once.encode(errors="replace")).hexdigest()
    with transaction.atomic():
        article = _locked(article)
        if article.state != "published" or article.published is None:
            raise MoveRefused(f"“{article.title}” is not published any more.", state=article.state)
        of = {"person_id": person_id} if person_id else {"person_id": None, "once": once}
        given = Feedback.objects.filter(article=article, **of).first()
        if given and given.solved == solved and given.comment == (comment or given.comment):
            return given
        if given is None:
            given = Feedback(article=article, person_id=person_id, once=once, where=where)
            given.key = journal.new_key()
        given.version, given.solved, given.at = article.published, solved, at
        given.comment = comment or given.comment
        given.save()
        journal.write(
            article,
            "article.feedback_given",
            by=by,
            at=at,
            digest=journal.digest(bytes(given.key), given.comment) if given.comment else "",
            solved=solved,
            where=where,
            version=given.version.number,
        )
    return given


def _checked(given: Written) -> tuple[str, str, str]:
    title = clean(given.title, "title", 120)
    text = clean_text(given.text, "text", LONGEST_TEXT, field="text")
    summary = clean(given.summary, "summary", 200, required=False)
    if given.audience not in AUDIENCES:
        raise BadInput(f"An audience is one of {', '.join(AUDIENCES)}.", field="audience")
    if given.audience == "entitled" and not given.services:
        raise BadInput("Choose the services whose people may read it.", field="services")
    if not 2 <= len(given.language) <= 10:
        raise BadInput("A language is a short code, like en or pt-br.", field="language")
    return title, text, summary


def may_write(services: Collection[Service], *, by: Actor, at: datetime) -> None:
    """Errors: StandingRefused unless the actor works for every one of the services.

    An article of no service is written by whoever works for any.
    """
    if by.is_program:
        return
    duties = list(
        Duty.objects.at(at).filter(person=by.id).values_list("duty", "service")
        if by.is_person
        else ()
    )
    for service_id in sorted({each.pk for each in services}) or (None,):
        held = {
            duty for duty, service in duties if service_id is None or service in (None, service_id)
        }
        ruling = roles.rule(Standing(duties=frozenset(held)), "write_article")
        if not ruling.allowed:
            raise StandingRefused(ruling.reason, verb="write_article")


def _just_written(title: str, text: str, *, by: Actor, at: datetime) -> Article | None:
    """Return what the same author wrote a moment ago: a form that was sent twice."""
    found = (
        ArticleVersion.objects.filter(author=by.id if by.is_person else None, number=1, title=title)
        .select_related("article")
        .order_by("-id")
        .first()
    )
    is_same = found and found.text == text and (at - found.at).total_seconds() < 60
    return found.article if found and is_same else None


def _slug(given: Written, title: str) -> str:
    wanted = slugify(given.slug or title)[:70].strip("-")
    if given.slug and (not wanted or wanted in TAKEN):
        raise BadInput("Give an address of letters, digits and dashes.", field="slug")
    if given.slug and Article.objects.filter(slug=wanted).exists():
        raise BadInput(f"The address /help/{wanted}/ belongs to another article.", field="slug")
    wanted = wanted or "article"
    like = Article.objects.filter(slug__startswith=wanted).values_list("slug", flat=True)
    taken = {*like, *TAKEN}
    number, slug = 1, wanted
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def _differences(article: Article, given: Written) -> list[str]:
    parts = [
        name for name in ("audience", "language") if getattr(article, name) != getattr(given, name)
    ]
    for name, rows in (("services", given.services), ("places", given.places)):
        had = set(getattr(article, name).values_list("pk", flat=True))
        if had != {each.pk for each in rows}:
            parts.append(name)
    return parts


def _locked(article: Article) -> Article:
    rows = Article.objects.select_for_update(of=("self",)).select_related("published")
    return rows.get(pk=article.pk)


def _version(article: Article, number: int) -> ArticleVersion:
    found = article.versions.select_related("author").filter(number=number).first()
    if found is None:
        raise BadInput(f"“{article.title}” has no version {number}.", field="number")
    return found


def _add_version(
    article: Article, title: str, text: str, summary: str, *, by: Actor, at: datetime
) -> ArticleVersion:
    return ArticleVersion.objects.create(
        article=article,
        number=article.newest,
        title=title,
        text=text,
        summary=summary,
        author_id=by.id if by.is_person else None,
        at=at,
    )


def _proof(version: ArticleVersion) -> dict[str, Any]:
    """Return what the journal keeps of a text: its number and hash, no word of it."""
    told = f"{version.title}\n{version.text}".encode()
    return {"version": version.number, "sha256": hashlib.sha256(told).hexdigest()}
