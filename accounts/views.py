"""Log-in and password pages: allauth's, answering a faulty form as `screens.md` says."""

from typing import Any

from allauth.account import views as allauth_views
from django.http import HttpResponse


class LoginView(allauth_views.LoginView):
    def form_invalid(self, form: Any) -> HttpResponse:
        locked = form.has_error("__all__", code="too_many_login_attempts")
        return self.render_to_response(self.get_context_data(form=form), status=429 if locked else 422)


class PasswordChangeView(allauth_views.PasswordChangeView):
    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)
