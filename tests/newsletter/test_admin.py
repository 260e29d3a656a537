"""The admin shows every row and is no way round the workflow."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from newsletter.models import Article, Delivery, DeliveryEvent, Issue, Newsletter
from tests import factories as make
from tests.newsletter.full_issue import make_full_issue

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("operator"))
    return client


@pytest.fixture
def issue() -> Issue:
    return make_full_issue(state="in_review")


OURS = [model for model in admin.site._registry if model._meta.app_label == "newsletter"]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.model_name)
def test_every_list_opens_and_can_be_searched(operator: Client, issue: Issue, model: type) -> None:
    name = model._meta.model_name  # type: ignore[attr-defined]
    address = reverse(f"admin:newsletter_{name}_changelist")
    assert operator.get(address).status_code == 200
    assert operator.get(address, {"q": "a"}).status_code == 200


def test_what_is_kept_for_a_person_can_be_found(operator: Client) -> None:
    now = timezone.now()
    told = {"status": "5.1.1", "diagnostic": "550 no such user", "why": "it names no mail of ours"}
    DeliveryEvent.objects.create(kind="bounce", external_id="a", occurred_at=now, detail=told)
    DeliveryEvent.objects.create(kind="delay", external_id="b", occurred_at=now, applied_at=now)
    address = reverse("admin:newsletter_deliveryevent_changelist")

    kept = operator.get(address, {"stands": "kept"}).content.decode()
    assert "5.1.1 · 550 no such user · it names no mail of ours" in kept
    assert "1 delivery event" in kept
    assert "no such user" not in operator.get(address, {"stands": "applied"}).content.decode()


def test_an_issue_can_be_read_and_not_written(operator: Client, issue: Issue) -> None:
    address = reverse("admin:newsletter_issue_change", args=[issue.pk])
    page = operator.get(address)
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert operator.post(address, {"state": "approved"}).status_code == 403
    assert operator.post(reverse("admin:newsletter_issue_delete", args=[issue.pk]), {"post": "yes"}).status_code == 403
    issue.refresh_from_db()
    assert issue.state == "in_review"


def test_what_others_hang_on_is_not_deleted(operator: Client, issue: Issue) -> None:
    source = make.article("A story that an issue may cite").source
    for name, pk in (("newsletter", Newsletter.objects.get().pk), ("source", source.pk)):
        assert operator.post(reverse(f"admin:newsletter_{name}_delete", args=[pk]), {"post": "yes"}).status_code == 403
    for model in (Article, Delivery):
        assert operator.get(reverse(f"admin:newsletter_{model._meta.model_name}_add")).status_code == 403
