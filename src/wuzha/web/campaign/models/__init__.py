"""What the campaign room keeps, split by subject."""

from wuzha.web.campaign.models.plans import (
    Document,
    DraftChange,
    DraftDuty,
    DraftStep,
    KindMinutes,
    PlanVersion,
)
from wuzha.web.campaign.models.records import HeldRecord, Record

__all__ = (
    "Document",
    "DraftChange",
    "DraftDuty",
    "DraftStep",
    "HeldRecord",
    "KindMinutes",
    "PlanVersion",
    "Record",
)
