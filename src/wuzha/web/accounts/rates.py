"""How often one person, one key or one address may ask for what costs much. Whoever asks more often is told when to
come again; nothing of what was kept before is touched.

A person and a key are counted by themselves, however many share one address: after a power cut all the phones of a
county may send at once from behind one line, and each has its own measure, which a queue of a month fits into. By the
address only bad keys are counted, and of those only the answer changes: a good key is never refused for a bad
neighbour. All processes of a machine count together, each machine by itself: what is guarded is its time.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from wuzha.web.accounts.refusal import refuse, wants_page
from wuzha.web.accounts.shared_counts import count_up

Answer = Callable[[HttpRequest], HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Rate:
    """At most so many within a span of so many seconds; spans follow each other from the hour on."""

    most: int
    within_s: int


RATES: Mapping[str, Rate] = MappingProxyType(
    {
        # A file that is parsed or decoded: plans, rosters, sheets, roads, photos at the desk.
        "upload": Rate(60, 600),
        # A form that may bring photos along; a clerk with a heap of paper types one in ten seconds at the best.
        "form": Rate(300, 600),
        # A phone sends 50 records at a time and photos in pieces of 32 KB, one after the other: within a minute 6,000
        # records and 190 MB, which is more than any line to a phone carries.
        "phone": Rate(120, 60),
        "piece": Rate(6000, 60),
        # Whatever is made anew and saved: tables, papers, pictures for the public.
        "export": Rate(180, 600),
        # A photo that is drawn anew to be looked at.
        "photo": Rate(300, 300),
        "search": Rate(120, 60),
        # Programs, by their key; the second is what counts standings.
        "program": Rate(600, 60),
        "reckoning": Rate(120, 60),
        # Answers to keys that are none, by the address.
        "bad key": Rate(60, 60),
    }
)
# Which addresses cost what, by their names. A test walks the views for files that none of these names.
KINDS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("POST", "accounts:roster"): "upload",
        ("POST", "accounts:people-import"): "upload",
        ("POST", "campaign:plan-upload"): "upload",
        ("POST", "campaign:records-import"): "upload",
        ("POST", "campaign:roads-upload"): "upload",
        ("POST", "campaign:table-import"): "upload",
        ("POST", "campaign:queue-file"): "upload",
        ("POST", "campaign:record-attach"): "upload",
        ("POST", "campaign:record-new"): "form",
        ("POST", "campaign:record-correct"): "form",
        ("POST", "campaign:inspection-visit"): "form",
        ("POST", "campaign:finding"): "form",
        ("POST", "campaign:finding-mended"): "form",
        ("POST", "campaign:phone-records"): "phone",
        ("PUT", "campaign:evidence"): "piece",
        ("GET", "campaign:evidence-file"): "photo",
        ("GET", "campaign:finding-photo"): "photo",
        ("GET", "campaign:records-xlsx"): "export",
        ("GET", "campaign:records-csv"): "export",
        ("GET", "campaign:records-reasons"): "export",
        ("GET", "campaign:paper-file"): "export",
        ("GET", "campaign:table-draft"): "export",
        ("GET", "campaign:table-template"): "export",
        ("GET", "campaign:briefing-photo"): "export",
        ("GET", "campaign:briefing-public-file"): "export",
        ("GET", "api:list_standings"): "reckoning",
    }
)
# What a page is asked with when somebody searches it.
WORDS = ("words",)
OF_PROGRAMS = "api:"


class LimitRates:
    """Middleware. It stands behind the log-in, since it counts by person, and before anything of the body is read."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code != 401 or not is_for_programs(request):
            return response
        wait_s = count("bad key", request.META.get("REMOTE_ADDR", ""), request.now)  # type: ignore[attr-defined]  # the clock's
        return answer_often(request, wait_s) if wait_s else response

    def process_view(
        self, request: HttpRequest, view: object, arguments: object, named: object
    ) -> HttpResponseBase | None:
        kind, who = find_kind(request), name_asker(request)
        wait_s = count(kind, who, request.now) if kind and who else 0  # type: ignore[attr-defined]  # the clock's
        return answer_often(request, wait_s) if wait_s else None


def is_for_programs(request: HttpRequest) -> bool:
    found = request.resolver_match
    return found is not None and found.view_name.startswith(OF_PROGRAMS)


def find_kind(request: HttpRequest) -> str:
    """Which of the rates the request falls under; an empty text for what costs little."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    method = "GET" if request.method == "HEAD" else request.method or ""
    if kind := KINDS.get((method, name), ""):
        return kind
    if name.startswith(OF_PROGRAMS):
        return "program"
    if method != "GET":
        return ""
    if request.GET.get("format"):
        return "export"
    return "search" if any(request.GET.get(word) for word in WORDS) else ""


def name_asker(request: HttpRequest) -> str:
    """The key that came with the request, else the person; an empty text for a stranger, who gets nothing anyway."""
    if is_for_programs(request) and (told := request.headers.get("Authorization", "")):
        return f"key {hashlib.sha256(told.encode(errors='replace')).hexdigest()}"
    user: Any = request.user
    return f"person {user.pk}" if user.is_authenticated else ""


def count(kind: str, who: str, now: datetime) -> int:
    """Count one more; 0 while it is within the rate, else the seconds until the next span begins."""
    rate, factor = RATES[kind], settings.RATE_FACTOR
    if factor <= 0:
        return 0
    instant = int(now.timestamp())
    left_s = rate.within_s - instant % rate.within_s
    name = f"{kind}|{who}|{instant // rate.within_s}"
    return 0 if count_up(name, instant + left_s, instant) <= rate.most * factor else left_s


def answer_often(request: HttpRequest, wait_s: int) -> HttpResponse:
    """429 with the time to wait: a page for whoever looks at one, JSON for programs and phones."""
    if wants_page(request):
        minutes = -(-wait_s // 60)
        answer = HttpResponse(render_to_string("429.html", {"minutes": minutes}, request=request), status=429)
        answer.headers["Cache-Control"] = "no-store"
    else:
        told = _("Too often. Nothing was lost; send it again in %(seconds)d seconds.") % {"seconds": wait_s}
        answer = refuse(429, told, again_in_s=wait_s)
    answer.headers["Retry-After"] = str(wait_s)
    return answer
