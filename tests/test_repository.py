"""What the repository promises of itself: an innocent core, short functions, documents that keep up with the code."""

import ast
import json
import re
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from wuzha.adapters.sample.people import LOG_INS, PASSWORD
from wuzha.adapters.wording.words import describe_status
from wuzha.cli.assess import assess
from wuzha.core.assessment.model import Status
from wuzha.core.base.windows import Cadence
from wuzha.core.duty.kinds import VERBS
from wuzha.core.plan.build import build_plan
from wuzha.core.plan.language import BASES, DUTY_KEYS, MEASURES, PLAN_KEYS, ROADS
from wuzha.web.accounts.templatetags.wuzha import status as mark_status

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src/wuzha"
CORE = SOURCE / "core"
WEB = SOURCE / "web"
DOCS = ROOT / "docs"
READMES = ("README.md", "README.zh-CN.md")

# Standard library, yet not for the core: it has no clock, no chance, no log, no files, no network, no processes.
BANNED_MODULES = frozenset(
    {
        "asyncio",
        "http",
        "io",
        "logging",
        "multiprocessing",
        "os",
        "pathlib",
        "random",
        "secrets",
        "shutil",
        "socket",
        "sqlite3",
        "subprocess",
        "tempfile",
        "threading",
        "time",
        "urllib",
    }
)
BANNED_CALLS = frozenset({"__import__", "breakpoint", "eval", "exec", "input", "open", "print"})
BANNED_METHODS = frozenset({"now", "today", "utcnow", "uuid1", "uuid4"})

# Django reads lists from the settings. The others hold tables from before the rule; none is ever written to.
MAY_HOLD_MUTABLE = frozenset(
    {
        "settings.py",
    }
)

GLOSSARY = {
    "plan",
    "clause",
    "duty",
    "obligation",
    "standing",
    "record",
    "evidence",
    "site",
    "unit",
    "area",
    "line",
    "attribute",
    "material",
    "tactic",
    "advisory",
    "warning",
    "dissuasion",
    "case",
    "supervision",
    "notice",
    "title",
    "awareness",
    "discernment",
}


