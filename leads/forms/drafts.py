"""The filing form sent to be put aside (LEAD-9)."""

from typing import Any

from django.forms.utils import ErrorList

from accounts.models import User
from core.forms import OnceForm
from leads.forms.filing import FilingForm
from policies.dictionaries import Words

NOT_TYPED = {"once", "seen", "draft"}


class DraftForm(OnceForm):
    """A filing form of which nothing but the key is judged; the key is the filing form's own."""

    purpose = FilingForm.purpose

    @property
    def typed(self) -> dict[str, str]:
        """The texts of the filing form's fields as they were sent, faults and all."""
        names = FilingForm.base_fields.keys() - NOT_TYPED
        return {name: str(self.data[name]) for name in sorted(names) if name in self.data}

    @property
    def draft_id(self) -> int | None:
        """The draft that the form was opened from."""
        said = self.data.get("draft", "")
        return int(said) if said.isdecimal() and len(said) < 12 else None


class UnsavedForm(FilingForm):
    """The filing form as it was typed, not judged, with the reasons why it could not be put aside."""

    purpose = FilingForm.purpose

    def __init__(self, sent: DraftForm, *, words: Words, user: User) -> None:
        super().__init__(words=words, user=user, initial=sent.typed | {"draft": sent.draft_id})
        self.reasons = sent.non_field_errors()

    def non_field_errors(self) -> ErrorList:
        return self.reasons


class DeleteDraftForm(OnceForm):
    """Nothing to fill in; many stand on one page."""

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data, user=user, auto_id=False)


class UndoForm(DeleteDraftForm):
    """Brings the draft deleted last back."""
