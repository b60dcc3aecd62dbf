"""Who is signed in where, and which attempts failed. Neither is work of anybody's: both are left out of backups."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wuzha.web.accounts.models import User


class SignIn(models.Model):
    """One device on which a person is signed in. It goes with its session; the audit log keeps that it was.

    Nothing in it says where the person is: the network address, the family of the browser, since when, last seen.
    """

    class Way(models.TextChoices):
        PASSWORD = "password", _("Password")
        PASSKEY = "passkey", _("Passkey")
        CENTRAL = "central", _("Central log-in")

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    way = models.CharField(max_length=10, choices=Way)
    address = models.CharField(max_length=45, blank=True)
    browser = models.CharField(max_length=40, blank=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ("-seen_at", "-id")

    def __str__(self) -> str:
        return f"{self.user}: {self.browser}, {self.address}"


class Attempt(models.Model):
    """One try with a secret that was wrong, or is being looked at. ``key`` says what was tried and from where, hashed.

    Rows are kept for a day at most; see :mod:`wuzha.web.accounts.signin.patience`.
    """

    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("key", "at"), name="attempts_by_key"),)

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.at:%Y-%m-%d %H:%M}"
