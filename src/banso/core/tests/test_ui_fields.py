from django import forms
from django.template import Context, Template
from django.utils import translation

from banso.core.ui.samples import SampleForm


def draw(form: forms.Form, source: str) -> str:
    with translation.override("ja"):
        return Template("{% load ui %}" + source).render(Context({"form": form}))


def test_label_hint_and_control_are_tied_together() -> None:
    html = draw(SampleForm(), "{% field form.name placeholder='例' %}")
    assert '<label class="field__label" for="id_name">' in html
    assert 'aria-describedby="id_name_hint"' in html and 'id="id_name_hint"' in html
    assert 'placeholder="例"' in html and "必須" in html and "aria-invalid" not in html


def test_an_error_is_announced_with_its_field() -> None:
    html = draw(SampleForm({"name": ""}), "{% field form.name %}")
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_hint id_name_error"' in html and 'id="id_name_error"' in html


def test_several_boxes_share_a_legend() -> None:
    html = draw(SampleForm(), "{% field form.roles %}")
    assert "<fieldset" in html and "<legend" in html and "任意" in html


def test_a_single_box_stands_inside_its_label() -> None:
    html = draw(SampleForm(), "{% field form.renews %}")
    assert html.index("<label") < html.index("<input") < html.index("</label>")


def test_the_summary_links_to_each_wrong_field() -> None:
    html = draw(SampleForm({"name": ""}), "{% form_errors form %}")
    assert 'role="alert"' in html and 'href="#id_name"' in html and 'href="#id_tier"' in html


def test_a_sound_form_has_no_summary() -> None:
    assert draw(SampleForm(), "{% form_errors form %}").strip() == ""


def test_what_somebody_typed_is_escaped() -> None:
    html = draw(
        SampleForm({"name": "<script>x</script>", "tier": "<b>"}),
        "{% field form.name %}{% field form.tier %}{% form_errors form %}",
    )
    assert "<script" not in html and "<b>" not in html
