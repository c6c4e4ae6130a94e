"""What one types into a form of the desk is there when one is back: by htmx, and by a button."""

import pytest

from tests.cast import LONG_AGO, NOON, make_ticket
from tests.web.desk.test_new import slip
from tests.web.desk.test_ticket import mia
from tricorn.engine.steps import Step
from tricorn.knowledge import verbs as knowledge
from tricorn.knowledge.verbs import Written
from tricorn.tickets import verbs
from tricorn.tickets.models import Draft, Ticket
from tricorn.tickets.verbs import Described

__all__ = ["mia", "slip"]
HX = {"HX-Request": "true"}
BACK = "it is here as you left it"


def body(response):
    return " ".join(response.content.decode().split())


def test_a_report_is_there_again_until_it_is_taken_down(desk, mia, sign_in, slip, mail):
    mail.questions = [{"key": "1-1", "label": "Which room?"}]
    mail.save()
    typed = {**slip, "requester": "Una", "kind": "question", "ask-1-1": "Room 5"}
    assert "draft-report" in body(desk.get("/desk/new/"))

    part = body(desk.post("/desk/drafts/report/", typed, headers=HX))

    assert part.startswith('<span id="draft-report"')
    assert "Kept draft from" in part
    page = body(desk.get("/desk/new/"))
    for words in (BACK, "The reading lamp is broken</textarea>", 'value="Una"', 'value="Room 5"'):
        assert words in page
    assert '<option value="question" selected>' in page
    assert "reading lamp" not in body(sign_in(mia).get("/desk/new/"))
    assert desk.post("/desk/new/", {**typed, "requester": ""}).status_code == 302
    assert not Draft.objects.exists()
    assert BACK not in body(desk.get("/desk/new/"))


def test_a_refused_report_shows_what_was_just_typed_and_keeps_the_draft(desk, slip):
    desk.post("/desk/drafts/report/", {**slip, "text": "", "kind": "question"})
    assert not Draft.objects.exists(), "choosing alone is nothing typed"
    desk.post("/desk/drafts/report/", slip)

    refused = desk.post("/desk/new/", {**slip, "text": "Newer", "requester": "Nobody known"})

    assert refused.status_code == 422
    assert "Newer</textarea>" in body(refused)
    assert BACK not in body(refused)
    assert Draft.objects.count() == 1


def test_a_new_article_is_kept_without_javascript_and_discarded(desk, una, mail):
    url = f"?ticket={make_ticket(una, mail).ref}"
    sent = {"title": "Printer jams", "text": "Open it", "services": [mail.pk]}

    kept = desk.post(f"/desk/drafts/article/{url}", sent | {"audience": "desk"})

    assert kept.url == f"/desk/articles/write/{url}"
    page = body(desk.get(kept.url))
    assert BACK in page
    assert 'value="Printer jams"' in page
    assert "<p>Open it</p>" in page, "it is shown as it will read, too"
    assert BACK not in body(desk.get("/desk/articles/write/"))
    desk.post(f"/desk/drafts/article/discard/{url}")
    assert BACK not in body(desk.get(kept.url))


def test_a_change_of_an_article_still_hears_of_who_was_quicker(desk, desi, mail):
    who = {"by": desi.actor, "at": LONG_AGO}
    article = knowledge.write(Written("Mail", "Slow", services=(mail,)), **who)
    url = f"/desk/articles/{article.pk}/change/"
    typed = {"title": "Mail", "text": "Quick", "services": [mail.pk], "audience": "everybody"}
    typed |= {"language": "en", "after": "1"}
    desk.post(f"/desk/drafts/article/?article={article.pk}", typed)
    knowledge.change(article, Written("Mail", "Slower", services=(mail,)), **who)

    page = body(desk.get(url))
    assert "Quick</textarea>" in page
    assert '<input type="hidden" name="after" value="1"' in page
    assert desk.post(url, typed).status_code == 409
    assert Draft.objects.exists()
    assert desk.post(url, typed | {"after": "2"}).status_code == 302
    assert not Draft.objects.exists()


