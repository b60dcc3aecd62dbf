"""The language of the pages: Chinese, unless the person has chosen another.

Django's own middleware would follow the browser's language; a county's desks often run an English browser, and the
clerk in front of one still reads Chinese.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from wuzha.adapters.wording.words import Language

Answer = Callable[[HttpRequest], HttpResponseBase]


def find_language() -> Language:
    """The language of the page that is being made, as sentences of problems are asked for."""
    return "zh" if (translation.get_language() or settings.LANGUAGE_CODE).startswith("zh") else "en"


def activate_chosen_language(get_response: Answer) -> Answer:
    known = {code for code, _ in settings.LANGUAGES}

    def answer(request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in known else settings.LANGUAGE_CODE
        with translation.override(language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return answer
