"""The menu of a row: its paths are addresses of the site once the row's number stands in them."""

import re

import pytest
from django.urls import resolve

pytestmark = pytest.mark.django_db


def test_every_path_of_the_menu_is_an_address(client, manager):
    client.force_login(manager)

    page = client.get("/leads/").content.decode()

    paths = dict(re.findall(r'data-action="(\w+)" data-path="([^"]+)"', page))
    found = {action: resolve(path.replace("NUMBER", "KH1").partition("?")[0]) for action, path in paths.items()}
    assert {action: match.view_name for action, match in found.items()} == {
        "copy": "leads:new",
        "edit": "leads:edit",
        "delete": "leads:delete",
        "follow": "leads:follow_ups",
        "measure": "leads:measure",
        "assign": "leads:assign",
    }
    assert paths["copy"].endswith("?copy=NUMBER")
    assert all(match.kwargs == {"number": "KH1"} for action, match in found.items() if action != "copy")
