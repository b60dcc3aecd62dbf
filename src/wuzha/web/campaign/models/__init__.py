"""What the campaign room keeps, split by subject."""

from wuzha.web.campaign.models.append import append_rows
from wuzha.web.campaign.models.briefings import BriefingStart, PictureLook, PublicCopy
from wuzha.web.campaign.models.calendar import CalendarDay
from wuzha.web.campaign.models.evidence import Evidence
from wuzha.web.campaign.models.inspections import (
    ChecklistEntry,
    FindingEvent,
    InspectionDraw,
    InspectionFinding,
    InspectionReport,
    InspectionRound,
    InspectionVisit,
    VisitCalledOff,
)
from wuzha.web.campaign.models.kinds import OwnKind
from wuzha.web.campaign.models.looks import Look
from wuzha.web.campaign.models.measures import LadderVersion, Measure, PaperEvent
from wuzha.web.campaign.models.monthly import TableAct, TableCall, TableSheet, TableUpload
from wuzha.web.campaign.models.papers import DraftPaper, IssuedPaper, Restatement
from wuzha.web.campaign.models.plans import (
    Document,
    DraftChange,
    DraftDuty,
    DraftStep,
    KindMinutes,
    PlanVersion,
)
from wuzha.web.campaign.models.records import HeldRecord, Record
from wuzha.web.campaign.models.roads import GroundUpload, Outline, Road, SitePlace
from wuzha.web.campaign.models.rounds import SubjectList
from wuzha.web.campaign.models.scores import DraftScorecard, Scorecard, ScoreEvent
from wuzha.web.campaign.models.sheets import RecordUpload
from wuzha.web.campaign.models.titles import TitleCertificate, TitleCriteria, TitleProgram, TitleStep
from wuzha.web.campaign.models.waivers import DutyWaiver

__all__ = (
    "BriefingStart",
    "CalendarDay",
    "ChecklistEntry",
    "Document",
    "DraftChange",
    "DraftDuty",
    "DraftPaper",
    "DraftScorecard",
    "DraftStep",
    "DutyWaiver",
    "Evidence",
    "FindingEvent",
    "GroundUpload",
    "HeldRecord",
    "InspectionDraw",
    "InspectionFinding",
    "InspectionReport",
    "InspectionRound",
    "InspectionVisit",
    "IssuedPaper",
    "KindMinutes",
    "LadderVersion",
    "Look",
    "Measure",
    "Outline",
    "OwnKind",
    "PaperEvent",
    "PictureLook",
    "PlanVersion",
    "PublicCopy",
    "Record",
    "RecordUpload",
    "Restatement",
    "Road",
    "ScoreEvent",
    "Scorecard",
    "SitePlace",
    "SubjectList",
    "TableAct",
    "TableCall",
    "TableSheet",
    "TableUpload",
    "TitleCertificate",
    "TitleCriteria",
    "TitleProgram",
    "TitleStep",
    "VisitCalledOff",
    "append_rows",
)
