"""Addresses of Decide. The door opens to who signs, pays, accepts or oversees."""

from __future__ import annotations

from django.urls import path

from tricorn.agreements.files import FILES
from tricorn.web.away import away
from tricorn.web.decide import agreement, front, reviews, work

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
]
