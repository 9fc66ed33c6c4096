"""Things that tests are made of. A test names every value it depends on."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import factory
from factory.django import DjangoModelFactory

from accounts.models import Region, Unit, User
from customers.keys import Identity, identity_keys
from customers.keys.addresses import canonical_address
from customers.models import Customer, IdentityKey
from leads.choices import ACTIVE, CLOSED
from leads.models import Assignment, Collision, FilingAttempt, Lead, Protection
from policies.matching import firm_kinds
from policies.models import CompanyDesigner, DecorationCompany, OrderType, Source

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 7, 22, 9, 30, tzinfo=SHANGHAI)
PASSWORD = "Filing-2026!"


class RegionFactory(DjangoModelFactory[Region]):
    class Meta:
        model = Region
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"T{n:05}")
    name = factory.Sequence(lambda n: f"城{n}")
    full_name = factory.SelfAttribute("name")
    level = "city"
    offered = True


class UnitFactory(DjangoModelFactory[Unit]):
    class Meta:
        model = Unit

    name = factory.Sequence(lambda n: f"网点{n}")
    kind = "outlet"
    parent = None


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    name = factory.Sequence(lambda n: f"人{n}")
    unit = factory.SubFactory(UnitFactory)
    must_change_password = False
    password = factory.django.Password(PASSWORD)


class OrderTypeFactory(DjangoModelFactory[OrderType]):
    class Meta:
        model = OrderType
        django_get_or_create = ("name",)

    name = "欧派橱柜"


class SourceFactory(DjangoModelFactory[Source]):
    class Meta:
        model = Source
        django_get_or_create = ("name",)

    name = "自然客户"


class DecorationCompanyFactory(DjangoModelFactory[DecorationCompany]):
    class Meta:
        model = DecorationCompany
        django_get_or_create = ("name",)

    name = "龙发"


class CompanyDesignerFactory(DjangoModelFactory[CompanyDesigner]):
    class Meta:
        model = CompanyDesigner
        django_get_or_create = ("company", "name")

    company = factory.SubFactory(DecorationCompanyFactory)
    name = "胡静华"
    phone = "12300007788"


class LeadFactory(DjangoModelFactory[Lead]):
    """A filed lead with its customer, protection and held keys, as filing leaves it, but without quota and number of
    the day. One that is withdrawn, rejected or lost holds nothing any more."""

    class Meta:
        model = Lead
        skip_postgeneration_save = True

    number = factory.Sequence(lambda n: f"KH20260701{n:04}")
    filer = factory.SubFactory(UserFactory)
    filed_by = factory.SelfAttribute("filer")
    outlet = factory.SelfAttribute("filer.unit")
    filed_at = MORNING
    filed_on = date(2026, 7, 22)
    name = "韦半夏"
    mobile = factory.Sequence(lambda n: f"1380000{n:04}")
    city = None
    community = "幸福里"
    building_room = ""
    source = factory.SubFactory(SourceFactory)
    order_type = factory.SubFactory(OrderTypeFactory)
    progress = "filed"
    hold = factory.LazyAttribute(lambda lead: "released" if lead.progress in CLOSED else "protected")
    customer = factory.LazyAttribute(
        lambda lead: Customer.objects.create(
            name=lead.name, holder=lead.filer if lead.hold in ACTIVE else None, kind=lead.customer_kind
        )
    )
    customer_kind = "person"
    arrived_at = factory.SelfAttribute("filed_at")

    @factory.post_generation
    def keys(lead: Any, create: bool, extracted: Any, **options: Any) -> None:
        keys = identity_keys(identity_of(lead))
        firm = firm_kinds()
        for key in keys:
            taken = IdentityKey.objects.filter(kind=key.kind, value=key.value, held=True).exists()
            columns = {"block": key.block, "detail": key.detail, "exact": key.exact}
            held = lead.hold in ACTIVE and key.exact and key.kind in firm and not taken
            IdentityKey.objects.get_or_create(
                customer=lead.customer, kind=key.kind, value=key.value, defaults=columns | {"held": held}
            )
        city = (lead.city_id, lead.city.name if lead.city else "")
        lead.canonical_address = canonical_address(*city, lead.community, lead.building_room)
        lead.identity_text = "".join(["\n", *(f"{key.kind}:{key.value}\n" for key in keys)])
        if lead.hold in ACTIVE and not lead.protection:
            lead.protection = protection_of(lead)
        lead.save()


def protection_of(lead: Lead, **columns: Any) -> Protection:
    """The running protection of a lead's customer and filer, made where there is none; without an end."""
    root = lead.customer.root or lead.customer
    running = Protection.objects.of_parties([root.pk]).active().filter(filer=lead.filer)
    started = lead.filed_at if lead.hold == "protected" else None
    given: dict[str, Any] = {"state": lead.hold, "started_at": started, "version": lead.policy_version} | columns
    found = running.order_by("pk").first()
    return found or Protection.objects.create(customer=root, filer=lead.filer, **given)


def identity_of(lead: Lead) -> Identity:
    """A lead's data as matching reads them."""
    return Identity(
        name=lead.name,
        customer_kind=lead.customer_kind,
        gender=lead.gender,
        mobile=lead.mobile,
        phone=lead.phone,
        city_id=lead.city_id,
        city_name=lead.city.name if lead.city else "",
        area_code=lead.city.area_code if lead.city else "",
        community=lead.community,
        building_room=lead.building_room,
        credit_code=lead.credit_code,
        project_name=lead.project_name,
        project_site=lead.project_site,
    )


class AssignmentFactory(DjangoModelFactory[Assignment]):
    """An assignment as the service makes it; with `deposit_amount`, one whose deposit is paid."""

    class Meta:
        model = Assignment

    lead = factory.SubFactory(LeadFactory, progress="assigned")
    store = factory.SubFactory(UnitFactory, kind="store")
    order_type = factory.SubFactory(OrderTypeFactory)
    by = factory.SelfAttribute("lead.filer")
    at = MORNING
    actual_name = factory.SelfAttribute("lead.name")
    actual_mobile = factory.SelfAttribute("lead.mobile")
    actual_phone = factory.SelfAttribute("lead.phone")
    actual_city = factory.SelfAttribute("lead.city")
    actual_community = factory.SelfAttribute("lead.community")
    actual_building_room = factory.SelfAttribute("lead.building_room")
    actual_order_type = factory.SelfAttribute("order_type")
    actual_decoration_company = factory.SelfAttribute("lead.decoration_company")
    actual_designer = factory.SelfAttribute("lead.designer")

    class Params:
        paid = factory.Trait(
            lead__progress="deposit",
            progress="deposit",
            deposit_amount=5000,
            deposit_paid_on=date(2026, 7, 22),
            deposit_at=MORNING,
        )


class FilingAttemptFactory(DjangoModelFactory[FilingAttempt]):
    """A filing that met another one and was made all the same."""

    class Meta:
        model = FilingAttempt

    lead = factory.SubFactory(LeadFactory)
    filer = factory.SelfAttribute("lead.filer")
    actor = factory.SelfAttribute("filer")
    door = "form"
    verdict = "unclear"
    accepted = True
    at = MORNING


class CollisionFactory(DjangoModelFactory[Collision]):
    class Meta:
        model = Collision

    lead = factory.SubFactory(LeadFactory)
    attempt = factory.SubFactory(FilingAttemptFactory)
    firmness = "likely"
    evidence = ["mask34", "name"]
    at = MORNING
