"""Nouns every room stands on."""

from banso.core.models.api_key import ApiKey
from banso.core.models.calendar import CompanyDay
from banso.core.models.event import Event
from banso.core.models.exports import ListExport
from banso.core.models.imports import ImportedRow, ImportRun
from banso.core.models.kept_answer import KeptAnswer
from banso.core.models.mail import OutgoingMail
from banso.core.models.people import Membership, Person, Role
from banso.core.models.repeated_imports import ArrivedFile, RepeatedImport, VanishedRow
from banso.core.models.sign_in import Identity, SamlAnswer, Session, SignInProvider
from banso.core.models.workspace import Workspace

__all__ = [
    "ApiKey",
    "ArrivedFile",
    "CompanyDay",
    "Event",
    "Identity",
    "ImportRun",
    "ImportedRow",
    "KeptAnswer",
    "ListExport",
    "Membership",
    "OutgoingMail",
    "Person",
    "RepeatedImport",
    "Role",
    "SamlAnswer",
    "Session",
    "SignInProvider",
    "VanishedRow",
    "Workspace",
]
