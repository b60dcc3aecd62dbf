"""Whether the packages that Wuzha stands on may be stood on: ``audit.py`` asks the advisory service, ``--offline`` not.

Without a network it looks at three things, each of which fails the build: every file of ``uv.lock`` has its SHA-256 and
comes from the registry, every licence is one of those below, and whatever the product imports is named by itself in
``pyproject.toml``. Known weaknesses are pip-audit's matter. Where the service was not asked or does not answer, that is
said in large letters, and nothing is taken for safe: there is no list in the repository that could be out of date.
``--must-reach`` turns that into a failure, for whoever makes a release.
"""

import ast
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ANSWERS_WITHIN_S = 120
# May be used, changed and given on with the product, or stay beside it unchanged.
LICENCES = (
    *("MIT", "BSD", "APACHE", "ISC", "PYTHON", "PSF", "MPL", "MOZILLA", "ZLIB", "UNLICENSE", "HPND", "CC0", "0BSD"),
    *("LGPL", "LESSER GENERAL PUBLIC", "PUBLIC DOMAIN", "ZPL", "ZOPE", "BLUEOAK"),
)
# Says nothing a program can read; each was read by a person.
READ_BY_A_PERSON: Mapping[str, str] = {"pyrage": "MIT, in its file LICENSE"}
OWN = frozenset({"wuzha"})


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def find_lock_faults(lock: Mapping[str, Any]) -> Iterator[str]:
    """Files without a hash, and packages from anywhere but the registry."""
    for package in lock["package"]:
        source = package.get("source", {})
        if "editable" in source or "virtual" in source:
            continue
        if "registry" not in source:
            yield f"{package['name']} comes from {', '.join(source) or 'nowhere'}, not from the registry"
        files = [*package.get("wheels", ()), *([package["sdist"]] if "sdist" in package else ())]
        if not files or not all(str(file.get("hash", "")).startswith("sha256:") for file in files):
            yield f"{package['name']} {package.get('version')} has a file without a SHA-256"


def find_licence_faults(told: Mapping[str, str]) -> Iterator[str]:
    """``told`` is what each package says of its licence."""
    for name, words in sorted(told.items()):
        if name not in READ_BY_A_PERSON and not any(licence in words.upper() for licence in LICENCES):
            yield f"{name} is under {words[:60]!r}, which is on no list"


def read_licences(lock: Mapping[str, Any]) -> dict[str, str]:
    """What the packages of the lock say that are installed here."""
    told = {}
    for package in lock["package"]:
        try:
            about = metadata.metadata(package["name"])
        except metadata.PackageNotFoundError:
            continue
        if plain(package["name"]) not in OWN:
            classifiers = [line for line in about.get_all("Classifier") or [] if line.startswith("License")]
            said = [*(about.get_all("License-Expression") or []), *(about.get_all("License") or [])]
            told[package["name"]] = " ".join([*classifiers, *(words[:200] for words in said)]).strip()
    return told


def find_unlisted(project: Mapping[str, Any], imported: Iterable[str]) -> Iterator[str]:
    """Packages that the product imports and that come only because another one wants them."""
    extras = project["project"].get("optional-dependencies", {}).values()
    lines = [*project["project"]["dependencies"], *(line for extra in extras for line in extra)]
    named = {plain(re.split(r"[\[<>=!~ ;]", line)[0]) for line in lines}
    homes = metadata.packages_distributions()
    for module in sorted(set(imported) - set(sys.stdlib_module_names) - OWN):
        owners = {plain(owner) for owner in homes.get(module, ())}
        if not owners & named:
            yield f"{module} is imported and {', '.join(sorted(owners)) or module} is not named in pyproject.toml"


def list_imports(folder: Path) -> Iterator[str]:
    for file in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                yield (node.module or "").split(".")[0]


def read_report(report: Mapping[str, Any]) -> list[str] | None:
    """What pip-audit found, a line for each weakness with the version that mends it.

    A package that the service did not know was not looked up, though pip-audit ends well: where that is every one of
    them, as behind a mirror of the registry, nobody was asked at all.
    """
    packages = report.get("dependencies", ())
    unasked = [f"{package['name']} is not known to the service" for package in packages if "skip_reason" in package]
    if len(unasked) == len(packages):
        return None
    return unasked + [
        f"{package['name']} {package.get('version')}: {one['id']}, mended in {', '.join(one['fix_versions']) or 'none'}"
        for package in packages
        for one in package.get("vulns", ())
    ]


def ask_service(requirements: str) -> list[str] | None:
    """The weaknesses of these pinned packages; none where the service does not answer."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "requirements.txt"
        file.write_text(requirements)
        command = [sys.executable, "-m", "pip_audit", "-r", str(file), "--no-deps", "--disable-pip", "-f", "json"]
        try:
            asked: dict[str, Any] = {"capture_output": True, "text": True, "timeout": ANSWERS_WITHIN_S}
            done = subprocess.run([*command, "--progress-spinner", "off"], check=False, **asked)
            return read_report(json.loads(done.stdout))
        except (subprocess.TimeoutExpired, ValueError):
            return None


def pin(lock: Mapping[str, Any]) -> str:
    """The lock as lines that pip-audit reads."""
    lines = [
        f"{package['name']}=={package['version']}"
        for package in lock["package"]
        if "registry" in package.get("source", {}) and "version" in package
    ]
    return "\n".join(lines) + "\n"


def find_known(words: list[str], lock: Mapping[str, Any]) -> list[str]:
    """Known weaknesses; and where nobody could be asked, that, if it must be known."""
    known = None if "--offline" in words else ask_service(pin(lock))
    if known is not None:
        return known
    why = "was not asked" if "--offline" in words else "does not answer"
    said = f"audit: KNOWN WEAKNESSES WERE NOT LOOKED FOR: the advisory service {why}. `make audit` asks it."
    print(said, file=sys.stderr)
    return ["known weaknesses must be looked for and were not"] if "--must-reach" in words else []


def main(words: list[str]) -> int:
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    faults = [
        *find_lock_faults(lock),
        *find_licence_faults(read_licences(lock)),
        *find_unlisted(project, list_imports(ROOT / "src")),
        *find_known(words, lock),
    ]
    for fault in faults:
        print(f"audit: {fault}", file=sys.stderr)
    print(f"audit: {len(lock['package'])} packages, {len(faults)} to mend")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
