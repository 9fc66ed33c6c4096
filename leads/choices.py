"""The words of the workflow, as `domain.md` has them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Progress(models.TextChoices):
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


ACTIVE = (Hold.PENDING, Hold.PROTECTED)
"""The states of a protection that runs, and of the leads under it."""
ENDED = (Hold.EXPIRED, Hold.RELEASED, Hold.VOIDED)


class Ending(models.TextChoices):
    """Why a protection ended."""

    RUN_OUT = "run_out", _("the time ran out")
    IDLE = "idle", _("no follow-up in time")
    WITHDRAWN = "withdrawn", _("the filing was withdrawn")
    LET_GO = "let_go", _("the filer let go")
    COMPETITOR = "competitor", _("the customer signed with a competitor")
    REFUSED = "refused", _("the filing was not approved")
    FALSE = "false", _("the filing proved false")
    REVERSED = "reversed", _("the deposit was reversed")
    MERGED = "merged", _("the customer was merged")


class Waiting(models.TextChoices):
    """What became of a place in a queue."""

    WAITING = "waiting", _("waiting")
    PROMOTED = "promoted", _("took over")
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


class Gender(models.TextChoices):
    MALE = "male", _("male")
    FEMALE = "female", _("female")


class CustomerCategory(models.TextChoices):
    NEW = "new", _("new customer")
    EXISTING = "existing", _("existing customer")
    POTENTIAL = "potential", _("potential customer")


class CrossRegionCase(models.TextChoices):
    """The cases in which a filing into another region is allowed (preset `territory`)."""

    DESIGN = "design", _("a design institute or group designs a new product for several regions")
    TENDER = "tender", _("a joint tender, bought separately")
    CONTRACTOR = "contractor", _("a contractor buys for the owner")


class PaperKind(models.TextChoices):
    ID_CARD = "id_card_copy", _("copy of the ID card")
    LICENCE = "licence_copy", _("copy of the business licence")
    LEGAL_ID = "legal_id_copy", _("copy of the legal representative's ID card")
    OTHER = "other", _("other")


class CollisionState(models.TextChoices):
    """What a person said of two filings that met; `open` while nobody has."""

    OPEN = "open", _("to be looked at")
    SAME = "same", _("the same customer")
    DIFFERENT = "different", _("different customers")


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
    PREVIEW = "preview", _("import preview")
    IMPORT = "import", _("import")
    DEPOSIT = "deposit", _("deposit")
