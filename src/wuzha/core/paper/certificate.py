"""The certificate of a title (无诈单元证书): which unit holds which title, by which criteria, from when to when."""

from dataclasses import dataclass
from datetime import date

from wuzha.core.base.interval import Interval
from wuzha.core.paper.model import Paper, Paragraph, say_day

TITLE = "无诈单元证书"


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What a certificate tells. ``term`` are the days that were granted; ``post`` and ``by`` are whose act it is.

    ``applied_on``, ``visited_on`` and ``noticed_on`` are the steps that led to it.
    """

    unit: str
    program: str
    office: str
    criteria: str
    months: int
    term: Interval
    is_renewal: bool
    granted_on: date
    post: str
    by: str
    applied_on: date
    visited_on: date
    noticed_on: date


def write_certificate(facts: CertificateFacts) -> Paper:
    """One page in the layout of the house. It holds no figure, so nothing of it is ever counted again."""
    lines = (_say_grant(facts), _say_term(facts), _say_ground(facts), _say_act(facts), _say_end(facts))
    return Paper(
        form="certificate",
        title=TITLE,
        blocks=tuple(Paragraph((line,)) for line in lines),
        addressee=facts.unit,
        signed_by=facts.office,
        issuer=facts.office,
    )


def _say_grant(facts: CertificateFacts) -> str:
    deed = f"“{facts.program}”称号准予续期" if facts.is_renewal else f"授予你单位“{facts.program}”称号"
    return f"你单位符合《{facts.criteria}》的各项标准，{deed}。"


def _say_term(facts: CertificateFacts) -> str:
    return f"称号的有效期：{say_day(facts.term.opens)}至{say_day(facts.term.last_day)}。"


def _say_ground(facts: CertificateFacts) -> str:
    return (
        f"评定的经过：{say_day(facts.applied_on)}申请并随后自查，{say_day(facts.visited_on)}现场核查，"
        f"{say_day(facts.noticed_on)}起公示满五个工作日，没有未了结的异议。标准回看{facts.months}个月的记录。"
    )


def _say_act(facts: CertificateFacts) -> str:
    return f"作出决定的人：{facts.post} {facts.by}，{say_day(facts.granted_on)}。"


def _say_end(facts: CertificateFacts) -> str:
    return "称号暂停期间，本证书暂不作数；称号撤销的，本证书自撤销之日起作废。单位如实报案，不影响称号。"
