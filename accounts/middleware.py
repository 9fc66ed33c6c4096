"""Who is asking, and the forced change of the first password (ORG-1)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.sessions import asked_for_person

OPEN = {"account_change_password", "account_logout", "account_login", "set_language", "healthz", "readyz"}


class PersonOfSession(AuthenticationMiddleware):
    """Django's, with all its checks; the person comes from the statement that has read the session."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _verified(request))  # type: ignore[assignment]


def _verified(request: HttpRequest) -> Any:
    with asked_for_person(request.session):
        return get_user(request)


class PasswordChangeFirst:
    """Leads everybody who must change the password to that page, and nowhere else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.url_name in OPEN or not request.user.is_authenticated:
            return None
        if not request.user.must_change_password:
            return None
        messages.info(request, _("Please choose a password of your own first."))
        return redirect(reverse("account_change_password"))
