"""The forced change of the first password (ORG-1)."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

OPEN = {"account_change_password", "account_logout", "account_login", "set_language", "healthz", "readyz"}


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
