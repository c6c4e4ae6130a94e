from django.http import HttpRequest, HttpResponse
from django.urls import path

app_name = "report"


def front(request: HttpRequest) -> HttpResponse:
    return HttpResponse("report")


urlpatterns = [path("", front, name="front")]
