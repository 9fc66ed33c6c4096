"""From raw text to identity keys: what makes two writings of a customer the same one (MATCH-1 to -3).

Everything here is pure: no database, no clock. What two customers have in common is said in words of evidence; which of
them, alone or together, are firm is policy (`policies.matching`).
"""

from dataclasses import dataclass
from itertools import product

from customers.keys.addresses import address_evidence, address_keys
from customers.keys.codes import credit_code_key
from customers.keys.companies import company_evidence, company_key
from customers.keys.key import Key, KeyKind, plain_evidence
from customers.keys.names import name_evidence
from customers.keys.numbers import mask_name_key, mobile_evidence, number_keys, phone_evidence
from customers.keys.projects import project_evidence, project_key

__all__ = ["Identity", "Key", "KeyKind", "compare", "evidence", "identity_keys", "other_keys", "personal_evidence"]


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What somebody wrote about a customer, raw.

    `known_as` are the names under which the dictionary knows the community, the one to keep first; `area_code` is the
    telephone area code of the city, e.g. 0771.
    """

    name: str = ""
    customer_kind: str = "person"
    gender: str = ""
    mobile: str = ""
    phone: str = ""
    city_id: int | None = None
    city_name: str = ""
    area_code: str = ""
    community: str = ""
    building_room: str = ""
    known_as: tuple[str, ...] = ()
    credit_code: str = ""
    project_name: str = ""
    project_site: str = ""


def identity_keys(identity: Identity) -> tuple[Key, ...]:
    """The keys to keep, sorted, each once."""
    known_as = identity.known_as[0] if identity.known_as else ""
    keys: list[Key | None] = [*_addresses(identity, known_as)]
    keys += number_keys(identity.mobile, identity.phone, identity.area_code)
    if identity.customer_kind == "company":
        keys.append(company_key(identity.name, identity.credit_code))
        keys.append(credit_code_key(identity.credit_code))
    else:
        keys += [mask_name_key(key, identity.name, identity.gender) for key in keys if key and key.kind == "mobile"]
    keys.append(project_key(identity.city_id, identity.city_name, identity.project_name, identity.project_site))
    return tuple(sorted({key for key in keys if key}))


def other_keys(identity: Identity) -> tuple[Key, ...]:
    """The address keys under the community's other names: only looked up, older filings may be kept under them."""
    kept = set(identity_keys(identity))
    keys = {key for name in identity.known_as[1:] for key in _addresses(identity, name)}
    return tuple(sorted(keys - kept))


def _addresses(identity: Identity, known_as: str) -> tuple[Key, ...]:
    person = identity.name if identity.customer_kind != "company" else ""
    return address_keys(
        identity.city_id,
        identity.city_name,
        identity.community,
        identity.building_room,
        known_as=known_as,
        names=identity.known_as,
        name=person,
    )


def evidence(mine: Key, theirs: Key) -> str:
    """The word of evidence that two keys give, "" for none. Symmetric."""
    if mine.kind != theirs.kind:
        return ""
    weigh = {
        KeyKind.MOBILE: mobile_evidence,
        KeyKind.PHONE: phone_evidence,
        KeyKind.ADDRESS: address_evidence,
        KeyKind.COMPANY: company_evidence,
        KeyKind.PROJECT: project_evidence,
    }.get(KeyKind(mine.kind), plain_evidence)
    return weigh(mine, theirs)


def personal_evidence(name: str, gender: str, their_name: str, their_gender: str) -> frozenset[str]:
    """What names and genders add: nothing alone, something beside a key."""
    words = {name_evidence(name, their_name), "gender" if gender and gender == their_gender else ""}
    return frozenset(words - {""})


def compare(mine: Identity, theirs: Identity) -> frozenset[str]:
    """All evidence that two identities are one customer, as look-up and `evidence` would find it."""
    ours = (*identity_keys(mine), *other_keys(mine))
    found = {evidence(one, other) for one, other in product(ours, identity_keys(theirs))} - {""}
    if not found or "company" in {mine.customer_kind, theirs.customer_kind}:
        return frozenset(found)
    return frozenset(found) | personal_evidence(mine.name, mine.gender, theirs.name, theirs.gender)
