"""As which of their posts a person acts in this request, and which of them count on this page.

The middleware stands behind the log-in and before every view. A person with several posts acts in all of them until
they choose one; what they chose is kept in their session and narrows all that they see and do.
"""

from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from wuzha.web.accounts.access import UserRequest, has_left, list_posts
from wuzha.web.accounts.clock import Answer
from wuzha.web.accounts.models import Post, Sight
from wuzha.web.accounts.roles import find_asked, list_roles

CHOSEN = "post"
# It leads whoever may not read it on to the first room that is theirs.
FIRST = "campaign:today"


@dataclass(frozen=True, slots=True)
class Narrow:
    """The middleware. What a page asks for is found by its address, before the page is asked."""

    get_response: Answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, values: object) -> HttpResponseBase | None:
        """Raises ``PermissionDenied`` where none of the person's posts opens pages of this kind, and leads whoever has
        left every post out."""
        if not request.COOKIES or not request.user.is_authenticated:
            return None
        timed = cast(UserRequest, request)
        posts = list(list_posts(timed.user, timed.today))
        if not posts and getattr(view, "login_required", True) and has_left(timed.user, timed.today):
            return _lead_out(timed)
        chosen = _find_chosen(timed, posts)
        timed.user.posts_held, timed.user.posts_on = posts, timed.today
        address = timed.resolver_match.view_name if timed.resolver_match else ""
        asked = find_asked(address)
        roles = list_roles(asked) if asked else None
        timed.user.sight = Sight(chosen, roles)
        held = [post for post in posts if chosen in (None, post.pk)]
        is_page = getattr(view, "login_required", True) and address != FIRST
        if is_page and held and roles is not None and not any(post.role in roles for post in held):
            raise PermissionDenied(_refuse(held))
        return None


def tell_left() -> str:
    """What somebody is told all of whose posts have ended."""
    return _("All your posts have ended, so that you have been logged out. What you entered before is kept.")


def _lead_out(request: UserRequest) -> HttpResponseBase:
    logout(request)
    messages.warning(request, tell_left())
    return redirect(settings.LOGIN_URL)


def _find_chosen(request: UserRequest, posts: list[Post]) -> int | None:
    """The post chosen in this session, while it is in force. One that has ended is chosen no more, and this is said."""
    chosen = request.session.get(CHOSEN)
    if chosen is None or any(post.pk == chosen for post in posts):
        return cast("int | None", chosen)
    del request.session[CHOSEN]
    if posts:
        messages.warning(request, _("The post as which you acted has ended. You act in all your other posts now."))
    return None


def _refuse(held: list[Post]) -> str:
    names = ", ".join(sorted({str(post.get_role_display()) for post in held}))
    return _("This page is not for your post (%(posts)s). What your post is for stands in the list of rooms.") % {
        "posts": names
    }
