"""One URL prefix per door; each door has its own views, addresses and templates."""

from __future__ import annotations

from django.urls import include, path

from tricorn.web import demo, setup, tried, welcome
from tricorn.web.notices import asked

urlpatterns = [
    path("", include("tricorn.web.report.urls")),
    path("my/", include("tricorn.web.my.urls")),
    path("decide/", include("tricorn.web.decide.urls")),
    path("desk/", include("tricorn.web.desk.urls")),
    path("manage/", include("tricorn.web.manage.urls")),
    path("accounts/", include("tricorn.web.signin")),
    path("inquiries/", include("tricorn.web.inquiries.urls")),
    path("welcome/", welcome.welcome, name="welcome"),
    path("setup/", setup.setup, name="setup"),
    path("health/", welcome.health, name="health"),
    path("try/<slug:slug>/", tried.trial, name="trial"),
    path("try/<slug:slug>/begin/", tried.begin, name="trial-begin"),
    path("try/<slug:slug>/answer/", tried.answer, name="trial-answer"),
    path("try/<slug:slug>/offer/", tried.offer, name="trial-offer"),
    path("t/<str:ref>/", welcome.ticket, name="ticket"),
    path("notices/", include("tricorn.web.notices.urls")),
    path("how/<str:token>/<int:score>/", asked.how, name="how"),
    path("quiet/<str:word>/", asked.quiet, name="quiet"),
    path("demo/leave/", demo.leave, name="demo-leave"),
    path("demo/<int:person>/", demo.enter, name="demo-enter"),
]
