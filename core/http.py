"""Requests and answers that every screen shares."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db.models.fields.files import FieldFile
from django.forms import BaseForm
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.forms import refuse
from core.once import AlreadyDone
from core.verdicts import Refused

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from accounts.models import User


class HtmxRequest(HttpRequest):
    """A request of a person who is logged in."""

    htmx: "HtmxDetails"
    user: "User"


def answer(form: BaseForm, do: Callable[[], Any], then: Callable[[Any], None] | None = None) -> HttpResponse | None:
    """Make one call into the domain for a valid form and redirect to where it leads.

    A replay repeats the first answer. A refusal goes into the form and None comes back: draw the form again, with 422.
    `then` is told the location after a first success, to leave a message.
    """
    if not form.is_valid():
        return None
    try:
        location = str(do())
    except AlreadyDone as replay:
        return redirect(replay.location)
    except Refused as refused:
        refuse(form, refused)
        return None
    if then:
        then(location)
    return redirect(location)


def photo_response(photo: FieldFile, name: str) -> FileResponse:
    """A stored picture for whoever the view lets see it; kept by no cache on the way. 404 where the file is gone."""
    try:
        opened = photo.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    headers = {"Cache-Control": "private, no-store"}
    return FileResponse(opened, content_type="image/jpeg", filename=name, headers=headers)