def test_what_is_known_of_a_problem_is_kept_while_it_is_typed(desk, desi, mail):
    problem = verbs.add_problem(Described("Disk", (mail,)), by=desi.actor, at=LONG_AGO)
    url = f"/desk/problems/{problem.pk}/"
    typed = {"title": "Disk", "services": [mail.pk], "cause": "It is full"}

    kept = desk.post(f"/desk/drafts/problem/?problem={problem.pk}", typed)

    assert kept.url == url
    assert "It is full</textarea>" in body(desk.get(url))
    assert desk.post(url, typed).status_code == 302
    assert not Draft.objects.exists()
    typed["title"] = "Disk again"
    desk.post("/desk/drafts/problem/", typed)
    assert BACK in body(desk.get("/desk/problems/add/"))
    desk.post("/desk/problems/add/", typed)
    assert not Draft.objects.exists()


def test_what_is_not_there_is_404_and_keeps_nothing(desk, mail):
    for of in (
        *("poem/", "answer/", "article/?article=999", "article/?article=x"),
        *(f"article/?article={'9' * 40}", "problem/?problem=999", "problem/?ticket=T-999"),
    ):
        assert desk.post(f"/desk/drafts/{of}", {"title": "x", "text": "x"}).status_code == 404, of
    assert not Draft.objects.exists()


def test_whatever_is_typed_is_kept_or_refused_in_words_and_shown_escaped(desk, mail):
    odd = "<script>alert(1)</script>'\"{{7*7}}\0\u202e\x1b"
    names = ("text", "title", "cause", "service", "services", "began", "affected_count", "after")
    for kind, url in (
        *(("report", "/desk/new/"), ("article", "/desk/articles/write/")),
        ("problem", "/desk/problems/add/"),
    ):
        for words, status in ((odd, 302), ("9" * 4400, 302), ("x" * 100_001, 422)):
            sent = dict.fromkeys(names, words)
            assert desk.post(f"/desk/drafts/{kind}/", sent).status_code == status
            page = desk.get(url)
            assert page.status_code == 200
            assert "<script>alert" not in body(page)


def test_of_visitors_and_customers_nothing_is_kept_and_a_refused_form_still_has_their_words(
    client, sign_in, cleo, mail, a7
):
    asked = {"text": "The lamp is broken", "service": "999", "email": "no address"}
    for refused in (client.post("/", asked), sign_in(cleo).post("/my/ask/", asked)):
        assert refused.status_code == 422
        assert "The lamp is broken</textarea>" in body(refused)
    assert sign_in(cleo).post("/desk/drafts/report/", asked).status_code in (403, 404)
    assert not Draft.objects.exists()


# Past the box


@pytest.fixture
def ticket(una, mail):
    return make_ticket(una, mail)


def test_what_is_sent_from_the_box_takes_the_draft_along(desk, ticket):
    url = f"/desk/t/{ticket.ref}/"
    desk.post(f"{url}draft/", {"text": "We lo", "kind": "answer"})
    desk.post(f"{url}draft/", {"text": "Od", "kind": "note"})

    desk.post(f"{url}answer/", {"text": "We look into it"})
    desk.post(f"{url}add-note/", {"text": "Odd"})

    assert not Draft.objects.exists()


def test_a_macro_says_that_ones_own_words_wait_and_a_closed_ticket_shows_them(desk, desi, ticket):
    url = f"/desk/t/{ticket.ref}/"
    steps = [Step("resolve", "Fixed."), Step("close")]
    macro = verbs.keep_macro(by=desi.actor, at=NOON, name="Over", steps=steps)
    desk.post(f"{url}draft/", {"text": "We look", "kind": "answer"})

    page = body(desk.post(f"{url}run-macro/", {"macro": macro.pk}, follow=True))

    assert f"What you have begun to write on {ticket.ref} is not sent. It is kept." in page
    assert "This you had begun to write, and it was not sent:" in page
    assert "We look" in page
    assert Ticket.objects.get().state == "closed"
    desk.post(f"{url}discard-draft/", {"kind": "answer"})
    assert "had begun" not in body(desk.get(url))


def test_many_at_once_say_on_which_tickets_ones_own_words_wait(desk, ticket):
    desk.post(f"/desk/t/{ticket.ref}/draft/", {"text": "We look", "kind": "answer"})
    chosen = {"do": "resolve", "ref": ticket.ref, "text": "Fixed."}

    page = body(desk.post("/desk/bulk/begin/", chosen, follow=True))

    assert f"What you have begun to write on {ticket.ref} is not sent." in page
