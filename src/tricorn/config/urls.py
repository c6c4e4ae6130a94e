"""Root of all addresses: one prefix per door."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("tricorn.api.urls")),
    path("", include("tricorn.web.urls")),
]

handler400 = "tricorn.web.errors.bad_request"
handler403 = "tricorn.web.errors.forbidden"
handler404 = "tricorn.web.errors.not_found"
handler500 = "tricorn.web.errors.server_error"
