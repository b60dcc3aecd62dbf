"""The phone page's shell: the same for everybody, without anything personal. A person's data has its own address."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wuzha.web.campaign.phone import SERVED, find_version, pack_page, read_file

YEAR_S = 365 * 24 * 3600
# Scripts, styles and pictures of this site alone; photos being added are shown from the phone's own memory.
POLICY = "; ".join(
    (
        *("default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' blob:", "connect-src 'self'"),
        *(
            "manifest-src 'self'",
            "worker-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ),
    )
)


@login_not_required
@require_safe
def show_shell(request: HttpRequest) -> HttpResponse:
    """The page itself, without anybody's data. Its scripts ask for what is due."""
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache", "Vary": "Cookie, Accept-Language"}
    return HttpResponse(pack_page().shell, headers=headers)


@login_not_required
@require_safe
def send_worker(request: HttpRequest) -> HttpResponse:
    """The service worker, which keeps the page for days without a network."""
    headers = {"Cache-Control": "no-cache", "Vary": "Cookie, Accept-Language"}
    return HttpResponse(pack_page().worker, content_type="text/javascript; charset=utf-8", headers=headers)


@login_not_required
@require_safe
def send_file(request: HttpRequest, version: str, name: str) -> HttpResponse:
    """One file of the page. Another version's address answers 404: under it nothing else may ever be kept."""
    if name not in SERVED or version != find_version():
        raise Http404
    headers = {"Cache-Control": f"public, max-age={YEAR_S}, immutable"}
    return HttpResponse(read_file(name), content_type=SERVED[name][1], headers=headers)


@login_not_required
@require_safe
def send_manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put the page on its home screen. Nobody is asked to."""
    icons = (("wuzha.svg", "any"), ("wuzha-192.png", "192x192"), ("wuzha-512.png", "512x512"))
    folder = f"/phone/{find_version()}/"
    told = {
        "name": _("Wuzha"),
        "short_name": _("Wuzha"),
        "id": "/phone/",
        "start_url": "/phone/",
        "scope": "/phone/",
        "display": "standalone",
        "background_color": "#f4f6f9",
        "theme_color": "#1a4b8c",
        "icons": [{"src": folder + name, "sizes": sizes, "type": SERVED[name][1]} for name, sizes in icons],
    }
    return JsonResponse(told, content_type="application/manifest+json", headers={"Cache-Control": "no-cache"})
