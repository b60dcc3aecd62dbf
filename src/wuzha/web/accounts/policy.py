"""What a browser may load and run on a page of the site: the site's own files, and nothing that stands in the page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponse]
AnyAnswer = Callable[[HttpRequest], HttpResponseBase]
HEADER = "Content-Security-Policy"
# Pictures within style sheets are data, and a photo being added is shown from the browser's own memory.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
# None of these is asked for by a page of the desk; the phone asks where it is, on a press.
PERMISSIONS = "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)"


def add_policy(answer: Answer) -> Answer:
    """Middleware. An answer that says its own policy, such as a file of somebody's, keeps that one."""

    def answer_with_policy(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers.setdefault(HEADER, POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response

    return answer_with_policy


def leave_body_out(answer: AnyAnswer) -> AnyAnswer:
    """Middleware. HEAD is answered with the headers alone; the server in this process would send the body after them,
    and whoever keeps the line open would read it as the next answer."""

    def answer_in_short(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        if request.method != "HEAD":
            return response
        if isinstance(response, StreamingHttpResponse):
            response.streaming_content = ()
        elif isinstance(response, HttpResponse):
            response.headers.setdefault("Content-Length", str(len(response.content)))
            response.content = b""
        return response

    return answer_in_short
