"""The record of a talk (约谈记录) with a unit: when, where, who, the facts by the ledger, what was said and agreed.

The facts are figures that can be opened. Names are typed by whoever was there; the lines to sign stay empty.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from wuzha.core.paper.letter import Facts, add_sources, tell_state
from wuzha.core.paper.model import Block, Heading, Paper, Paragraph, say_day

NOT_SAID = "（现场填写）"
LINE = "＿" * 6
SIGNERS = ("约谈人", "被约谈单位", "记录人")


@dataclass(frozen=True, slots=True)
class TalkSaid:
    """What a person typed. ``answers`` is what the unit said, ``agreed`` what was agreed, a paragraph each."""

    title: str
    signed_by: str
    talked_on: date
    place: str = ""
    held_by: str = ""
    present: str = ""
    recorder: str = ""
    answers: tuple[str, ...] = ()
    agreed: tuple[str, ...] = ()
    mend_by: date | None = None


def read_talk_said(told: Mapping[str, Any]) -> TalkSaid:
    """What a person typed, from the JSON of a draft."""
    words = {name: told.get(name, "") for name in ("title", "signed_by", "place", "held_by", "present", "recorder")}
    mend_by = told.get("mend_by")
    return TalkSaid(
        **words,
        talked_on=date.fromisoformat(told["talked_on"]),
        answers=tuple(told.get("answers", ())),
        agreed=tuple(told.get("agreed", ())),
        mend_by=date.fromisoformat(mend_by) if mend_by else None,
    )


def propose_talk_title(subject: str) -> str:
    return f"关于{subject}的约谈记录"


def write_talk(facts: Facts, said: TalkSaid) -> Paper:
    """The record, to be signed by hand; what is not typed is left to be filled in there."""
    paper = Paper(
        form="talk",
        title=said.title,
        blocks=tuple(_list_blocks(facts, said)),
        issuer=said.signed_by,
        sealed=False,
    )
    return add_sources(paper, facts)


def _list_blocks(facts: Facts, said: TalkSaid) -> Iterator[Block]:
    for name, words in _list_head(facts, said):
        yield Paragraph((f"{name}：{words or NOT_SAID}",))
    yield from tell_state(facts)
    yield Heading(1, "被约谈单位说明")
    yield from (Paragraph((line,)) for line in said.answers or (NOT_SAID,))
    yield Heading(1, "议定事项")
    yield from (Paragraph((line,)) for line in said.agreed or (NOT_SAID,))
    if said.mend_by:
        yield Paragraph((f"以上事项于{say_day(said.mend_by)}前办结，并书面反馈。",))
    yield Paragraph(("对以上记录有不同意见的，可以当场写明，也可以事后提出。",))
    yield from (Paragraph((f"{name}（签名）：{LINE}　　　年　月　日",)) for name in SIGNERS)


def _list_head(facts: Facts, said: TalkSaid) -> tuple[tuple[str, str], ...]:
    return (
        ("时间", say_day(said.talked_on)),
        ("地点", said.place),
        ("约谈人", said.held_by),
        ("被约谈单位", facts.subject),
        ("参加人", said.present),
        ("记录人", said.recorder),
        ("事由", f"落实《{facts.plan}》有关情况"),
    )
