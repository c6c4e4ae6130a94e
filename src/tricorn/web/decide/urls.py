"""Addresses of Decide. The door opens to who signs, pays, accepts or oversees."""

from __future__ import annotations

from django.urls import path

from tricorn.agreements.files import FILES
from tricorn.web.away import away
from tricorn.web.decide import agreement, declined, front

app_name = "decide"

urlpatterns = [
    path("", front.front, name="front"),
    path("away/", away, name="away"),
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
    path("offers/options/<int:option>/again/", declined.option_again, name="option-again"),
]
