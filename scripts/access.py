"""``docs/access.md`` from the one table of who may what, ``tests/web/access_table.py``: writes it anew."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuzha.settings")


def main() -> None:
    import django  # noqa: PLC0415  # after the path is set

    django.setup()
    from tests.web.access_page import write_page  # noqa: PLC0415  # after Django is set up

    (ROOT / "docs" / "access.md").write_text(write_page())


if __name__ == "__main__":
    main()
