"""Addresses of the inquiries. Each asks by itself who may read: no door of staff leads here."""

from __future__ import annotations

from django.urls import path

from tricorn.web.inquiries import deeds, views

urlpatterns = [
    path("", views.inquiries, name="inquiries"),
    path("asked/<int:hearing>/", views.asked, name="inquiry-asked"),
    path("<str:ref>/", views.inquiry, name="inquiry"),
    path("<str:ref>/photo/<int:number>/", views.photo, name="inquiry-photo"),
    path("<str:ref>/files/<int:number>/", views.file, name="inquiry-file"),
    path("<str:ref>/answer/", deeds.answer, name="inquiry-answer"),
    path("<str:ref>/name/", deeds.name, name="inquiry-name"),
    path("<str:ref>/ask/", deeds.ask, name="inquiry-ask"),
    path("<str:ref>/end/", deeds.end, name="inquiry-end"),
    path("<str:ref>/release/", deeds.release, name="inquiry-release"),
    path("<str:ref>/pass-on/", deeds.pass_on, name="inquiry-pass-on"),
]
