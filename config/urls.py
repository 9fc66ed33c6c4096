from django.contrib import admin
from django.urls import include, path

from core import health

handler400 = "core.errors.bad_request"

urlpatterns = [
    path("", include("reports.urls")),
    path("", include("leads.urls")),
    path("", include("audit.urls")),
    path("", include("approvals.urls")),
    path("", include("policies.urls")),
    path("accounts/", include("accounts.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]
