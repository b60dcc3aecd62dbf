"""Every action of the audit log has its words: the source is walked for what is written into the log."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

import wuzha
from wuzha.adapters.wording.audit import (
    DETAILS,
    GROUPS,
    OBJECTS,
    VALUES,
    describe_action,
    describe_detail,
    describe_object,
    describe_value,
    list_kept,
    list_looks,
    load_actions,
)
from wuzha.core.supervision.mending import Step
from wuzha.web.accounts.models import Post, UnitChange
from wuzha.web.campaign.models import Look, PaperEvent, ScoreEvent, TableAct, TitleStep

PACKAGE = Path(wuzha.__file__).parent
# Whoever calls one of these names an action as its first argument, or as the argument ``action``.
WRITERS = {"write_audit", "note", "_note", "_write", "note_for"}
# The codes whose end is only known when they are written, and what the end may be.
ENDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "unit": tuple(UnitChange.Kind.values),
        "unit-change": ("announced", "withdrawn", "failed"),
        "finding": tuple(step.value for step in Step),
        "look": tuple(Look.Verdict.values),
        "measure": tuple(PaperEvent.Kind.values),
        "score": tuple(ScoreEvent.Kind.values),
        "table.line": tuple(str(value) for value, _ in TableAct._meta.get_field("deed").choices or ()),
        "title": tuple(str(value) for value, _ in TitleStep._meta.get_field("kind").choices or ()),
    }
)


def find_codes() -> Iterator[tuple[str, str]]:
    """Each code that the source writes into the log, with its place."""
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            for told in find_told(node):
                for code in read_codes(told):
                    yield code, f"{file.relative_to(PACKAGE)}:{node.lineno}"  # type: ignore[attr-defined]


def find_told(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call):
        yield from (item.value for item in node.keywords if item.arg == "action")
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        yield from node.args[:1] if name in WRITERS else ()
    elif isinstance(node, ast.Assign):
        names = {name.id for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)}
        yield from [node.value] if any(name == "action" or name.endswith("_ACTION") for name in names) else ()


def read_codes(told: ast.expr) -> Iterator[str]:
    """The codes in a text, in either side of a choice, in several at once, and in one whose end is not known."""
    match told:
        case ast.Constant(value=str() as text) if "." in text:
            yield text
        case ast.IfExp():
            yield from (*read_codes(told.body), *read_codes(told.orelse))
        case ast.Tuple():
            for one in told.elts:
                yield from read_codes(one)
        case ast.JoinedStr(values=[ast.Constant(value=str() as begin), ast.FormattedValue()]):
            known = ENDS.get(begin.rstrip(".-"), ())
            assert known, f"say in ENDS what may follow {begin}"
            yield from (begin + end for end in known)


CODES = sorted(set(find_codes()))


def test_the_source_is_read() -> None:
    found = {code for code, _ in CODES}

    assert {"record.corrected", "record.held", "plan.finding-taken-up", "measure.lifted", "unit.split"} <= found
    assert {"personal.looked-at", "log-in.failed", "table.line-returned", "paper.issued"} <= found
    assert len(found) > 100


@pytest.mark.parametrize(("code", "place"), CODES)
def test_every_action_has_words_in_both_languages(code: str, place: str) -> None:
    assert code in load_actions(), f"{place} writes {code}: say in actions.yaml what it is called"
    assert describe_action(code, "zh") not in ("", code)
    assert describe_action(code, "en") not in ("", code)


def test_no_two_actions_are_called_alike() -> None:
    for language in ("zh", "en"):
        words = [describe_action(code, language) for code in load_actions()]
        assert len(words) == len(set(words)), [word for word in words if words.count(word) > 1]


def test_chinese_words_are_chinese_and_end_without_a_stop() -> None:
    for action in load_actions().values():
        assert any("一" <= sign <= "鿿" for sign in action.zh), action.code
        assert not action.zh.endswith(("。", "！", ".")), action.code
        assert action.group in GROUPS
        assert action.keep in ("network", "personal", "deed")


def test_what_has_no_words_stands_for_itself() -> None:
    assert describe_action("never.heard-of", "zh") == "never.heard-of"
    assert describe_object("neverheardof", "zh") == "neverheardof"
    assert describe_detail("never_heard_of", "zh") == "never_heard_of"


def test_looks_and_log_ins_are_kept_under_their_own_clocks() -> None:
    assert {"personal.looked-at", "table.exported", "audit.looked-at"} <= set(list_looks())
    assert set(list_looks()) <= set(list_kept("personal"))
    assert {"log-in.done", "log-in.failed"} <= set(list_kept("network"))
    assert "record.added" in list_kept("deed")


def test_words_of_things_and_details_are_said_in_both_languages() -> None:
    assert all(zh and en for zh, en in (*OBJECTS.values(), *DETAILS.values(), *GROUPS.values()))


def test_codes_beside_an_entry_are_said_in_words_and_everything_else_as_it_is() -> None:
    assert describe_value("way", "password", "zh") == "密码"
    assert describe_value("factor", "totp", "zh") == "验证器"
    assert describe_value("role", "secretary", "en") == "Recorder"
    assert describe_value("name", "password", "zh") == "password"
    assert describe_value("way", "by hand", "zh") == "by hand"
    assert set(VALUES["role"]) == set(Post.Role.values)
    assert all(zh and en for words in VALUES.values() for zh, en in words.values())


def test_every_detail_named_where_the_log_is_written_has_a_word() -> None:
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "write_audit":
                named = {item.arg for item in node.keywords if item.arg} - {"action", "actor", "target", "at"}
                assert named <= set(DETAILS), f"{file.relative_to(PACKAGE)}:{node.lineno}: say in DETAILS what it is"


def test_whom_a_deputy_stands_in_for_is_said_in_chinese() -> None:
    assert describe_detail("for", "zh") == "代谁"
