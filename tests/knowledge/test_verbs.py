"""Articles are written in versions; one of them is read, and nothing that was written goes."""

import pytest
from django.db import DatabaseError, transaction

from tests.cast import LONG_AGO, MONDAY, NOON, somebody
from tests.knowledge.conftest import TEXT, written
from tricorn.catalogue.verbs import add_service
from tricorn.engine.errors import BadInput, MoveRefused, StandingRefused
from tricorn.journal.actor import COMMAND, VISITOR
from tricorn.journal.models import Line
from tricorn.knowledge import verbs
from tricorn.knowledge.models import Article, ArticleVersion, Feedback
from tricorn.knowledge.verbs import Written
from tricorn.standing.verbs import give_duty
from tricorn.tickets.texts import changed_texts


def kinds(article):
    return list(Line.objects.about("article", article.pk).values_list("kind", flat=True))


def test_an_article_is_written_as_a_draft_and_published_with_its_first_version(desi, mail):
    article = written(by=desi, services=(mail,), publish=False)
    assert (article.state, article.slug, article.published) == (
        "draft",
        "mail-on-a-new-phone",
        None,
    )

    article = verbs.publish(article, by=desi.actor, at=NOON)

    assert (article.state, article.published.number, article.published_at) == ("published", 1, NOON)
    assert kinds(article) == ["article.written", "article.published"]
    assert not any("Settings" in repr(line) for line in Line.objects.values())


def test_a_change_is_another_version_that_nobody_reads_before_it_is_published(phone, desi, mail):
    given = Written(title="Mail on any phone", text="New", services=(mail,), after=1)

    article = verbs.change(phone, given, by=desi.actor, at=NOON)

    assert (article.newest, article.title, article.published.text) == (2, phone.title, TEXT)
    article = verbs.publish(article, by=desi.actor, at=NOON)
    assert (article.title, article.published.text) == ("Mail on any phone", "New")


def test_an_older_version_can_be_published_and_an_old_one_comes_back_as_a_new_one(
    phone, desi, mail
):
    given = Written(title=phone.title, text="Worse", services=(mail,))
    verbs.change(phone, given, by=desi.actor, at=NOON)
    verbs.publish(phone, by=desi.actor, at=NOON)

    back = verbs.publish(phone, by=desi.actor, at=NOON, number=1)
    assert back.published.text == TEXT

    restored = verbs.restore(phone, 1, by=desi.actor, at=NOON)
    assert restored.newest == 3
    newest = restored.versions.get(number=3)
    assert (newest.text, newest.summary) == (TEXT, "As in version 1")
    assert verbs.restore(phone, 1, by=desi.actor, at=NOON).newest == 3, "twice is once"


def test_a_version_cannot_be_changed_in_the_database(phone):
    with pytest.raises(DatabaseError), transaction.atomic():
        ArticleVersion.objects.filter(article=phone).update(text="Forged")


def test_what_is_the_same_writes_nothing_and_a_form_sent_twice_makes_one_article(phone, desi, mail):
    before = Line.objects.count()
    given = Written(title=phone.title, text=TEXT, services=(mail,))

    assert verbs.change(phone, given, by=desi.actor, at=NOON).newest == 1
    assert verbs.write(given, by=desi.actor, at=MONDAY).pk == phone.pk
    assert verbs.publish(phone, by=desi.actor, at=NOON).published_at == MONDAY
    assert Line.objects.count() == before


def test_who_wrote_over_somebody_elses_version_hears_of_it_and_nothing_is_written(
    phone, desi, mail
):
    dora = somebody("Dora")
    give_duty(dora, "desk", by=COMMAND, at=LONG_AGO)
    given = Written(title=phone.title, text="By Dora", services=(mail,), after=1)
    verbs.change(phone, given, by=dora.actor, at=NOON)

    mine = Written(title=phone.title, text="By Desi", services=(mail,), after=1)
    with pytest.raises(MoveRefused, match="Dora has written version 2 meanwhile"):
        verbs.change(phone, mine, by=desi.actor, at=NOON)

    assert Article.objects.get().newest == 2


def test_another_audience_holds_at_once_and_makes_no_version(phone, desi, mail):
    given = Written(title=phone.title, text=TEXT, services=(mail,), audience="desk")

    article = verbs.change(phone, given, by=desi.actor, at=NOON)

    assert (article.audience, article.newest) == ("desk", 1)
    assert Line.objects.latest("id").data == {"changed": ["audience"]}


