"""What ``wuzha serve`` would not start with, told by ``manage check`` too."""

from typing import Any

from django.conf import settings
from django.core import checks

from wuzha.web.configuration import list_warnings

# The key of a program that was not told one, since it serves nobody: it makes migrations or runs tests.
NOT_FOR_SERVING = "not-for-serving"


def find_dangers(**_asked: Any) -> list[checks.CheckMessage]:
    return [
        checks.Error(one.say("zh"), hint=one.say("en"), id=f"wuzha.{one.code}")
        for one in list_warnings()
        if one.is_fatal and not (one.code == "setting.short-key" and settings.SECRET_KEY == NOT_FOR_SERVING)
    ]
