"""Addresses of My services."""

from django.urls import path

from tricorn.web.away import away
from tricorn.web.my import views

app_name = "my"

urlpatterns = [
    path("", views.front, name="front"),
    path("all/", views.all_, name="all"),
    path("ask/", views.ask, name="ask"),
    path("ask/alike/", views.alike, name="alike"),
    path("search/", views.search, name="search"),
    path("away/", away, name="away"),
    path("help/", views.articles, name="help"),
    path("<str:ref>/", views.ticket, name="ticket"),
    path("<str:ref>/photo/<int:number>/", views.photo, name="photo"),
    path("<str:ref>/files/<int:number>/", views.file, name="file"),
    path("<str:ref>/answer/", views.answer, name="answer"),
    path("<str:ref>/rate/", views.rate, name="rate"),
    path("<str:ref>/follow/", views.follow, name="follow"),
    path("<str:ref>/unfollow/", views.unfollow, name="unfollow"),
    path("<str:ref>/reopen/", views.reopen, name="reopen"),
    path("<str:ref>/close/", views.close, name="close"),
    path("<str:ref>/cancel/", views.cancel, name="cancel"),
]
