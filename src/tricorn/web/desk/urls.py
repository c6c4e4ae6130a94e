from django.http import HttpRequest, HttpResponse
from django.urls import path

app_name = "desk"


def front(request: HttpRequest) -> HttpResponse:
    return HttpResponse("desk")


urlpatterns = [path("", front, name="queue")]
