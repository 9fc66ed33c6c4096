"""Papers attached to a filing, such as a copy of the licence (LEAD-11)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from core import once
from core.clock import database_now, likely_today
from core.events import note_event
from core.verdicts import ALLOWED, Refused, Verdict
from leads.choices import OPEN, PaperKind
from leads.models import Lead, Paper
from leads.services.assignments import locked_lead
from leads.sight import in_full, works_on_cases
from leads.workflow import UNTOUCHED
from policies.kinds import FieldRule, kinds_of
from policies.models import PAPERS, FieldNeed, Need
from policies.terms import Terms

MOST_PAPERS = 20
ATTACH, REMOVE = "attach_paper", "remove_paper"


def sees_papers(user: User, lead: Lead) -> bool:
    """Of those who know of a lead, the ones who see its customer in full. Asks no database."""
    return in_full(user, lead) or works_on_cases(user)


def may_attach(user: User, lead: Lead) -> Verdict:
    """Whether a person who knows of the lead may add a paper now."""
    if not user.has_perm("leads.change_lead"):
        return Verdict(_("You have no right to do this. Ask your administrator."))
    if not (in_full(user, lead) or user.standing.has("leads.scope_unit")):
        return Verdict(_("Only the person who filed the lead and the filing office attach papers."))
    if lead.progress not in OPEN:
        return Verdict(_("Not possible while the lead is: %s.") % lead.get_progress_display())
    return ALLOWED


def may_remove(user: User, paper: Paper, lead: Lead) -> Verdict:
    if paper.by_id != user.pk:
        return Verdict(_("Only the person who attached a paper can remove it."))
    if lead.progress not in UNTOUCHED or lead.credited_on:
        return Verdict(_("Papers can be removed only while the lead is merely filed."))
    return ALLOWED


def papers_needed(lead: Lead) -> dict[str, str]:
    """Which kinds of papers the lead's kinds ask for, with their `Need`: required or open."""
    rows = FieldNeed.objects.values_list("filing_kind", "customer_kind", "field", "need")
    needs = kinds_of((), [FieldRule(*row) for row in rows]).needs(lead.filing_kind, lead.customer_kind)
    if lead.policy_version:
        needs |= dict.fromkeys(Terms.from_json(lead.policy_version.body).required, Need.REQUIRED.value)
    return {name: needs[name] for name in PAPERS if needs[name] != Need.CLOSED}


def papers_missing(lead: Lead) -> str:
    """The papers that the lead's kinds or its policy require and nobody has attached, in words; "" where none is."""
    required = {name for name, need in papers_needed(lead).items() if need == Need.REQUIRED}
    missing = required - set(lead.papers.values_list("kind", flat=True))
    return str(_(", ")).join(str(PaperKind(name).label) for name in PAPERS if name in missing)


@contextmanager
def _stored(photo: Any) -> Iterator[str]:
    """Write a photo before the transaction that locks; its name in the storage. A failure takes it away again."""
    name = default_storage.save(f"papers/{likely_today():%Y/%m}/{photo.name}", photo)
    try:
        yield name
    except BaseException:
        default_storage.delete(name)
        raise


def attach(lead: Lead, *, kind: str, photo: Any, by: User, secret: str = "") -> str:
    """Add a photographed paper to an open lead; answers with the location."""
    with _stored(photo) as name, once.action(by.pk, secret) as answer:
        found = locked_lead(lead.pk)
        if not (verdict := may_attach(by, found)):
            raise Refused(verdict.reason)
        if found.papers.count() >= MOST_PAPERS:
            raise Refused(
                _("A lead takes %(most)s papers. Remove one before you attach another.") % {"most": MOST_PAPERS}
            )
        at = database_now()
        Paper.objects.create(lead=found, kind=kind, photo=name, by=by, at=at)
        note_event(found, ATTACH, by=by, at=at, changes={"paper": ["", kind]})
        answer.location = reverse("leads:papers", args=[found.number])
    return answer.location


def remove(lead: Lead, pk: int, *, by: User, secret: str = "") -> str:
    """Take a paper off again; its photo goes with it. Raises `Paper.DoesNotExist`."""
    with once.action(by.pk, secret) as answer:
        found = locked_lead(lead.pk)
        paper = found.papers.get(pk=pk)
        if not (verdict := may_remove(by, paper, found)):
            raise Refused(verdict.reason)
        photo = str(paper.photo.name)
        paper.delete()
        note_event(found, REMOVE, by=by, at=database_now(), changes={"paper": [paper.kind, ""]})
        answer.location = reverse("leads:papers", args=[found.number])
    default_storage.delete(photo)
    return answer.location
