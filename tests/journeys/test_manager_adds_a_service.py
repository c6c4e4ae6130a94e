"""Mo adds hours while looking at their week, then a service with them; a visitor can report it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tricorn.catalogue.models import Service

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_manager_adds_hours_with_a_picture_then_a_service(
    page: Page, mo, reception, enter, picture: Callable[[Page, str], None], open_page
):
    enter(page, mo)
    page.goto("/manage/")
    expect(page.get_by_text("No service is offered yet.")).to_be_visible()
    picture(page, "manage-overview")
    page.get_by_role("link", name="Add a service").click()
    page.get_by_role("link", name="Add hours").click()

    week = page.locator("#_hours_preview")
    page.get_by_label("What are these hours called?").fill("Print room")
    page.get_by_role("textbox", name="Monday").fill("08:00-12:00, 13:00-17:00")
    expect(week.get_by_role("img")).to_contain_text("08:00–12:00, 13:00–17:00")
    expect(week).to_contain_text("opens today 13:00")
    page.get_by_role("textbox", name="Tuesday").fill("08:00-12:00, 11:00-17:00")
    expect(week).to_contain_text("11:00-17:00 overlaps 08:00-12:00")
    page.get_by_role("textbox", name="Tuesday").fill("22:00-06:00")
    page.get_by_label("Closed on the public holidays of").select_option("DE")
    expect(week).to_contain_text("2026: 9 public holidays")
    page.get_by_label("Part of the country").select_option("BE")
    expect(week).to_contain_text("2026: 10 public holidays")
    page.get_by_label("Closed on other dates").fill("2026-12-24 Christmas Eve")
    expect(week).to_contain_text("Thursday 24 December 2026: closed (Christmas Eve)")
    picture(page, "manage-hours")
    page.get_by_role("button", name="Add the hours").click()
    expect(page.get_by_text("Print room is there. Choose it for a service.")).to_be_visible()

    page.get_by_role("link", name="Services").click()
    page.get_by_role("link", name="Add a service").click()
    page.get_by_label("What is the service called?").fill("Printing")
    page.get_by_label("In one sentence").fill("Posters and bound reports.")
    page.get_by_label("Reception, Building B").check()
    page.get_by_label("within").first.fill("4h")
    picture(page, "manage-service-add")
    page.get_by_role("button", name="Offer the service").click()

    expect(page.get_by_text("Printing is offered from now on.")).to_be_visible()
    expect(page.get_by_text("First answer within 4 h of service hours")).to_be_visible()
    picture(page, "manage-service")
    assert Service.objects.get().places.get() == reception

    visitor = open_page()
    visitor.goto("/at/reception/")
    visitor.get_by_role("textbox").first.fill("The poster printer is jammed")
    expect(visitor.locator("main")).to_contain_text("13:00")


def test_without_a_script_the_week_is_shown_by_its_button(
    open_page, mo, enter, assert_accessible: Callable[[Page], None], watch
):
    page = open_page(javascript=False)
    enter(page, mo)
    page.goto("/manage/hours/add/")
    page.get_by_label("What are these hours called?").fill("Print room")
    page.get_by_role("textbox", name="Monday").fill("08:00-12:00")
    page.get_by_role("button", name="Show the week").click()

    expect(page.get_by_role("textbox", name="Monday")).to_have_value("08:00-12:00")
    expect(page.get_by_role("img", name="Monday 08:00–12:00")).to_be_visible()

    watch(page).expect("422")
    page.get_by_role("textbox", name="Monday").fill("8 to 12")
    page.get_by_role("button", name="Add the hours").click()
    expect(page.get_by_role("textbox", name="Monday")).to_have_value("8 to 12")
    expect(page.locator("#_days")).to_contain_text("is not a window")
