"""What of django-allauth's second factors is told how things are here."""

from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils.translation import gettext as _

from wuzha.web.accounts.models import User
from wuzha.web.accounts.signin.seal import open_secret, seal_secret


class Adapter(DefaultMFAAdapter):  # type: ignore[misc] # published without types
    """Secrets are sealed with a key that is not in the database; an authenticator app shows our name and the user's."""

    def encrypt(self, text: str) -> str:
        return seal_secret(text)

    def decrypt(self, encrypted_text: str) -> str:
        return open_secret(encrypted_text)

    def get_totp_issuer(self) -> str:
        return _("Wuzha")

    def _get_site_name(self) -> str:
        return _("Wuzha")

    def _get_user_identifier(self, user: User) -> str:
        return user.username
