"""How people come in: their sessions, and the sign-in services that workspaces have set up."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils import timezone

from banso.core.models.people import Person, Role
from banso.core.scope import ScopedModel
from banso.lib.uuid7 import uuid7


class SignInProvider(ScopedModel):
    """A company's own sign-in service. Whoever comes through it may enter this workspace only.

    `secret` is sealed. A SAML service has its entity ID as `issuer`, and `certificates` (PEM) that
    sign for it. `domains` are the mail domains whose people it may let in, in small letters.
    """

    class Kind(models.TextChoices):
        OIDC = "oidc", "OpenID Connect"
        SAML = "saml", "SAML 2.0"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.OIDC)
    label = models.CharField(max_length=60)
    issuer = models.CharField(max_length=500)
    client_id = models.CharField(max_length=300, blank=True)
    secret = models.TextField(blank=True)
    entry_url = models.CharField(max_length=1000, blank=True)
    certificates = ArrayField(models.TextField(), default=list, blank=True)
    domains = ArrayField(models.CharField(max_length=253))
    trusts_addresses = models.BooleanField(default=False)
    adds_people = models.BooleanField(default=False)
    new_role = models.CharField(max_length=10, choices=Role, default=Role.VIEWER)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["workspace", "created_at"], name="provider_by_workspace"),
        ]

    def __str__(self) -> str:
        return self.label


class Identity(ScopedModel):
    """Who somebody is at a provider: its own unchanging name for a person of ours."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.ForeignKey(SignInProvider, on_delete=models.CASCADE, related_name="+")
    subject = models.CharField(max_length=255)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["workspace", "provider", "subject"], name="one_identity_a_subject"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} at {self.provider_id}"


class SamlAnswer(ScopedModel):
    """A proven answer of a SAML service, until the browser that asked fetches it; then a guard
    against its coming again. `request_id` is what it answers."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.ForeignKey(SignInProvider, on_delete=models.CASCADE, related_name="+")
    request_id = models.CharField(max_length=100)
    assertion_id = models.CharField(max_length=255)
    subject = models.CharField(max_length=255, blank=True)
    email = models.CharField(max_length=254, blank=True)
    name = models.CharField(max_length=120, blank=True)
    taken_at = models.DateTimeField(null=True)
    kept_until = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["workspace", "provider", "request_id"], name="one_answer_a_request"
            ),
            models.UniqueConstraint(
                fields=["workspace", "provider", "assertion_id"], name="one_answer_an_assertion"
            ),
        ]

    def __str__(self) -> str:
        return f"An answer of {self.provider_id}"


class Session(AbstractBaseSession):
    """One browser. Global: nobody is signed in yet when it begins. No row, no session."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    provider = models.ForeignKey(
        SignInProvider, on_delete=models.CASCADE, null=True, related_name="+"
    )
    handle = models.UUIDField(default=uuid7, unique=True, editable=False)
    ip = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=400, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[BaseSessionManager[Any]] = BaseSessionManager()

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["person", "-last_used_at"], name="session_by_person"),
        ]
