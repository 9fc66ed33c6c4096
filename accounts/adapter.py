"""allauth, closed: people are made in the admin, not by themselves."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.services import note_failed_login

log = logging.getLogger(__name__)


class ClosedAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_email_password_mismatch": _("User name or password is wrong."),
        "username_password_mismatch": _("User name or password is wrong."),
        "email_password_mismatch": _("User name or password is wrong."),
        "enter_current_password": _("The present password is wrong."),
        "too_many_login_attempts": _(
            "Too many failed log-ins: this account is locked for a few minutes."
            " Try again later, or ask the administrator."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        note_failed_login(str(credentials.get("username") or credentials.get("email") or ""))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("workbench")

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say what happened themselves."""
