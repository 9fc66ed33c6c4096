"""Fills an empty database with the demo, once and as a whole. An event on its administrator remembers that."""

from datetime import timedelta
from io import StringIO

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Q

from accounts.models import Grant, Region, Unit, User
from config.demo import dictionaries, people
from config.demo.meetings import SHOP_NUMBER
from config.demo.play import play
from core.clock import database_now, told
from core.events import note_event
from core.models import Event
from customers.keys import Key, KeyKind
from customers.shared import share
from policies.models import (
    Community,
    CompanyDesigner,
    CustomerKind,
    DecorationCompany,
    FilingSettings,
    OrderType,
    Policy,
    Quota,
    Source,
)
from policies.services import save_community
from policies.terms import Conditions, Term, Terms
from policies.terms import Unit as TermUnit
from policies.versions import add_version

LOADED = "demo-loaded"
POLICIES_BEGAN = timedelta(days=60)


def is_loaded() -> bool:
    return Event.objects.filter(subject_type=User._meta.label_lower, action=LOADED).exists()


def belongs_to_somebody_else() -> bool:
    """True when the database holds people whom the demo did not make; asked before anything is migrated."""
    tables = connection.introspection.table_names()
    if User._meta.db_table not in tables or not User.objects.exists():
        return False
    return Event._meta.db_table not in tables or not is_loaded()


def load() -> None:
    """Dictionaries, people and quotas as a whole; then the past weeks, each step its own transaction as in life."""
    with transaction.atomic():
        offer_cities()
        load_dictionaries()
        load_units()
        load_people()
        load_quotas()
        load_the_policies()
        admin, at = User.objects.get(username="admin"), database_now()
        share([Key(KeyKind.MOBILE, SHOP_NUMBER)], by=admin, note="琅东展厅前台手机", at=at - POLICIES_BEGAN)
        note_event(admin, LOADED, by=admin, at=at)
    play()


def offer_cities() -> None:
    """The form's city list as one company would keep it; the administrator can offer others."""
    home = Q(parent__name=dictionaries.HOME_PROVINCE, parent__level="province")
    Region.objects.filter(level="city").exclude(home | Q(name__in=dictionaries.CITIES)).update(offered=False)


def load_dictionaries() -> None:
    for position, name in enumerate(dictionaries.ORDER_TYPES, start=1):
        OrderType.objects.create(name=name, position=position)
    for position, source in enumerate(dictionaries.SOURCES, start=1):
        fields = dict.fromkeys(source.open, "open") | dict.fromkeys(source.required, "required")
        Source.objects.create(name=source.name, position=position, **fields)
    for company_name, designers in dictionaries.COMPANIES:
        company = DecorationCompany.objects.create(name=company_name)
        for name, phone in designers:
            CompanyDesigner.objects.create(company=company, name=name, phone=phone)
    for city, name, others in dictionaries.COMMUNITIES:
        place = Region.objects.get(name=city, level="city")
        save_community(Community(city=place, name=name, aliases="\n".join(others)))


def load_units() -> None:
    cities = {region.name: region for region in Region.objects.filter(level="city", offered=True)}
    units: dict[str, Unit] = {}
    for unit in people.UNITS:
        units[unit.name] = Unit.objects.create(
            name=unit.name, kind=unit.kind, parent=units.get(unit.parent), region=cities.get(unit.city)
        )


def load_people() -> None:
    units = {unit.name: unit for unit in Unit.objects.all()}
    groups = {group.name: group for group in Group.objects.all()}
    secret = make_password(people.PASSWORD)
    users: dict[str, User] = {}
    for person in people.PEOPLE:
        is_admin = person.username == "admin"
        users[person.username] = user = User.objects.create(
            username=person.username,
            password=secret,
            name=person.name,
            email=f"{person.username}@demo.invalid",
            mobile=person.mobile,
            gender=person.gender,
            post=person.post,
            unit=units[person.unit],
            is_staff=is_admin,
            is_superuser=is_admin,
            must_change_password=False,
        )
        user.groups.add(groups[person.role])
    for manager, person_name in people.PERSON_GRANTS:
        Grant.objects.create(manager=users[manager], person=users[person_name])
    for manager, unit_name in people.UNIT_GRANTS:
        Grant.objects.create(manager=users[manager], unit=units[unit_name])


def load_quotas() -> None:
    Quota.objects.update_or_create(scope="site", defaults={"cap": people.SITE_CAP})
    for username, cap in people.PERSON_CAPS.items():
        Quota.objects.create(scope="person", person=User.objects.get(username=username), cap=cap)
    FilingSettings.objects.update_or_create(pk=1, defaults={"mobile_check": "warn", "check_budget": 500})


def load_the_policies() -> None:
    """`furnishing` for everybody, in force since before the first story; companies have a month, and one may wait."""
    terms = Terms(
        when=Conditions(customer_kinds=(CustomerKind.COMPANY.value,)),
        term=Term(1, TermUnit.MONTH.value),
        deposit_term=Term(90),
        queue=1,
        promoted_term=Term(1, TermUnit.MONTH.value),
        extensions=1,
        extension_term=Term(1, TermUnit.MONTH.value),
        extension_term_waiting=Term(15),
        tells_from=True,
        cool_down=Term(30),
    )
    with told(database_now() - POLICIES_BEGAN):
        companies = Policy.objects.create(name="企业客户月度报备（可排队）", position=0)
        add_version(companies, terms, note="企业客户保护 1 个月，可排队 1 人；其他客户按家居零售报备。")
        call_command("load_policies", "furnishing", stdout=StringIO())
