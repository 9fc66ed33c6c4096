"""One person as different people write them down, and second persons to confuse them with."""

from random import Random

from tests.matching.addresses import Flat, pick_flat, write
from tests.matching.registry import Claim, claim
from tests.matching.world import pick_city, pick_name, surname_of


def write_name(name: str, rng: Random) -> str:
    """The full name, sometimes with an honorific, a blank or a remark; never less."""
    title = "先生" if gender_of(name) == "male" else "女士"
    shapes = ("{n}", "{n}", "{n}", "{n}{t}", "{n}（业主）", "{s} {g}", " {n}")
    return rng.choice(shapes).format(n=name, t=title, s=surname_of(name), g=name[len(surname_of(name)) :])


def write_surname(name: str, rng: Random) -> str:
    return surname_of(name) + rng.choice(
        ("先生", "老板", "总") if gender_of(name) == "male" else ("女士", "小姐", "总")
    )


def gender_of(name: str) -> str:
    """One and the same for one name, otherwise without meaning."""
    return "male" if ord(name[-1]) % 2 else "female"


def write_anyhow(name: str, rng: Random) -> str:
    return write_surname(name, rng) if rng.random() < 0.25 else write_name(name, rng)


def at_home(flat: Flat, rng: Random, **fields: str) -> Claim:
    community, building_room = write(flat, rng)
    return claim(**{"city": flat.city, "community": community, "building_room": building_room} | fields)


def somewhere(rng: Random, besides: Claim | None = None, /, **fields: str) -> Claim:
    """A claim with a random home, or none, or only a community; away from where `besides` lives."""
    flat = pick_flat(rng)
    while besides and besides["community"] and set(flat.community) & set(besides["community"]):
        flat = pick_flat(rng)
    how = rng.random()
    if how < 0.3:
        return claim(**{"city": flat.city} | fields)
    if how < 0.4:
        return claim(**{"city": flat.city, "community": flat.community} | fields)
    return at_home(flat, rng, **fields)


def household(rng: Random) -> tuple[str, str]:
    """Names under which one flat is filed: the couple, or one of them twice."""
    name = pick_name(rng)
    if rng.random() < 0.5:
        return write_name(name, rng), write_name(pick_name(rng, besides=name), rng)
    return write_name(name, rng), write_anyhow(name, rng)


def strangers(rng: Random) -> tuple[str, str]:
    """Two people, every fourth time with one surname."""
    name = pick_name(rng)
    other = pick_name(rng, besides=name)
    if rng.random() < 0.25:
        other = surname_of(name) + other[len(surname_of(other)) :]
    return write_name(name, rng), write_name(other, rng)


def other_city(rng: Random, city: str, digits: int = 0) -> str:
    return pick_city(rng, besides=city, digits=digits)
