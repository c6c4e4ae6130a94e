"""The addresses under /api/v1/."""

from tricorn.api.house import addresses

app_name = "api"

urlpatterns = addresses()
