"""Messages: written with what they tell of, those with a key once for ever; read by the administrator only."""

import pytest

from notices.models import Outbox
from notices.outbox import Message, send
from tests.factories import MORNING

pytestmark = pytest.mark.django_db


def test_messages_are_written_in_one_statement(agent, colleague, django_assert_num_queries):
    with django_assert_num_queries(1):
        send(
            (
                Message(kind="promoted", to_id=person.pk, sentence="KH1", path="/leads/")
                for person in (agent, colleague)
            ),
            MORNING,
        )

    rows = Outbox.objects.order_by("pk").values_list("to__username", "kind", "sentence", "path", "at", "sent_at", "key")
    assert list(rows) == [(who, "promoted", "KH1", "/leads/", MORNING, None, None) for who in ("agent", "colleague")]


def test_nothing_to_send_costs_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        send([], MORNING)


def test_key_is_written_once_and_the_others_all_the_same(agent):
    send([Message(kind="ending", to_id=agent.pk, sentence="KH1", key="ending:1")], MORNING)

    send(
        [
            Message(kind="ending", to_id=agent.pk, sentence="KH1 again", key="ending:1"),
            Message(kind="ending", to_id=agent.pk, sentence="KH2", key="ending:2"),
            Message(kind="ending", to_id=agent.pk, sentence="KH2 doubled", key="ending:2"),
            Message(kind="ending", to_id=agent.pk, sentence="no key"),
            Message(kind="ending", to_id=agent.pk, sentence="no key"),
        ],
        MORNING,
    )

    assert list(Outbox.objects.order_by("pk").values_list("sentence", flat=True)) == ["KH1", "KH2", "no key", "no key"]


def test_long_sentences_are_cut(agent):
    send([Message(kind="ending", to_id=agent.pk, sentence="长" * 301)], MORNING)

    assert Outbox.objects.get().sentence == "长" * 300


def test_administrator_reads_messages_and_changes_none(client, administrator, agent):
    send([Message(kind="ending", to_id=agent.pk, sentence="KH1")], MORNING)
    address = f"/admin/notices/outbox/{Outbox.objects.get().pk}"
    client.force_login(administrator)

    assert "KH1" in client.get("/admin/notices/outbox/").content.decode()
    assert client.get(f"{address}/change/").status_code == 200
    assert client.post(f"{address}/change/", {"sentence": "x"}).status_code == 403
    assert client.post(f"{address}/delete/", {"post": "yes"}).status_code == 403
    assert client.get("/admin/notices/outbox/add/").status_code == 403
    assert Outbox.objects.get().sentence == "KH1"


def test_kinds_of_messages_are_told_in_words(client, administrator, agent):
    send([Message(kind=kind, to_id=agent.pk, sentence="KH1") for kind in ("took_over", "request_refused")], MORNING)
    client.force_login(administrator)

    page = client.get("/admin/notices/outbox/").content.decode()
    refused = client.get("/admin/notices/outbox/?kind=request_refused").context["cl"].queryset

    assert "排队轮到" in page and 'class="field-kind_words">took_over' not in page
    assert [message.kind for message in refused] == ["request_refused"]