def list_modules(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*.py") if "migrations" not in file.parts)


def name_place(file: Path, node: ast.stmt | ast.expr) -> str:
    return f"{file.relative_to(ROOT)}:{node.lineno}"


def walk(file: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(file.read_text(encoding="utf-8")))


def list_imports(file: Path) -> Iterator[tuple[str, str]]:
    """Each imported module's name with its place."""
    for node in walk(file):
        if isinstance(node, ast.Import):
            yield from ((alias.name, name_place(file, node)) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", name_place(file, node)


def is_banned_call(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name in BANNED_CALLS
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in BANNED_METHODS
        case _:
            return False


def count_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from ``def`` to the end, without the docstring: to explain oneself is free."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return lines - ((first.end_lineno or first.lineno) - first.lineno + 1) if is_docstring else lines


@cache
def measure_functions() -> dict[str, int]:
    """The length of every function of the product, by its place."""
    return {
        f"{name_place(file, node)} {node.name}": count_lines(node)
        for file in list_modules(SOURCE)
        for node in walk(file)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def read_targets() -> dict[str, str]:
    """The Makefile's targets, each with what it needs first."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z]+):([^#=\n]*)", makefile, re.MULTILINE))


def list_documents() -> list[Path]:
    return [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]


def test_the_core_imports_only_the_innocent_part_of_the_standard_library() -> None:
    allowed = sys.stdlib_module_names - BANNED_MODULES
    strangers = [
        f"{place} {name}"
        for file in list_modules(CORE)
        for name, place in list_imports(file)
        if not name.startswith("wuzha.core") and name.split(".")[0] not in allowed
    ]
    assert not strangers


def test_the_core_reads_no_clock_draws_no_lots_and_opens_no_file() -> None:
    calls = [
        name_place(file, node)
        for file in list_modules(CORE)
        for node in walk(file)
        if isinstance(node, ast.Call) and is_banned_call(node)
    ]
    assert not calls


@pytest.mark.parametrize("line", ["open('x')", "date.today()", "datetime.now(tz=UTC)", "uuid.uuid4()", "print(1)"])
def test_the_guard_of_the_core_sees_what_it_looks_for(line: str) -> None:
    assert any(is_banned_call(node) for node in ast.walk(ast.parse(line)))


def reads_clock(node: ast.AST) -> bool:
    """A call that asks what time it is; ``localdate(now)`` only says the day of a moment that is already known."""
    match node:
        case ast.Call(func=ast.Attribute(attr="now" | "today" | "utcnow")):
            return True
        case ast.Call(func=ast.Attribute(attr="localdate" | "localtime"), args=[], keywords=[]):
            return True
        case _:
            return False


def test_the_pages_read_the_clock_in_one_place() -> None:
    readers = {
        file.relative_to(WEB).as_posix() for file in list_modules(WEB) if any(reads_clock(node) for node in walk(file))
    }
    assert readers == {"accounts/clock.py"}


def is_mutable(value: ast.expr | None) -> bool:
    """A display or a call that makes something whose content can be changed."""
    match value:
        case ast.Dict() | ast.List() | ast.Set() | ast.DictComp() | ast.ListComp() | ast.SetComp():
            return True
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in {"dict", "list", "set", "defaultdict", "deque", "Counter", "OrderedDict", "bytearray"}
        case _:
            return False


def list_mutable_constants(code: str) -> Iterator[str]:
    """The names that a module gives to mutable values, but for those that Django asks to be lists."""
    for node in ast.parse(code).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and is_mutable(node.value):
            names = [
                ast.unparse(target) for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            ]
            yield from (name for name in names if name != "urlpatterns")


def test_no_module_holds_a_constant_that_can_be_changed() -> None:
    found = {
        f"{file.relative_to(SOURCE)}: {name}"
        for file in list_modules(SOURCE)
        for name in list_mutable_constants(file.read_text(encoding="utf-8"))
        if file.relative_to(SOURCE).as_posix() not in MAY_HOLD_MUTABLE
    }
    assert not found


@pytest.mark.parametrize(
    ("line", "found"),
    [("A = {}", ["A"]), ("A: dict[str, int] = {'a': 1}", ["A"]), ("A = [x for x in B]", ["A"]), ("A = ()", [])],
)
def test_the_guard_of_constants_sees_what_it_looks_for(line: str, found: list[str]) -> None:
    assert list(list_mutable_constants(line)) == found


def test_a_view_fetches_through_access_and_queries_only() -> None:
    views = [file for file in list_modules(WEB) if file.stem == "views" or file.parent.name == "views"]
    fetches = [
        name_place(file, node)
        for file in views
        for node in walk(file)
        if isinstance(node, ast.Attribute) and node.attr == "objects"
    ]
    assert views
    assert not fetches


@pytest.mark.parametrize(("room", "found"), [("core/base", 1), ("adapters", 0)])
def test_ruff_bans_the_clock_in_the_core_and_only_there(room: str, found: int) -> None:
    ruff = Path(sys.executable).parent / "ruff"
    place = f"src/wuzha/{room}/clock.py"
    code = "from datetime import date\n\nprint(date.today())\n"
    answer = subprocess.run(
        [ruff, "check", "--no-cache", "--select", "TID251", "--stdin-filename", place, "-"],
        input=code,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == found, answer.stdout


def test_half_of_all_functions_fit_in_eight_lines_and_nine_in_ten_in_twenty_five() -> None:
    lengths = sorted(measure_functions().values())
    assert statistics.median(lengths) <= 8
    assert lengths[int(len(lengths) * 0.9)] <= 25


def test_no_function_is_longer_than_sixty_lines() -> None:
    assert not {place: length for place, length in measure_functions().items() if length > 60}


def test_every_dependency_has_its_line_of_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"].values()
    wanted = [*project["project"]["dependencies"], *(line for group in groups for line in group)]
    names = {re.split(r"[\[<>=~! ]", line)[0] for line in wanted if isinstance(line, str)}
    packages = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    listed = re.findall(
        r"^\| `([\w.-]+)` \|[^|\n]*[^|\s][^|\n]*\|", (DOCS / "dependencies.md").read_text("utf-8"), re.MULTILINE
    )
    assert sorted(listed) == sorted([*names, *(f"npm.{package}" for package in packages)])


def test_the_glossary_holds_every_word_of_the_design() -> None:
    listed = re.findall(r"`(\w+)`", (DOCS / "glossary.md").read_text(encoding="utf-8"))
    assert not GLOSSARY - set(listed)


def test_the_pages_call_each_status_what_the_glossary_calls_it() -> None:
    rows = re.findall(r"^\| (\S+) \| `(\w+)` \|", (DOCS / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE)
    words = {identifier: word for word, identifier in rows}
    assert [mark_status(status)["word"] for status in Status] == [words[status] for status in Status]
    assert [describe_status(status) for status in Status] == [words[status] for status in Status]


def test_the_command_line_calls_each_status_what_the_pages_call_it() -> None:
    told = re.findall(r"状态：([^。]+)。", assess.help or "")[0].split("、")
    assert set(told) == {describe_status(status) for status in Status}


@pytest.mark.parametrize("readme", READMES)
def test_the_commands_of_the_readme_are_make_targets(readme: str) -> None:
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", (ROOT / readme).read_text(encoding="utf-8"), re.MULTILINE))
    assert {"run", "test"} <= named <= set(read_targets())


@pytest.mark.parametrize("readme", READMES)
def test_the_readme_names_the_sample_log_ins_and_their_password(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    assert f"`{PASSWORD}`" in text
    assert re.findall(r"^\| `(\w+)` \|[^|\n]*\|[^|\n]*\|$", text, re.MULTILINE) == [one.username for one in LOG_INS]


def test_both_readmes_have_the_same_shape() -> None:
    shapes = [
        re.findall(r"^(#+) |^(```\w*)|^(\|)|!\[[^\]]*\]\(([^)]*)\)", (ROOT / name).read_text("utf-8"), re.MULTILINE)
        for name in READMES
    ]
    assert shapes[0] == shapes[1]


def test_what_runs_before_a_merge_is_the_check_of_the_desk() -> None:
    assert "make check" in (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert read_targets()["check"].split() == ["static", "test"]
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\nstatic:")[2].partition("\n\n")[0]
    assert "/mypy &" in recipe
    assert "lint contracts migrations messages;" in recipe
    assert "wait $$types && exit $$others" in recipe, "neither of the two is forgotten"


@pytest.mark.parametrize("document", list_documents(), ids=lambda file: str(file.relative_to(ROOT)))
def test_every_link_in_the_documents_leads_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#\s]+)", text) + re.findall(r'(?:src|href)="([^"#]+)"', text)
    assert not [link for link in links if "://" not in link and not (document.parent / link).exists()]


def test_no_page_loads_anything_from_another_host() -> None:
    pages = [
        *SOURCE.rglob("templates/**/*.html"),
        *(SOURCE / "web/static").glob("*.css"),
        *(SOURCE / "web/static").glob("*.js"),
    ]
    foreign = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//|url\(["']?(?:https?:)?//|@import\s+["']?https?:""")
    assert not [str(page.relative_to(ROOT)) for page in pages if foreign.search(page.read_text(encoding="utf-8"))]


def test_every_setting_is_explained_to_whoever_deploys() -> None:
    settings = (SOURCE / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r"env\.\w+\(\"(\w+)\"", settings))
    assert read
    assert read == set(re.findall(r"^\| `WUZHA_(\w+)` \|", (DOCS / "deploy.md").read_text("utf-8"), re.MULTILINE))


def read_plan_language() -> str:
    return (DOCS / "plan-language.md").read_text(encoding="utf-8")


def test_the_plan_language_page_explains_every_word() -> None:
    rows = "\n".join(re.findall(r"^\|.*", read_plan_language(), re.MULTILINE))
    words = {*PLAN_KEYS, *DUTY_KEYS, *MEASURES, *BASES, *ROADS, *Cadence, *Status}
    assert not words - set(re.findall(r"`([\w-]+)`", rows))


def test_the_plan_language_page_says_which_keys_each_verb_takes() -> None:
    rows = re.findall(r"^\| `(\w+)` \|[^|\n]*\|[^|\n]*\|([^|\n]*)\|$", read_plan_language(), re.MULTILINE)
    own = {"sum", "through", "along", "grade", "where", "for", "seen_every"}
    explained = {verb: set(re.findall(r"`(\w+)`", keys)) for verb, keys in rows}
    assert explained == {verb.name: set(verb.takes & own) for verb in VERBS.values()}


def test_the_example_of_the_plan_language_page_is_a_plan_without_a_mistake() -> None:
    example = re.findall(r"```yaml\n(.*?)```", read_plan_language(), re.DOTALL)[0]
    plan, problems = build_plan(yaml.safe_load(example))
    assert not problems
    assert plan is not None
    assert {duty.verb for duty in plan.duties} == set(VERBS)
