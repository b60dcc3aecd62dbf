"""What the pages of signing in show. Reads only."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from wuzha.web.accounts.models import User
from wuzha.web.accounts.signin.factors import Type
from wuzha.web.accounts.signin.models import SignIn
from wuzha.web.accounts.signin.sessions import find_live


def list_devices(user: User, now: datetime) -> QuerySet[SignIn]:
    """Where the person is signed in, the device seen last first."""
    return SignIn.objects.filter(user=user, **find_live(now))


def list_removable(user: User) -> QuerySet[Authenticator]:
    """The person's app and passkeys; recovery codes go with the last of them."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user=user).exclude(type=Type.RECOVERY_CODES)
    return found
