"""The site as a WSGI application, for any server that speaks it."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuzha.settings")
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
# What only a server in front may say of a visitor.
TOLD = (
    *("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST"),
    *("HTTP_X_FORWARDED_PORT", "HTTP_X_FORWARDED_BY"),
)


def believe_proxies(application: Application) -> Application:
    """The visitor behind a server in front is told by it: ``REMOTE_ADDR`` is then theirs, so that one who guesses
    passwords is not everybody. What anybody else says of themselves is taken away."""
    from wuzha.web.accounts.request_id import FROM_PROXY, is_proxy  # noqa: PLC0415 - once Django is set up

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ.pop(FROM_PROXY, None)
        if is_proxy(environ.get("REMOTE_ADDR", "")):
            environ[FROM_PROXY] = True
            hops = [hop.strip() for hop in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
            visitor = next((hop for hop in reversed(hops) if not is_proxy(hop)), None)
            environ["REMOTE_ADDR"] = visitor or environ["REMOTE_ADDR"]
        else:
            for name in TOLD:
                environ.pop(name, None)
        return application(environ, start_response)

    return answer


application = believe_proxies(get_wsgi_application())
