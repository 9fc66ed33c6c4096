from django.urls import path

from audit import views

app_name = "audit"
urlpatterns = [
    path("audit/", views.queue, name="queue"),
    path("audit/<int:pk>/", views.case, name="case"),
    path("audit/<int:pk>/reopen/", views.reopen, name="reopen"),
]
