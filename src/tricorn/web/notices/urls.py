"""Addresses of what one was told; for who is signed in, whatever their doors."""

from django.urls import path

from tricorn.web.notices import views

app_name = "notices"

urlpatterns = [
    path("", views.notices, name="list"),
    path("read/", views.all_read, name="all-read"),
    path("settings/", views.settings, name="settings"),
    path("<int:notice>/", views.follow, name="follow"),
    path("<int:notice>/read/", views.one_read, name="read"),
]
