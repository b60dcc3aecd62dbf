"""Keeps the Chinese message catalogue complete without the gettext tools.

``check`` names every sentence of code and templates that has no Chinese, or only a doubtful one, and every catalogue
entry that nothing asks for any more; exit status 1 when there is any. ``update`` brings the catalogue into step: new
sentences come in empty, unused ones go.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src/wuzha"
CATALOGUE = PACKAGE / "web/locale/zh_Hans/LC_MESSAGES/django.po"

# How many of a call's first arguments are its context and its sentences.
Shape = tuple[int, int]
SHAPES: dict[str, Shape] = {
    "_": (0, 1),
    "gettext": (0, 1),
    "gettext_lazy": (0, 1),
    "gettext_noop": (0, 1),
    "ngettext": (0, 2),
    "ngettext_lazy": (0, 2),
    "pgettext": (1, 1),
    "pgettext_lazy": (1, 1),
    "npgettext": (1, 2),
    "npgettext_lazy": (1, 2),
}
STRING = r"u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
# What Django's templatize leaves of a template: calls with literal strings, everything else blanked out.
TEMPLATE_CALL = re.compile(rf"(?<!\w)(\w*gettext|_)\(({STRING}(?:, {STRING})*)", re.DOTALL)


def extract_code(file: Path) -> Iterator[Message]:
    """The sentences a Python module asks for. A call with a variable is none: its sentences are marked elsewhere."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            shape = SHAPES.get(name_function(node.func))
            texts = tuple(read_literals(node.args[: sum(shape)])) if shape else ()
            if shape and len(texts) == sum(shape):
                yield make_message(file, node.lineno, shape, texts)


def name_function(function: ast.expr) -> str:
    """``gettext`` for both ``gettext`` and ``translation.gettext``."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def read_literals(arguments: list[ast.expr]) -> Iterator[str]:
    for argument in arguments:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield argument.value


def extract_template(file: Path) -> Iterator[Message]:
    """The sentences a template asks for, as Django itself finds them."""
    text = templatize(file.read_text(encoding="utf-8"), origin=str(file))
    for call in TEMPLATE_CALL.finditer(text):
        texts = tuple(str(ast.literal_eval(literal)) for literal in re.findall(STRING, call[2], re.DOTALL))
        yield make_message(file, text.count("\n", 0, call.start()) + 1, SHAPES[call[1]], texts)


def make_message(file: Path, line: int, shape: Shape, texts: tuple[str, ...]) -> Message:
    """One sentence with its place; a second text is the plural."""
    context, known = (texts[0], texts[1:]) if shape[0] else (None, texts)
    identifier = known[0] if len(known) == 1 else (known[0], known[1])
    return Message(identifier, locations=[(str(file.relative_to(ROOT)), line)], context=context)


def extract_all() -> Catalog:
    """Every sentence of the package, in the order of files and lines."""
    template = Catalog(project="Wuzha")
    sources = [
        *((file, extract_code) for file in sorted(PACKAGE.rglob("*.py"))),
        *((file, extract_template) for file in sorted(PACKAGE.rglob("templates/**/*.html"))),
        *((file, extract_template) for file in sorted(PACKAGE.rglob("templates/**/*.txt"))),
    ]
    for file, extract in sources:
        for message in extract(file):
            template.add(message.id, locations=message.locations, context=message.context)
    return template


def read_catalogue() -> Catalog:
    """The catalogue as committed; an empty one where there is none yet."""
    if not CATALOGUE.exists():
        return Catalog(locale="zh_Hans", project="Wuzha", fuzzy=False)
    with CATALOGUE.open("rb") as lines:
        return read_po(lines, locale="zh_Hans", abort_invalid=True)


def find_faults(wanted: Catalog, kept: Catalog) -> Iterator[str]:
    """What stands between the catalogue and a complete translation, one line for each sentence."""
    for message in wanted:
        if message.id:
            yield from find_message_faults(message, kept.get(message.id, message.context))
    for message in kept:
        if message.id and wanted.get(message.id, message.context) is None:
            yield f"nothing asks for it any more: {message.id!r}"


def find_message_faults(message: Message, translation: Message | None) -> Iterator[str]:
    """The faults of one sentence, with the place that asks for it."""
    file, line = message.locations[0]
    place = f"{file}:{line}: {message.id!r}"
    if translation is None:
        yield f"{place} is not in the catalogue"
    elif translation.fuzzy:
        yield f"{place} is marked doubtful (fuzzy)"
    elif not is_complete(translation):
        yield f"{place} has no Chinese"
    else:
        yield from (f"{place}: {error}" for error in translation.check())


def is_complete(message: Message) -> bool:
    texts = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return bool(texts) and all(text.strip() for text in texts)


def check() -> int:
    faults = list(find_faults(extract_all(), read_catalogue()))
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"messages: {len(faults)} to mend" if faults else "messages: every sentence has its Chinese")
    return 1 if faults else 0


def update() -> int:
    catalogue = read_catalogue()
    catalogue.update(extract_all(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.header_comment = (
        "# The Chinese sentences of Wuzha's pages. Mend them here; `make catalogue` adds new ones."
    )
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as lines:
        write_po(lines, catalogue, width=120, sort_output=True, include_lineno=False)
    print(f"{CATALOGUE.relative_to(ROOT)}: {len(catalogue)} sentences")
    return 0


def main() -> int:
    tasks = {"check": check, "update": update}
    task = tasks.get(sys.argv[1]) if len(sys.argv) == 2 else None
    if task is None:
        print("usage: messages.py check|update", file=sys.stderr)
        return 2
    settings.configure(USE_I18N=True)
    return task()


if __name__ == "__main__":
    sys.exit(main())
