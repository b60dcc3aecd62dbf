"""What a new password is held to, as Django asks for it: the rules stand in the core, the sentences in the adapters."""

from collections.abc import Iterator

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wuzha.adapters.wording.problem import describe_problem
from wuzha.adapters.wording.words import Language
from wuzha.core.base.password import SHORTEST, check_password
from wuzha.web.accounts.models import User


class HardToGuess:
    """Long enough, and more than pieces that everybody tries first; nothing is asked of any other machine."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raises ``ValidationError`` with a sentence for each thing that is wrong."""
        language: Language = "zh" if (get_language() or "zh-hans").startswith("zh") else "en"
        about = list(_list_texts(user)) if isinstance(user, User) else []
        problems = check_password(password, about)
        if problems:
            raise ValidationError([ValidationError(describe_problem(one, language), one.code) for one in problems])

    def get_help_text(self) -> str:
        return _("At least %(least)d characters; a few words that have nothing to do with each other.") % {
            "least": SHORTEST
        }


class NotCommon(CommonPasswordValidator):
    """On no list of passwords that leaked somewhere; Django's list, in words of this site."""

    def get_error_message(self) -> str:
        return _("Very many people have this password, so it is tried first. Take another one.")

    def get_help_text(self) -> str:
        return ""


def _list_texts(user: User) -> Iterator[str]:
    yield from (user.username, user.display_name)
    if user.pk:
        for post in user.posts.select_related("unit"):
            yield from (post.unit.name, post.unit.code)
