"""Every problem of the source has its sentence in both languages, and no sentence asks for what it is not given."""

import ast
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import wuzha
from wuzha.adapters.wording.problem import SENTENCES, describe_problem, load_sentences
from wuzha.adapters.wording.words import ATTRIBUTES_EN, FIELDS, LINES_EN, UNIT_KINDS_EN, Language
from wuzha.core.base.problem import Problem, Source, make_problem
from wuzha.core.base.unit import ATTRIBUTES, LINES, UNIT_KINDS
from wuzha.core.ledger.parse import RECORD_COLUMNS

PACKAGE = Path(wuzha.__file__).parent
CODE = re.compile(
    r"([a-z][a-z-]*)\.(?!docx$|txt$|xlsx$|csv$|yaml$|sqlite3$|key$|css$|jpg$|js$|json$|geojson$|svg$|typ$)[a-z][a-z0-9-]*"
)
# Actions of the audit log are written like codes, and are none.
NO_PROBLEM = {"_note", "note", "write_audit"}
# Dotted words of other kinds: phrases of a duty's sentence, columns and tables of the database, modules, settings of
# other programs. Whatever has another first part is taken for the code of a problem, however it comes to be told.
OTHER_WORDS = {
    *("attain", "cover", "do", "goal", "keep", "narrow", "when", "who"),
    *("allauth", "codes", "factor", "log-in", "proof", "session", "user"),
    *("accounts", "auth", "campaign", "django", "jobs", "pyarrow", "pyspark", "r", "spark", "wsgi", "wuzha"),
}
# What a helper adds to the parameters that its caller names.
ADDED = {"refuse": {"key", "value"}, "check_word": {"word", "known"}, "_refuse": {"name"}}


@dataclass(frozen=True)
class Use:
    code: str
    place: str
    given: frozenset[str]
    is_open: bool


def find_uses() -> Iterator[Use]:
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (name := name_call(node)) not in NO_PROBLEM:
                given = frozenset({item.arg for item in node.keywords if item.arg} | ADDED.get(name, set()))
                is_open = name == "Problem" or any(item.arg is None for item in node.keywords)
                for code in find_codes(node):
                    yield Use(code, f"{file.relative_to(PACKAGE)}:{node.lineno}", given, is_open)


