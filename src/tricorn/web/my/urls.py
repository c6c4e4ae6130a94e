from django.http import HttpRequest, HttpResponse
from django.urls import path

app_name = "my"


def front(request: HttpRequest) -> HttpResponse:
    return HttpResponse("my")


urlpatterns = [path("", front, name="front")]
