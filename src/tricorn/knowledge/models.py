"""Articles: what solves something without a ticket. Their versions stand for ever; what people say."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from tricorn.catalogue.models import Service
from tricorn.parties.models import Person, Place

STATES = ("draft", "published", "retired")
AUDIENCES = ("desk", "entitled", "everybody", "signed_in")
# Where somebody was asked whether it helped: on its page, while reporting, on the phone to the desk.
WHERE = ("desk", "intake", "page")


@dataclass(frozen=True)
class Reader:
    """Who reads, at an instant. Of services, None means every one.

    served     covered by an agreement, or used under their name: then the house promise holds.
    works_for  duty at the desk, or as a manager.
    """

    person_id: int | None = None
    served: frozenset[int] | None = frozenset()
    works_for: frozenset[int] | None = frozenset()


class ArticleQuerySet(models.QuerySet["Article"]):
    def readable_by(self, reader: Reader) -> Self:
        """Only what is published for this reader: the one door to articles for who reads."""
        published = self.filter(state="published")
        if reader.works_for is None:
            return published
        allowed = Q(audience="everybody")
        if reader.person_id is not None:
            allowed |= Q(audience="signed_in")
        if reader.served is None:
            allowed |= Q(_has_service(), audience="entitled")
        elif reader.served:
            allowed |= Q(_has_service(reader.served), audience="entitled")
        if reader.works_for:
            allowed |= _worked_for(reader.works_for)
        return published.filter(allowed)

    def written_by_duty(self, reader: Reader) -> Self:
        """Of every state what this member of the desk works for; articles of no service are all's."""
        if reader.works_for is None:
            return self
        if not reader.works_for:
            return self.none()
        return self.filter(_worked_for(reader.works_for))


def _has_service(services: Collection[int] | None = None) -> Exists:
    rows = Article.services.through.objects.filter(article=OuterRef("pk"))
    return Exists(rows if services is None else rows.filter(service__in=services))


def _worked_for(services: Collection[int]) -> Q:
    return Q(_has_service(services)) | ~Q(_has_service())


class Article(models.Model):
    """What somebody can do themselves, written once for everybody who meets the same.

    `title` is that of the published version, before that of the newest. Audience, services, places
    and language hold for the article as a whole, at once. The slug is printed, so it never changes.
    """

    title = models.CharField(max_length=120)
    slug = models.SlugField(max_length=80, unique=True)
    state = models.CharField(max_length=10, default="draft")
    audience = models.CharField(max_length=10, default="everybody")
    language = models.CharField(max_length=10, default="en")
    services = models.ManyToManyField(Service, blank=True, related_name="articles")
    places = models.ManyToManyField(Place, blank=True, related_name="articles")
    published = models.ForeignKey(
        "ArticleVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    newest = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            models.CheckConstraint(name="article_state", condition=Q(state__in=STATES)),
            models.CheckConstraint(name="article_audience", condition=Q(audience__in=AUDIENCES)),
            models.CheckConstraint(
                name="article_published_has_a_version",
                condition=~Q(state="published") | Q(published__isnull=False),
            ),
        ]
        indexes = [
            # What may be read? Every list and every suggestion, of a few published among many.
            models.Index(name="article_readable", fields=["title"], condition=Q(state="published")),
            # What did the desk work on last?
            models.Index(name="article_changed", fields=["-changed_at", "-id"]),
        ]

    def __str__(self) -> str:
        return self.title


class ArticleVersion(models.Model):
    """One text of an article; it never changes, the next one follows."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField()
    summary = models.CharField(max_length=200, default="", blank=True)
    author = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(name="articleversion_once", fields=["article", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"


class Feedback(models.Model):
    """Whether an article solved it, once for each person or page; who only reads leaves nothing.

    `once` is the hash of a word that a page carried, drawn at random: it says nothing about anybody.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="feedback")
    version = models.ForeignKey(ArticleVersion, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    once = models.CharField(max_length=64, default="", blank=True)
    where = models.CharField(max_length=10, default="page")
    solved = models.BooleanField()
    comment = models.TextField(default="", blank=True)
    key = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "feedback"
        constraints = [
            models.CheckConstraint(name="feedback_where", condition=Q(where__in=WHERE)),
            models.CheckConstraint(
                name="feedback_of_a_person_or_a_page", condition=Q(person__isnull=True) | Q(once="")
            ),
            models.UniqueConstraint(
                name="feedback_person_once",
                fields=["article", "person"],
                condition=Q(person__isnull=False),
            ),
            models.UniqueConstraint(
                name="feedback_page_once", fields=["article", "once"], condition=~Q(once="")
            ),
        ]
        indexes = [
            # What did people write about this article? The newest first.
            models.Index(name="feedback_said", fields=["article", "-at"], condition=~Q(comment="")),
        ]

    def __str__(self) -> str:
        return f"{self.article}: {'solved' if self.solved else 'not solved'}"
