"""allauth's forms with our words."""

from typing import Any

from allauth.account import forms as allauth_forms
from django.utils.translation import gettext_lazy as _


class LoginForm(allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name or e-mail")
        self.fields["login"].widget.attrs.update({"autocomplete": "username", "placeholder": "", "autofocus": True})
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs["placeholder"] = ""
        self.fields["remember"].label = _("Keep me logged in on this device for 7 days")


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    """Changing the password also ends the forced change at first log-in (ORG-1)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Present password")
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("New password again")
        for field in self.fields.values():
            field.widget.attrs["placeholder"] = ""
        self.fields["oldpassword"].help_text = self.fields["password1"].help_text = ""

    def clean(self) -> Any:
        cleaned = super().clean()
        old, new = self.cleaned_data.get("oldpassword"), self.cleaned_data.get("password1")
        if old and old == new:
            self.add_error("password1", _("The new password must differ from the present one."))
        return cleaned

    def save(self) -> None:
        super().save()
        if self.user.must_change_password:
            self.user.must_change_password = False
            self.user.save(update_fields=["must_change_password"])
