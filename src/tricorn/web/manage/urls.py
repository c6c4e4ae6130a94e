from django.http import HttpRequest, HttpResponse
from django.urls import path

app_name = "manage"


def front(request: HttpRequest) -> HttpResponse:
    return HttpResponse("manage")


urlpatterns = [path("", front, name="front")]
