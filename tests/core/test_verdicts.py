"""Answers that say why, and refusals on their way into a form."""

import pytest
from django import forms

from core.forms import refuse
from core.verdicts import ALLOWED, Problem, Refused, Verdict


def test_verdict_with_a_reason_is_false():
    assert ALLOWED
    assert not Verdict("Ask a colleague.")


@pytest.mark.parametrize(
    ("given", "sentences"),
    [
        ("Please say why.", ["Please say why."]),
        ([Problem("One."), Problem("Two.", "name")], ["One.", "Two."]),
        ((Problem("One."),), ["One."]),
    ],
)
def test_refusal_carries_its_problems(given, sentences):
    refused = Refused(given, outcome=1)

    assert [problem.sentence for problem in refused.problems] == sentences
    assert (str(refused), refused.context) == ("; ".join(sentences), {"outcome": 1})


class Named(forms.Form):
    name = forms.CharField()


def test_reasons_go_to_their_field_or_to_the_whole():
    form = Named({"name": "x"})
    problems = [Problem("Name.", "name"), Problem("Elsewhere.", "mobile"), Problem("All.", path="/leads/<1>/")]

    refuse(form, Refused(problems))

    assert form.errors.get_json_data()["name"] == [{"message": "Name.", "code": "refused"}]
    whole = [error["message"] for error in form.errors.get_json_data()["__all__"]]
    assert whole[0] == "Elsewhere."
    assert whole[1].startswith('All. <a href="/leads/&lt;1&gt;/">')


def test_sentence_of_a_refusal_is_escaped_beside_its_link():
    form = Named({"name": "x"})

    refuse(form, Refused([Problem("<b>", path="/x/")]))

    assert form.errors["__all__"][0].startswith("&lt;b&gt; <a ")
