"""The day's rows, from source to delivery."""

from newsletter.models.clicks import LinkClicks
from newsletter.models.correction import Correction, Reply
from newsletter.models.delivery import Delivery, DeliveryEvent, DeliveryState, Edition, Pause, PauseReason
from newsletter.models.issue import Block, BlockRevision, Citation, Finding, FindingWord, Issue, IssueState
from newsletter.models.lexicon import LexiconEntry
from newsletter.models.newsletter import DeadlinePolicy, Logo, Newsletter
from newsletter.models.proposal import Proposal
from newsletter.models.receipt import ModelBatch, ModelCall
from newsletter.models.review import Approval, EditorMail, LinkCheck, Move, TrialGroup, TrialMail, Waiver
from newsletter.models.run import Heartbeat, Run
from newsletter.models.source import Article, Source, SourceList, SourceVisit
from newsletter.models.story import Keyword, Ranking, Story

__all__ = [
    "Approval",
    "Article",
    "Block",
    "BlockRevision",
    "Citation",
    "Correction",
    "DeadlinePolicy",
    "Delivery",
    "DeliveryEvent",
    "DeliveryState",
    "Edition",
    "EditorMail",
    "Finding",
    "FindingWord",
    "Heartbeat",
    "Issue",
    "IssueState",
    "Keyword",
    "LexiconEntry",
    "LinkCheck",
    "LinkClicks",
    "Logo",
    "ModelBatch",
    "ModelCall",
    "Move",
    "Newsletter",
    "Pause",
    "PauseReason",
    "Proposal",
    "Ranking",
    "Reply",
    "Run",
    "Source",
    "SourceList",
    "SourceVisit",
    "Story",
    "TrialGroup",
    "TrialMail",
    "Waiver",
]
