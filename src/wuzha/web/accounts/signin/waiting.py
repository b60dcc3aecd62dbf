"""How long somebody has to wait, as a sentence."""

from datetime import datetime
from math import ceil

from django.utils.translation import ngettext


def describe_wait(until: datetime, now: datetime) -> str:
    """Whole minutes, rounded up: who waits as long as it says is let in."""
    minutes = max(1, ceil((until - now).total_seconds() / 60))
    return ngettext(
        "There were several wrong tries. Please wait %(minutes)d minute and try again.",
        "There were several wrong tries. Please wait %(minutes)d minutes and try again.",
        minutes,
    ) % {"minutes": minutes}
