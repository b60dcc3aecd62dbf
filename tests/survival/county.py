"""Makes the invented county in a data folder of its own, with a key for its village; prints the key.

Run as ``python -m tests.survival.county`` with ``WUZHA_DATA`` set: a process of its own, as Django is set up once.
"""

import sys
from datetime import timedelta

import django


def main() -> None:
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - Django must be set up first
    from django.utils import timezone  # noqa: PLC0415

    from tests.web.cast import make_cast  # noqa: PLC0415
    from wuzha.web.accounts.actions import make_token  # noqa: PLC0415
    from wuzha.web.accounts.models import Post  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    cast, now = make_cast(), timezone.now()
    post = Post.objects.get(user=cast.secretary)
    _, key = make_token(
        actor=cast.officer, post=post, name="试压", closes_on=timezone.localdate(now) + timedelta(days=2), now=now
    )
    sys.stdout.write(key)


if __name__ == "__main__":
    main()
