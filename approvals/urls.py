from django.urls import path

from approvals import views

urlpatterns = [
    path("todo/", views.todo, name="todo"),
    path("todo/<int:pk>/", views.request_page, name="todo_request"),
]
