"""The day's rows, from source to delivery."""

from newsletter.models.delivery import Delivery, DeliveryEvent, DeliveryState, Edition
from newsletter.models.issue import Block, BlockRevision, Citation, Finding, Issue, IssueState
from newsletter.models.lexicon import LexiconEntry
from newsletter.models.newsletter import Newsletter
from newsletter.models.receipt import ModelBatch, ModelCall
from newsletter.models.run import Run
from newsletter.models.source import Article, Source, SourceList
from newsletter.models.story import Keyword, Ranking, Story

__all__ = [
    "Article",
    "Block",
    "BlockRevision",
    "Citation",
    "Delivery",
    "DeliveryEvent",
    "DeliveryState",
    "Edition",
    "Finding",
    "Issue",
    "IssueState",
    "Keyword",
    "LexiconEntry",
    "ModelBatch",
    "ModelCall",
    "Newsletter",
    "Ranking",
    "Run",
    "Source",
    "SourceList",
    "Story",
]
