"""Nobody gets past the day's quota (QUOTA-1), however many windows they type in."""

import pytest

from leads import rules
from leads.models import Lead, QuotaDay
from policies.models import Quota
from tests.races.harness import PROCESSES, caught, errors, race, sizes, unlike
from tests.races.scenes import customers, filers, filing

CAP = 30


def complaints(tries: int, mistake: str = "") -> list[str]:
    """One person files `tries` new customers from each of sixteen processes."""
    [filer] = filers(1)
    Quota.objects.create(scope="person", person=filer, cap=CAP)
    shares = [[filing(filer, fields) for fields in customers(tries)] for _ in range(PROCESSES)]
    results = race(shares, mistake=mistake)
    refusals = [(result.codes, result.answer) for result in results if result.kind == "refused"]
    sentence = (("quota",), str(rules.quota_problem().sentence))
    return (
        errors(results)
        + unlike("leads", Lead.objects.filter(filer=filer).count(), CAP)
        + unlike("used", QuotaDay.objects.get(user=filer).used, CAP)
        + unlike("losers", len(refusals), PROCESSES * tries - CAP)
        + unlike("what losers were told", set(refusals), {sentence})
    )


@sizes("tries", small=4, full=200)
def test_sixteen_processes_on_a_quota_of_thirty_file_thirty(tries: int) -> None:
    assert complaints(tries) == []


@pytest.mark.postgres
def test_count_then_insert_is_caught() -> None:
    assert caught(lambda: complaints(4, "count_then_insert"))
