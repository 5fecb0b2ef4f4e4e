"""Rows of the ground floor for tests."""

from datetime import date
from typing import TypeVar

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import models
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from banso.core import api_keys, workspaces
from banso.core.models import (
    ApiKey,
    Event,
    Identity,
    ListExport,
    Membership,
    OutgoingMail,
    Person,
    Role,
    SignInProvider,
    Workspace,
)
from banso.core.sign_in import providers
from banso.lib.uuid7 import uuid7

PASSWORD = "correct horse battery"
TODAY = date(2026, 11, 20)  # a Friday
M = TypeVar("M", bound=models.Model)


def a_workspace(name: str = "アクメ株式会社", *, today: date = TODAY) -> Workspace:
    workspace = workspaces.create_workspace(name)
    workspace.fixed_today = today
    workspace.save()
    return workspace


def a_member(email: str, *, name: str = "人", role: str = Role.CSM) -> Person:
    return workspaces.add_person(email, name=name, password=PASSWORD, role=role)


def fresh(row: M) -> M:
    """The row as the database has it now."""
    again: M = type(row)._base_manager.get(pk=row.pk)
    return again


def events(name: str) -> list[Event]:
    """Events of that name in the open workspace, oldest first."""
    return list(Event.objects.filter(name=name).order_by("pk"))


def drain_jobs(limit: int = 1000, *, of: str = "") -> int:
    """Run every waiting job of this test's transaction, also those queued meanwhile; how many ran.

    `of`: only those whose task's name begins so (a pattern).
    """
    ran, waiting = 0, ProcrastinateJob.objects.filter(status="todo", task_name__regex=f"^{of}")
    while job := waiting.order_by("id").first():
        ProcrastinateJob.objects.filter(pk=job.pk)._raw_delete("default")
        app.tasks[job.task_name](**job.args)
        ran += 1
        if ran > limit:
            raise AssertionError("Jobs keep queueing jobs.")
    return ran


def a_membership() -> Membership:
    """A member with nothing to their name."""
    person = a_member(f"{uuid7()}@acme.example")
    membership: Membership = Membership.objects.get(person=person)
    return membership


def an_api_key() -> ApiKey:
    """A key of some owner, with the right to manage keys."""
    owner = a_member(f"{uuid7()}@acme.example", role=Role.OWNER)
    return api_keys.make_key("連携", scopes=["core.keys"], by=owner)[0]


def a_list_export() -> ListExport:
    """Of a list that nobody waits for any more."""
    export: ListExport = ListExport.objects.create(
        list="table.customers", language="ja", state=ListExport.State.FAILED, trouble="-"
    )
    return export


def an_outgoing_mail() -> OutgoingMail:
    """One that the mail server refused."""
    mail: OutgoingMail = OutgoingMail.objects.create(
        to="gone@elsewhere.example", subject="お知らせ", text="本文", state="failed", answer="550"
    )
    return mail


def a_provider() -> SignInProvider:
    """A sign-in service that nobody answers for."""
    owner = a_member(f"{uuid7()}@acme.example", role=Role.OWNER)
    return providers.add_provider(
        by=owner,
        label="社内",
        issuer="https://idp.invalid",
        client_id="banso",
        secret="s",
        domains=["acme.example"],
    )


def an_identity() -> Identity:
    """A member who has come through a sign-in service."""
    known: Identity = Identity.objects.create(
        provider=a_provider(), subject=str(uuid7()), person=a_membership().person
    )
    return known


def an_authenticator() -> Authenticator:
    """A member's authenticator app."""
    made: Authenticator = TOTP.activate(a_membership().person, generate_totp_secret()).instance
    return made
