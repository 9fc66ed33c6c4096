"""The words of the workflow, as `domain.md` has them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Progress(models.TextChoices):
    DRAFT = "draft", _("draft")
    FILED = "filed", _("filed")
    RETURNED = "returned", _("returned")
    ASSIGNED = "assigned", _("assigned")
    DEPOSIT = "deposit", _("deposit paid")
    WON = "won", _("won")
    WITHDRAWN = "withdrawn", _("withdrawn")
    REJECTED = "rejected", _("rejected")
    LOST = "lost", _("lost")


CLOSED = (Progress.WITHDRAWN, Progress.REJECTED, Progress.LOST)
OPEN = (Progress.FILED, Progress.RETURNED, Progress.ASSIGNED, Progress.DEPOSIT, Progress.WON)


class Hold(models.TextChoices):
    PENDING = "pending", _("waits for approval")
    PROTECTED = "protected", _("protected")
    EXPIRED = "expired", _("expired")
    RELEASED = "released", _("released")
    VOIDED = "voided", _("voided")
    QUEUED = "queued", _("queued")
    CANCELLED = "cancelled", _("cancelled")


class AuditStatus(models.TextChoices):
    UNAUDITED = "unaudited", _("unaudited")
    SUCCESS = "success", _("success")
    FAILURE = "failure", _("failure")


class Result(models.TextChoices):
    """What a row of `AuditDecision` says; `reopened` takes the newest decision back."""

    SUCCESS = "success", _("success")
    FAILURE = "failure", _("failure")
    REOPENED = "reopened", _("reopened")


class AssignmentProgress(models.TextChoices):
    ASSIGNED = "assigned", _("assigned")
    DEPOSIT = "deposit", _("deposit paid")


class FollowUpStatus(models.TextChoices):
    WAITING = "waiting", _("to be followed up")
    CONTINUE = "continue", _("keep following")
    ACTIVE = "active", _("following")
    VISITED = "visited", _("came to the showroom")
    SIGNED = "signed", _("signed")
    GIVEN_UP = "given_up", _("given up")


class FollowUpKind(models.TextChoices):
    CALL = "call", _("call")
    VISIT = "visit", _("visit")
    WECHAT = "wechat", _("WeChat")
    EMAIL = "email", _("e-mail")
    OTHER = "other", _("other")


class Answer(models.TextChoices):
    """The verdict on a claim to a customer."""

    FREE = "free", _("free")
    OWN = "own", _("yours already")
    TAKEN = "taken", _("taken")
    UNCLEAR = "unclear", _("unclear")


class Door(models.TextChoices):
    """Through which door a filing or check was tried."""

    CHECK = "check", _("check")
    FORM = "form", _("form")
    EDIT = "edit", _("edit")
    IMPORT = "import", _("import")
