"""Addresses of the public door."""

from django.urls import path

from tricorn.web.report import help, how, private, signs, tally, views

app_name = "report"

urlpatterns = [
    path("", views.front, name="front"),
    path("help/", help.articles, name="help"),
    path("help/suggest/", help.suggest, name="suggest"),
    path("help/<slug:slug>/", help.article, name="article"),
    path("help/<slug:slug>/picture/<int:number>/", help.picture, name="article-picture"),
    path("help/<slug:slug>/feedback/", help.feedback, name="article-feedback"),
    path("questions/", views.questions, name="questions"),
    path("at/<slug:slug>/", views.place, name="place"),
    path("at/<slug:slug>/qr.svg", signs.code, name="code"),
    path("at/<slug:slug>/sign/", signs.sign, name="sign"),
    path("at/<slug:slug>/how/", how.how, name="place-how"),
    path("at/<slug:slug>/tally/", tally.tally, name="tally"),
    path("at/<slug:slug>/tally/<int:service>/", tally.count, name="tally-count"),
    path("at/<slug:slug>/tally/<int:use>/take-back/", tally.take_back, name="tally-take-back"),
    path("r/<str:token>/", private.private, name="private"),
    path("r/<str:token>/photo/<int:number>/", private.photo, name="photo"),
    path("r/<str:token>/files/<int:number>/", private.file, name="file"),
    path("r/<str:token>/answer/", private.answer, name="answer"),
    path("r/<str:token>/rate/", private.rate, name="rate"),
    path("r/<str:token>/reopen/", private.reopen, name="reopen"),
    path("r/<str:token>/close/", private.close, name="close"),
    path("r/<str:token>/cancel/", private.cancel, name="cancel"),
]
