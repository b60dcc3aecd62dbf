"""Copies the front-end files that ``package.json`` lists under ``vendor`` out of ``node_modules``.

A key is a path below ``node_modules``, a value the path below ``src/wuzha/web/static/vendor``. Where the key
holds a ``*``, the value is the folder that receives every match. ``make vendor`` calls this after
``npm ci``, so that what is copied is what ``package-lock.json`` fixed.
"""

import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "node_modules"
TARGET = ROOT / "src/wuzha/web/static/vendor"
# The maps are for those who work on the libraries; a pointer to a file that is not there breaks hashed file names.
SOURCE_MAP = re.compile(rb"\s*/[*/]# sourceMappingURL=\S+( \*/)?\s*$")


def find_copies(listing: dict[str, str]) -> Iterator[tuple[Path, Path]]:
    """Each file with the place it goes to. Raises ``FileNotFoundError`` for a line that matches nothing."""
    for pattern, place in listing.items():
        found = sorted(SOURCE.glob(pattern))
        if not found:
            raise FileNotFoundError(f"package.json lists {pattern}, and node_modules has no such file")
        for file in found:
            yield file, TARGET / place / file.name if "*" in pattern else TARGET / place


def copy_file(file: Path, place: Path) -> None:
    """The same bytes, save for the pointer to a source map at the end of a style sheet or script."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if file.suffix in {".css", ".js"}:
        place.write_bytes(SOURCE_MAP.sub(b"\n", file.read_bytes()))
    else:
        shutil.copyfile(file, place)


def main() -> int:
    """Copies everything or, when a line matches nothing, nothing."""
    listing: dict[str, str] = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["vendor"]
    try:
        copies = list(find_copies(listing))
    except FileNotFoundError as missing:
        print(missing, file=sys.stderr)
        return 1
    for file, place in copies:
        copy_file(file, place)
    print(f"{len(copies)} files in {TARGET.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