def test_what_is_retired_is_gone_for_readers_and_can_be_published_again(phone, desi):
    assert verbs.retire(phone, by=desi.actor, at=NOON).state == "retired"
    assert verbs.retire(phone, by=desi.actor, at=NOON).state == "retired"
    assert verbs.publish(phone, by=desi.actor, at=NOON).state == "published"
    assert kinds(phone)[-2:] == ["article.retired", "article.published"]


@pytest.mark.parametrize("deed", ["change", "publish", "retire", "restore", "add_picture"])
def test_only_who_works_for_its_services_touches_an_article(phone, cleo, house, hours, deed):
    laptop = add_service(
        by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=hours
    )
    dora = somebody("Dora")
    give_duty(dora, "desk", by=COMMAND, at=LONG_AGO, service=laptop)
    given = {"change": [Written("x", "y")], "restore": [1], "add_picture": [b""]}.get(deed, [])
    before = Line.objects.count()

    for person in (cleo, dora):
        with pytest.raises(StandingRefused, match="desk of this service"):
            getattr(verbs, deed)(phone, *given, by=person.actor, at=NOON)

    assert Line.objects.count() == before
    verbs.write(Written("Of the house", "Text"), by=dora.actor, at=NOON)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"text": "\u200b\n\0"}, "text"),
        ({"text": "x" * 50_001}, "text"),
        ({"summary": "x" * 201}, "summary"),
        ({"audience": "friends"}, "audience"),
        ({"audience": "entitled"}, "services"),
        ({"language": "x"}, "language"),
        ({"slug": "suggest"}, "slug"),
        ({"slug": "!!"}, "slug"),
        ({"slug": "mail-on-a-new-phone"}, "slug"),
    ],
)
def test_what_cannot_be_written_is_said_at_its_box(phone, desi, given, field):
    with pytest.raises(BadInput) as refusal:
        verbs.write(Written(**{"title": "T", "text": "x", **given}), by=desi.actor, at=NOON)

    assert refusal.value.facts["field"] == field
    assert Article.objects.count() == 1


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Mail on a new phone!", "mail-on-a-new-phone-2"),
        ("البريد", "article"),
        ("Suggest", "suggest-2"),
    ],
)
def test_every_article_gets_an_address_of_its_own(phone, desi, title, slug):
    assert verbs.write(Written(title, "x"), by=desi.actor, at=NOON).slug == slug


def test_feedback_counts_once_for_each_person_and_each_page(phone, una, cleo):
    say = verbs.give_feedback
    say(phone, by=una.actor, at=NOON, solved=True)
    say(phone, by=una.actor, at=NOON, solved=True)
    say(phone, by=cleo.actor, at=NOON, solved=False, comment="No such button")
    say(phone, by=VISITOR, at=NOON, solved=True, once="a", where="intake")
    say(phone, by=VISITOR, at=NOON, solved=True, once="a", where="intake")
    say(phone, by=VISITOR, at=NOON, solved=True, once="b", where="intake")

    assert Feedback.objects.filter(solved=True).count() == 3
    assert kinds(phone).count("article.feedback_given") == 4
    assert list(changed_texts()) == []
    assert "button" not in repr(list(Line.objects.values()))


def test_who_thinks_again_changes_their_answer(phone, una):
    verbs.give_feedback(phone, by=una.actor, at=NOON, solved=False)
    verbs.give_feedback(phone, by=una.actor, at=NOON, solved=False, comment="Which settings?")
    given = verbs.give_feedback(phone, by=una.actor, at=NOON, solved=True)

    assert (given.solved, given.comment, Feedback.objects.count()) == (True, "Which settings?", 1)


def test_an_agent_counts_for_each_caller_and_as_nobody(phone, desi):
    for once in ("call 1", "call 2"):
        verbs.give_feedback(phone, by=desi.actor, at=NOON, solved=True, once=once, where="desk")

    assert list(Feedback.objects.values_list("person", "where")) == [(None, "desk")] * 2


@pytest.mark.parametrize(
    ("given", "error"),
    [({"once": ""}, BadInput), ({"comment": "x" * 2001}, BadInput), ({"where": "bed"}, BadInput)],
)
def test_feedback_that_cannot_be_counted_is_refused(phone, given, error):
    with pytest.raises(error):
        verbs.give_feedback(
            phone, **{"by": VISITOR, "at": NOON, "solved": True, "once": "a", **given}
        )
    assert not Feedback.objects.exists()


def test_nobody_says_anything_about_what_is_not_published(desi, mail):
    draft = written(by=desi, publish=False)

    with pytest.raises(MoveRefused, match="not published"):
        verbs.give_feedback(draft, by=desi.actor, at=NOON, solved=True)
