"""Papers attached to a filing (LEAD-11): who sees, attaches and removes them, what is kept and what is missing."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import Settings

from accounts.models import Unit, User
from core.models import Event
from core.once import new_key
from leads.choices import Progress
from leads.models import Lead, Paper
from leads.services.papers import MOST_PAPERS
from policies.models import FieldNeed
from tests.factories import MORNING, AssignmentFactory, LeadFactory
from tests.leads.sent import address, picture
from tests.test_statements import costs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
FILED = {
    "agent": 200,
    "colleague": 404,
    "stranger": 404,
    "partner": 404,
    "manager": 404,
    "idle_manager": 404,
    "auditor": 404,
    "seller": 404,
    "other_seller": 404,
    "measurer": 404,
    "office": 200,
    "executive": 404,
    "administrator": 404,
}
ASSIGNED = FILED | {"auditor": 200, "seller": 200}
ATTACHING = FILED | {"agent": 302, "office": 302, "auditor": 403, "seller": 403}


@pytest.fixture
def lead(agent: User) -> Lead:
    return LeadFactory(filer=agent)


@pytest.fixture
def assigned(agent: User, store: Unit) -> Lead:
    return AssignmentFactory(lead__filer=agent, store=store).lead


def attaching(user: User, **changed: Any) -> dict[str, Any]:
    said = {"once": new_key(user.pk, "PaperForm"), "kind": "licence_copy", "photo": picture()}
    return {name: value for name, value in (said | changed).items() if value is not None}


def removing(user: User) -> dict[str, str]:
    return {"once": new_key(user.pk, "RemovePaperForm")}


def paper_of(lead: Lead, by: User, kind: str = "licence_copy") -> Paper:
    return Paper.objects.create(lead=lead, kind=kind, photo=picture(), by=by, at=MORNING)


def files_in(settings: Settings) -> int:
    return sum(path.is_file() for path in Path(settings.MEDIA_ROOT).rglob("*"))


def answers_to(client: Client, paper: Paper) -> set[int]:
    """What the list of papers and the picture answer."""
    places = (address(paper.lead, "papers"), address(paper.lead, "paper", paper.pk))
    answers = [client.get(place) for place in places]
    assert all(answer.getvalue() for answer in answers)
    return {answer.status_code for answer in answers}


@pytest.mark.parametrize("who", FILED)
def test_papers_of_a_filed_lead_are_seen_by_exactly_these(request, client, lead, agent, who):
    paper = paper_of(lead, agent)
    client.force_login(request.getfixturevalue(who))

    assert answers_to(client, paper) == {FILED[who]}


@pytest.mark.parametrize("who", ASSIGNED)
def test_papers_of_an_assigned_lead_are_seen_by_exactly_these(request, client, assigned, agent, who):
    paper = paper_of(assigned, agent)
    client.force_login(request.getfixturevalue(who))

    assert answers_to(client, paper) == {ASSIGNED[who]}


@pytest.mark.parametrize("who", ATTACHING)
def test_papers_are_attached_by_exactly_these(request, client, assigned, settings, who):
    user = request.getfixturevalue(who)
    client.force_login(user)

    response = client.post(address(assigned, "papers"), attaching(user))

    made = 1 if ATTACHING[who] == 302 else 0
    assert response.status_code == ATTACHING[who]
    assert (Paper.objects.count(), files_in(settings)) == (made, made)


def test_buttons_of_the_lead_lead_to_the_papers_of_those_who_see_them(client, lead, agent, manager):
    def linked(user: User) -> bool:
        client.force_login(user)
        return f'href="{address(lead, "papers")}"' in client.get(lead.get_absolute_url()).content.decode()

    assert (linked(agent), linked(manager)) == (True, False)
    shown_in_full = client.post(address(lead, "reveal")).content.decode()
    assert f'href="{address(lead, "papers")}"' not in shown_in_full


def test_attached_paper_is_written_anew_and_told_in_the_history(client, lead, agent):
    client.force_login(agent)
    photo = with_place()

    response = client.post(address(lead, "papers"), attaching(agent, photo=photo, by="9", lead="9"))

    paper = Paper.objects.get()
    assert response["Location"] == address(lead, "papers")
    assert (paper.lead, paper.kind, paper.by) == (lead, "licence_copy", agent)
    assert re.fullmatch(r"papers/\d{4}/\d\d/[0-9a-f]{32}\.jpg", paper.photo.name)
    with paper.photo.open() as file, Image.open(file) as kept:
        assert (kept.format, kept.size, dict(kept.getexif())) == ("JPEG", (300, 200), {})
    event = Event.objects.get(subject_id=lead.pk)
    assert (event.action, event.by, event.changes) == ("attach_paper", agent, {"paper": ["", "licence_copy"]})
    page = client.get(lead.get_absolute_url()).content.decode()
    assert "Paper attached" in page
    assert "copy of the business licence" in page


def with_place() -> SimpleUploadedFile:
    """A photo that says where and with what it was taken, under a hostile name."""
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    written = BytesIO()
    Image.new("RGB", (300, 200), "navy").save(written, "JPEG", exif=exif)
    return SimpleUploadedFile("../../<script>.jpg", written.getvalue())


def test_picture_is_served_to_no_cache(client, lead, agent):
    paper = paper_of(lead, agent)
    client.force_login(agent)

    response = client.get(address(lead, "paper", paper.pk))

    assert (response["Content-Type"], response["Cache-Control"]) == ("image/jpeg", "private, no-store")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response.getvalue()[:3] == b"\xff\xd8\xff"


@pytest.mark.parametrize(
    ("changed", "field", "status"),
    [
        ({"photo": None}, "photo", 422),
        ({"photo": SimpleUploadedFile("a.jpg", b"<script>alert(1)</script>")}, "photo", 422),
        ({"photo": SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")}, "photo", 422),
        ({"photo": SimpleUploadedFile("a.jpg", b"")}, "photo", 422),
        ({"photo": SimpleUploadedFile("a.jpg", bytes(12 * 1024 * 1024 + 1))}, "photo", 413),
        ({"kind": "passport"}, "kind", 422),
        ({"kind": None}, "kind", 422),
        ({"kind": "\0"}, "kind", 422),
        ({"once": "forged"}, "__all__", 422),
        ({"once": None}, "__all__", 422),
    ],
)
def test_what_is_no_paper_is_refused_and_leaves_nothing(client, lead, agent, settings, changed, field, status):
    client.force_login(agent)

    response = client.post(address(lead, "papers"), attaching(agent, **changed))

    assert response.status_code == status
    assert f'data-problem="{field}"' in response.content.decode()
    assert (Paper.objects.count(), files_in(settings)) == (0, 0)


def test_double_click_attaches_once(client, lead, agent, settings):
    client.force_login(agent)
    key = new_key(agent.pk, "PaperForm")

    answers = [client.post(address(lead, "papers"), attaching(agent, once=key)) for _time in range(2)]

    assert [answer["Location"] for answer in answers] == [address(lead, "papers")] * 2
    assert (Paper.objects.count(), files_in(settings), Event.objects.count()) == (1, 1, 1)


def test_a_lead_takes_no_more_than_its_most_papers(client, lead, agent, settings):
    for _paper in range(MOST_PAPERS):
        paper_of(lead, agent)
    client.force_login(agent)

    response = client.post(address(lead, "papers"), attaching(agent))

    assert response.status_code == 422
    assert "A lead takes 20 papers. Remove one before you attach another." in response.content.decode()
    assert (Paper.objects.count(), files_in(settings)) == (MOST_PAPERS, MOST_PAPERS)


@pytest.mark.parametrize("progress", Progress)
def test_papers_are_attached_while_the_lead_is_open(client, lead, agent, settings, progress):
    Lead.objects.update(progress=progress)
    client.force_login(agent)

    page = client.get(address(lead, "papers"))
    response = client.post(address(lead, "papers"), attaching(agent))

    is_open = progress not in {Progress.WITHDRAWN, Progress.REJECTED, Progress.LOST}
    assert page.status_code == 200
    assert (page.context["form"] is not None) == is_open
    assert response.status_code == (302 if is_open else 422)
    assert files_in(settings) == is_open
    if not is_open:
        assert f"Not possible while the lead is: {progress.label}." in response.content.decode()


@pytest.mark.parametrize("progress", Progress)
def test_papers_are_removed_while_the_lead_is_merely_filed(client, lead, agent, settings, progress):
    paper = paper_of(lead, agent)
    Lead.objects.update(progress=progress)
    client.force_login(agent)

    offered = client.get(address(lead, "papers")).context["rows"][0][1] is not None
    response = client.post(address(lead, "paper_remove", paper.pk), removing(agent))

    merely_filed = progress in {Progress.FILED, Progress.RETURNED}
    assert offered == merely_filed
    assert response.status_code == (302 if merely_filed else 422)
    assert (Paper.objects.count(), files_in(settings)) == (not merely_filed, not merely_filed)


def test_papers_of_an_audited_lead_stay(client, lead, agent):
    paper = paper_of(lead, agent)
    Lead.objects.update(credited_on=MORNING.date())
    client.force_login(agent)

    assert client.post(address(lead, "paper_remove", paper.pk), removing(agent)).status_code == 422
    assert Paper.objects.count() == 1


def test_paper_is_removed_only_by_who_attached_it(client, lead, agent, office, manager):
    paper = paper_of(lead, agent)

    def remove(user: User) -> int:
        client.force_login(user)
        return int(client.post(address(lead, "paper_remove", paper.pk), removing(user)).status_code)

    assert [remove(user) for user in (office, manager, agent)] == [422, 404, 302]
    event = Event.objects.get()
    assert (event.action, event.by, event.changes) == ("remove_paper", agent, {"paper": ["licence_copy", ""]})


def test_double_click_removes_once(client, lead, agent):
    first, other = paper_of(lead, agent), paper_of(lead, agent)
    client.force_login(agent)
    key = removing(agent)

    answers = [client.post(address(lead, "paper_remove", first.pk), key).status_code for _time in range(2)]

    assert answers == [302, 302]
    assert list(Paper.objects.all()) == [other]


def test_removing_needs_a_key(client, lead, agent):
    paper = paper_of(lead, agent)
    client.force_login(agent)

    response = client.post(address(lead, "paper_remove", paper.pk))

    assert (response.status_code, Paper.objects.count()) == (422, 1)
    assert "This form is out of date." in response.content.decode()


def test_paper_of_another_lead_is_404_by_this_ones_number(client, lead, agent):
    other = paper_of(LeadFactory(filer=agent), agent)
    client.force_login(agent)

    assert client.get(address(lead, "paper", other.pk)).status_code == 404
    assert client.post(address(lead, "paper_remove", other.pk), removing(agent)).status_code == 404
    assert client.get(address(lead, "paper", 10**30)).status_code == 404
    assert Paper.objects.count() == 1


def test_picture_that_is_lost_is_404_and_its_row_still_shown(client, lead, agent):
    paper = paper_of(lead, agent)
    Path(paper.photo.path).unlink()
    client.force_login(agent)

    assert client.get(address(lead, "paper", paper.pk)).status_code == 404
    assert client.get(address(lead, "papers")).status_code == 200
    assert client.post(address(lead, "paper_remove", paper.pk), removing(agent)).status_code == 302


def test_missing_papers_are_those_that_the_kinds_ask_for(client, lead, agent):
    client.force_login(agent)

    def missing() -> list[tuple[str, bool]]:
        return [(kind.value, required) for kind, required in client.get(address(lead, "papers")).context["missing"]]

    assert missing() == []
    Lead.objects.update(customer_kind="company")
    assert missing() == [("licence_copy", False), ("legal_id_copy", False)]
    FieldNeed.objects.create(filing_kind="", customer_kind="company", field="legal_id_copy", need="required")
    FieldNeed.objects.create(filing_kind="normal", customer_kind="", field="id_card_copy", need="open")
    assert missing() == [("legal_id_copy", True), ("id_card_copy", False)]
    page = client.get(address(lead, "papers")).content.decode()
    assert "Still needed: <strong>copy of the legal representative&#x27;s ID card</strong>" in page
    assert "May be attached as well: <strong>copy of the ID card</strong>" in page
    assert '<option value="legal_id_copy" selected>' in page
    paper_of(lead, agent, kind="legal_id_copy")
    assert missing() == [("id_card_copy", False)]


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_however_many_papers(client, lead, agent, count):
    for _paper in range(count):
        paper_of(lead, agent)
    client.force_login(agent)

    with costs(5):
        response = client.get(address(lead, "papers"))

    assert len(response.context["rows"]) == count


def test_showroom_goes_back_to_its_case(client, assigned, seller):
    client.force_login(seller)
    case = assigned.assignments.get()
    there = reverse("leads:store_case", args=[case.pk])

    back = client.get(address(assigned, "papers")).context["back"]

    assert back == there
    assert f'href="{address(assigned, "papers")}"' in client.get(there).content.decode()
