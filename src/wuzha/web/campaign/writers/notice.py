"""A notice: typed whole, and counted from nothing."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from wuzha.core.paper.notice import read_notice_said, write_notice
from wuzha.web.campaign.forms.paper_words import NoticeForm
from wuzha.web.campaign.queries.papers import Recount, find_office_words
from wuzha.web.campaign.writers.model import Writer, dress

OPENING = "现将有关事项通知如下。"


class NoticeWriter(Writer):
    words_form = NoticeForm
    note = _("Free words to units below, in the layout of an official paper.")
    is_counted = False

    def propose(self) -> Mapping[str, Any] | None:
        words = find_office_words(self.ask.office, self.ask.form)
        return {"title": "关于有关工作的通知", "addressee": "各有关单位", "body": [OPENING], **words}

    def draw(self, said: Mapping[str, Any]) -> Recount:
        return dress(Recount(write_notice(read_notice_said(said)), {}), said)
