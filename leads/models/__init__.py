"""The records of filing; one module per noun."""

from leads.models.assignments import Assignment, AuditDecision
from leads.models.attempts import Collision, FilingAttempt
from leads.models.drafts import Draft
from leads.models.lead import Lead
from leads.models.papers import Paper
from leads.models.protection import Protection, QueueEntry
from leads.models.quota import QuotaDay
from leads.models.work import FollowUp, Measurement

__all__ = [
    "Assignment",
    "AuditDecision",
    "Collision",
    "Draft",
    "FilingAttempt",
    "FollowUp",
    "Lead",
    "Measurement",
    "Paper",
    "Protection",
    "QueueEntry",
    "QuotaDay",
]
