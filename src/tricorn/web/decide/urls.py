"""Addresses of Decide. The door opens to who signs, pays, accepts or oversees."""

from __future__ import annotations

from django.urls import path

from tricorn.agreements.files import FILES
from tricorn.web.away import away
from tricorn.web.decide import agreement, declined, front, offer_deeds, offers, reviews, work
from tricorn.web.replays.side import DECIDE
from tricorn.web.replays.urls import addresses

app_name = "decide"

urlpatterns = [
    path("", front.front, name="front"),
    path("away/", away, name="away"),
    path("reviews/<int:review>/", reviews.review, name="review"),
    path("reviews/<int:review>/verdict/", reviews.verdict, name="review-verdict"),
    path("reviews/<int:review>/actions/add/", reviews.action, name="review-action-add"),
    path(
        "reviews/<int:review>/actions/<int:action>/end/",
        reviews.action_end,
        name="review-action-end",
    ),
    path("work/<int:work>/", work.work, name="work"),
    path("work/<int:work>/answer/", work.answer, name="work-answer"),
    path("work/<int:work>/files/<int:number>/", work.paper, name="work-file"),
    *(
        path(
            f"a/<path:ref>/v<int:number>.{ending}",
            agreement.as_file,
            {"ending": ending},
            name=f"agreement-{ending}",
        )
        for ending in FILES
    ),
    path("a/<path:ref>/v<int:number>/", agreement.version, name="agreement-version"),
    path("a/<path:ref>/", agreement.newest, name="agreement"),
    path("offers/", offers.offers, name="offers"),
    path("offers/<int:offer>/", offers.offer, name="offer"),
    path("offers/<int:offer>/papers/<int:number>/", offers.paper, name="offer-paper"),
    path("offers/rounds/<int:round>/", offers.text, name="offer-text"),
    path("offers/rounds/<int:round>.toml", offers.toml, name="offer-toml"),
    path("offers/rounds/<int:older>/to/<int:newer>/", offers.difference, name="offer-difference"),
    path("offers/rounds/<int:round>/change/", offer_deeds.change_ask, name="change-ask"),
    path(
        "offers/changes/<int:change>/withdraw/", offer_deeds.change_withdraw, name="change-withdraw"
    ),
    path("offers/rounds/<int:round>/accept/", offer_deeds.accept, name="option-accept"),
    path("offers/options/<int:option>/decline/", offer_deeds.decline, name="option-decline"),
    path("offers/rounds/<int:round>/code/", offer_deeds.send_code, name="offer-sign-code"),
    path("offers/rounds/<int:round>/sign/", offer_deeds.sign, name="offer-sign"),
    path("offers/options/<int:option>/again/", declined.option_again, name="option-again"),
    *addresses(DECIDE),
]
