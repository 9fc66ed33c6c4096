"""Pages for requests that never reach a view."""

import logging

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

FORBIDDEN = 403
TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """413 for what is too large, 400 for everything else that Django will not read."""
    too_large = isinstance(exception, TOO_LARGE)
    return render(None, "400.html", {"too_large": too_large}, status=413 if too_large else 400)


class WithoutTraces(logging.Filter):
    """A person without the right is no fault of the program: one line in the log says it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", None) == FORBIDDEN:
            record.exc_info = record.exc_text = None
        return True
