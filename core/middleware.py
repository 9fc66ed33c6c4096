"""Response headers that every page carries."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

Next = Callable[[HttpRequest], HttpResponse]


class ContentSecurityPolicy:
    """Sends `SECURE_CSP`, the setting that Django 6 reads itself."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self.policy = "; ".join(f"{name} {' '.join(sources)}" for name, sources in settings.SECURE_CSP.items())

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        return response


class HtmxRedirects:
    """A redirect after a form that htmx sent becomes 204 with `HX-Redirect`, so that the whole page follows it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and "HX-Request" in request.headers and response.status_code == 302:
            location = response.headers["Location"]
            cookies = response.cookies
            response = HttpResponse(status=204, headers={"HX-Redirect": location})
            response.cookies = cookies
        return response


class ChosenLanguage:
    """The site's language unless the person chose another by the switch; what the browser prefers does not count."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self.known = dict(settings.LANGUAGES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in self.known else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
