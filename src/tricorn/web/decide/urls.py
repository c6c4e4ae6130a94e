from django.http import HttpRequest, HttpResponse
from django.urls import path

app_name = "decide"


def front(request: HttpRequest) -> HttpResponse:
    return HttpResponse("decide")


urlpatterns = [path("", front, name="front")]
