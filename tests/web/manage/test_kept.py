"""What services share for the desk, looked after under Manage with the desk's own pages."""

from tests.cast import NOON
from tricorn.engine.steps import Step
from tricorn.tickets import verbs
from tricorn.tickets.models import Canned, Macro


def test_a_manager_without_the_desk_changes_and_forgets_what_is_shared(manage, mail, mo, desi):
    stamp = {"by": desi.actor, "at": NOON}
    macro = verbs.keep_macro(name="Take it", steps=[Step("take")], service=mail, **stamp)
    words = verbs.keep_canned(name="Hello", text="Hello", service=mail, **stamp)
    own = verbs.keep_macro(by=mo.actor, at=NOON, name="My own", steps=[Step("take")])
    verbs.keep_macro(name="Her own", steps=[Step("take")], **stamp)

    listed = manage.get("/manage/macros/").content.decode()
    assert [name in listed for name in ("Take it", "My own", "Her own")] == [True, False, False]
    assert "I alone" not in manage.get(f"/manage/macros/{macro.pk}/").content.decode()
    assert manage.get(f"/manage/macros/{own.pk}/").status_code == 404
    assert manage.post("/manage/answers/", {"name": "Alone", "text": "Hi"}).status_code == 422

    given = {"name": "Hello", "text": "Hello {{ name }}", "service": mail.pk}
    changed = manage.post(f"/manage/answers/{words.pk}/", given)
    manage.post(f"/manage/macros/{macro.pk}/forget/")

    assert changed["Location"] == "/manage/answers/"
    assert Canned.objects.get().text == "Hello {{ name }}"
    assert {each.name for each in Macro.objects.all()} == {"My own", "Her own"}
