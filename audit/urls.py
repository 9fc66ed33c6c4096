from django.urls import path

from audit import views
from audit.checks import views as checks
from audit.collisions import views as collisions

app_name = "audit"
urlpatterns = [
    path("audit/", views.queue, name="queue"),
    path("audit/<int:pk>/", views.case, name="case"),
    path("audit/<int:pk>/reopen/", views.reopen, name="reopen"),
    path("audit/checks/", checks.check_list, name="checks"),
    path("audit/collisions/", collisions.collision_list, name="collisions"),
    path("audit/collisions/<int:pk>/", collisions.collision_case, name="collision"),
    path("audit/collisions/<int:pk>/same/", collisions.same, name="collision_same"),
    path("audit/collisions/<int:pk>/different/", collisions.different, name="collision_different"),
    path("audit/collisions/<int:pk>/take-back/", collisions.reconsider, name="collision_back"),
]