def find_words(node: ast.AST) -> Iterator[str]:
    """Every text below the node, but for what is written into the audit log."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if not names_action(node):
        for child in ast.iter_child_nodes(node):
            yield from find_words(child)


def names_action(node: ast.AST) -> bool:
    """``_note("plan.issue")``, ``action="demo.load"`` and ``action = "record.added"``."""
    if isinstance(node, ast.Assign):
        return any(name == "action" or name.endswith("_ACTION") for name in find_targets(node))
    if isinstance(node, ast.keyword):
        return node.arg == "action"
    return isinstance(node, ast.Call) and name_call(node) in NO_PROBLEM


def find_targets(node: ast.Assign) -> set[str]:
    """The names that something is given to, also two at once."""
    return {name.id for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)}


def find_all_codes() -> dict[str, str]:
    """Whatever is written like the code of a problem, with a file that holds it."""
    found = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        for word in find_words(ast.parse(file.read_text(encoding="utf-8"))):
            if is_code(word):
                found[word] = str(file.relative_to(PACKAGE))
    return found


def name_call(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def find_codes(node: ast.Call) -> Iterator[str]:
    """Codes among the positional arguments, also where one of two is chosen; not those of a call inside this one."""
    for argument in node.args:
        parts = [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
        for part in parts:
            if isinstance(part, ast.Constant) and isinstance(part.value, str) and is_code(part.value):
                yield part.value


def is_code(text: str) -> bool:
    family = CODE.fullmatch(text)
    return family is not None and family[1] not in OTHER_WORDS


USES = tuple(find_uses())
TABLE = load_sentences()


def list_parameters(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_the_search_finds_the_codes_of_every_room() -> None:
    assert len({use.code for use in USES}) > 80
    assert {use.code.split(".")[0] for use in USES} >= {"document", "plan", "record", "roster"}


def test_every_code_of_the_source_has_its_sentences() -> None:
    assert {use.code: use.place for use in USES if use.code not in TABLE} == {}


def test_every_code_has_its_sentences_however_it_comes_to_be_told() -> None:
    codes = find_all_codes()

    assert set(codes) >= {"question.who", "reading.actor-unknown", "plan.who-nobody", "record.conflict"}
    assert {code: place for code, place in codes.items() if code not in TABLE} == {}


def test_no_code_is_put_together_from_pieces() -> None:
    """A code that is never written out could not be found by this search, nor by anybody who reads the source."""
    beginnings = tuple(f"{family}." for family in sorted({code.split(".")[0] for code in TABLE}))
    texts = {
        (file.name, word)
        for file in sorted(PACKAGE.rglob("*.py"))
        for word in find_words(ast.parse(file.read_text(encoding="utf-8")))
        if word in beginnings
    }

    assert texts == set()


@pytest.mark.parametrize("code", sorted(TABLE))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_sentence_shows_its_code(code: str, language: Language) -> None:
    assert code not in describe_problem(Problem(code), language)


def test_no_sentence_is_left_over() -> None:
    source = "\n".join(file.read_text(encoding="utf-8") for file in PACKAGE.rglob("*.py"))

    assert [code for code in TABLE if f'"{code}"' not in source] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_sentence_is_written_in_both_languages(language: str) -> None:
    short = [code for code, words in TABLE.items() if len(words.get(language, "").strip()) < 6]

    assert short == []
    assert [code for code, words in TABLE.items() if set(words) != {"zh", "en"}] == []


def test_both_languages_name_the_same_values() -> None:
    uneven = {
        code: (list_parameters(words["zh"]), list_parameters(words["en"]))
        for code, words in TABLE.items()
        if list_parameters(words["zh"]) != list_parameters(words["en"])
    }

    assert uneven == {}


def test_no_sentence_asks_for_a_value_that_its_problem_does_not_carry() -> None:
    unfilled = {
        use.place: (use.code, lacking)
        for use in USES
        if not use.is_open and (lacking := list_parameters(TABLE[use.code]["zh"]) - use.given)
    }

    assert unfilled == {}


def test_no_code_stands_in_two_files() -> None:
    folder = PACKAGE / "adapters/wording"
    codes = re.findall(
        r"(?m)^([a-z]+\.[a-z0-9-]+):", "\n".join((folder / name).read_text("utf-8") for name in SENTENCES)
    )

    assert sorted({code for code in codes if codes.count(code) > 1}) == []
    assert set(codes) == set(TABLE)


def test_every_kind_line_attribute_and_field_has_its_english() -> None:
    assert (set(UNIT_KINDS_EN), set(LINES_EN), set(ATTRIBUTES_EN)) == (set(UNIT_KINDS), set(LINES), set(ATTRIBUTES))
    assert set(RECORD_COLUMNS) <= set(FIELDS)


def test_a_problem_says_where_then_what_then_how_to_mend() -> None:
    source = Source(document="花名册.xlsx", sheet="青石镇", row=7, column="常住人口")
    problem = make_problem("roster.not-a-number", source, value="约两千")

    assert describe_problem(problem) == (
        "《花名册.xlsx》“青石镇”表第 7 行“常住人口”列：“约两千”不是数字。请只填数字，不知道就留空。"
    )
    assert describe_problem(problem, "en") == (
        "花名册.xlsx, sheet “青石镇”, row 7, column “常住人口”: “约两千” is no number. "
        "Put figures only, or leave it empty if it is not known."
    )


def test_a_code_without_a_sentence_still_shows_what_is_known() -> None:
    assert describe_problem(make_problem("nowhere.known", value=3)) == "nowhere.known value=3"


def test_a_plans_own_keys_are_said_in_the_words_of_the_form_too() -> None:
    problem = make_problem("plan.key-for-verb-missing", key="at_least/at_most", verb="cover")

    assert describe_problem(problem).startswith("“覆盖（cover）”的任务要写明“不少于（at_least）/不超过（at_most）”。")
    assert describe_problem(problem, "en").startswith("The verb cover needs “at_least/at_most”")


def test_a_key_that_the_plan_language_does_not_know_stays_as_it_was_typed() -> None:
    assert "“atleast”" in describe_problem(make_problem("plan.key-unknown", key="atleast", known="at_least"))


def test_a_mistake_in_a_plan_file_names_the_key_as_it_is_written() -> None:
    problem = make_problem(
        "plan.unit-kind-unknown", Source("方案.yaml", line=5, key="kind"), word="vilage", known="village"
    )

    assert describe_problem(problem).startswith("《方案.yaml》第 5 行“单位类型（kind）”：")
    assert describe_problem(problem, "en").startswith("方案.yaml, line 5, “kind”: ")
