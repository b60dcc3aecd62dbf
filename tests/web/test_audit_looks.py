"""A look at personal data is noted with its reason before anything is shown, in the log that is sealed."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.web.cast import Cast
from wuzha.adapters.wording.problem import describe_problem
from wuzha.web.accounts import audit
from wuzha.web.accounts.audit import LookReason, Why, check_why, note_look
from wuzha.web.accounts.models import AuditEntry

NOW = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)
WHY = Why(LookReason.COMPLAINT, "  核对投诉人留的电话  ")


def test_a_look_says_who_looked_at_whose_data_and_why(cast: Cast) -> None:
    note_look(actor=cast.officer, target=cast.secretary, what="phone", why=WHY, now=NOW)

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.at) == ("personal.looked-at", cast.officer, NOW)
    assert (entry.object_type, entry.object_id) == ("user", str(cast.secretary.pk))
    assert entry.details == {"what": "phone", "reason": "complaint", "words": "核对投诉人留的电话"}


@pytest.mark.parametrize(
    ("why", "code"),
    [
        (Why("", "核对投诉人留的电话"), "audit.reason-missing"),
        (Why("curiosity", "核对投诉人留的电话"), "audit.reason-missing"),
        (Why(LookReason.DUTY, "   看看 "), "audit.words-missing"),
        (Why(LookReason.DUTY, "核" * 201), "audit.words-long"),
    ],
)
def test_without_a_reason_and_words_nothing_is_noted_and_nothing_may_be_shown(cast: Cast, why: Why, code: str) -> None:
    assert [problem.code for problem in check_why(why)] == [code]
    with pytest.raises(ValueError, match=code):
        note_look(actor=cast.officer, target=cast.secretary, what="phone", why=why, now=NOW)
    assert not AuditEntry.objects.exists()


def test_what_is_missing_is_said_all_at_once() -> None:
    told = [describe_problem(problem, "zh") for problem in check_why(Why("", ""))]

    assert len(told) == 2
    assert "查看理由" in told[0]
    assert "至少 4 个字" in told[1]


def test_a_look_is_sealed_as_everything_else(cast: Cast) -> None:
    note_look(actor=cast.officer, target=cast.secretary, what="phone", why=WHY, now=NOW)

    assert audit.seal_entries(now=NOW + timedelta(hours=1)) == 1
