"""A log-in that is half done: the password was right, the second step is still to come.

It stands in the session of somebody who is nobody yet, for ten minutes, and ends when the password is changed.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.contrib.sessions.backends.base import SessionBase
from django.utils.crypto import constant_time_compare

from wuzha.web.accounts.models import User
from wuzha.web.accounts.signin.sessions import to_epoch

KEY = "signin-pending"
GOOD_S = 600


@dataclass(frozen=True, slots=True)
class Pending:
    """Whose log-in, since when, by which way, and where they wanted to go."""

    user: int
    at: int
    seal: str
    way: str
    goal: str = ""


def hold(session: SessionBase, user: User, way: str, goal: str, now: datetime) -> None:
    session[KEY] = asdict(Pending(user.pk, to_epoch(now), user.get_session_auth_hash(), way, goal))


def find_pending(session: SessionBase, now: datetime) -> tuple[Pending, User] | None:
    """The half log-in of this session and its person, if it is still good."""
    told = session.get(KEY)
    if not isinstance(told, dict):
        return None
    pending = Pending(**told)
    user = User.objects.filter(pk=pending.user, is_active=True).first()
    is_good = 0 <= to_epoch(now) - pending.at < GOOD_S
    if not is_good or user is None or not constant_time_compare(pending.seal, user.get_session_auth_hash()):
        del session[KEY]
        return None
    return pending, user


def drop(session: SessionBase) -> None:
    session.pop(KEY, None)
