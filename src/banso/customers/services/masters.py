"""Masters: which system keeps which values of the customers that come from it."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import Person
from banso.customers.masters import Masters, choices
from banso.customers.models import Customer, Master
from banso.customers.models.master import PLACE
from banso.customers.services.checks import check_row, check_text, id_of, refusing_duplicates
from banso.customers.services.customers import update_customer
from banso.lib.text import as_code

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")


@transaction.atomic
def save_master(
    *,
    code: str,
    name: str,
    url: str = "",
    fields: Sequence[str] = (),
    master_id: UUID | None = None,
    by: Person | None,
) -> Master:
    """The system `code` keeps these fields of the customers that come from it.

    `url`: where a record of it stands, with {id} for the record's id.
    Raises Master.DoesNotExist, Refused. Publishes customers.master_saved.
    """
    master = Master(by=by) if master_id is None else Master.objects.get(pk=master_id)
    master.code, master.name, master.url = as_code(code), name.strip(), url.strip()
    master.fields = _checked_fields(fields)
    _check(master)
    with refusing_duplicates():
        master.save()
    publish("customers.master_saved", master, by=id_of(by), fields=master.fields)
    return master


def _check(master: Master) -> None:
    if not _CODE.fullmatch(master.code):
        words = _("Write the code in a-z, 0-9, dot, hyphen and underscore, such as salesforce.")
        raise Refused(words, code="invalid", field="code")
    check_text(master.name, field="name")
    check_row(master, only={"name", "code", "url"})
    if master.url and not _is_address(master.url):
        words = _("Write an address that begins with https:// and has {id} in it.")
        raise Refused(words, code="invalid", field="url")


def _is_address(url: str) -> bool:
    """Whether a link to it is safe wherever the id leads: of the web, with the id behind the host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return (
        parts.scheme in ("https", "http")
        and bool(parts.hostname)
        and PLACE not in parts.netloc
        and PLACE in url
        and url.isprintable()
    )


def _checked_fields(fields: Sequence[str]) -> list[str]:
    known = [name for name, _label in choices()]
    if unknown := sorted(set(fields) - set(known)):
        words = _("“%(name)s” cannot have a master.")
        raise Refused(words % {"name": unknown[0][:60]}, code="invalid", field="fields")
    return [name for name in known if name in fields]


@transaction.atomic
def delete_master(master_id: UUID, *, by: Person | None) -> None:
    """Its fields can be changed here again; the customers keep where they come from.

    Raises Master.DoesNotExist. Publishes customers.master_deleted.
    """
    master: Master = Master.objects.select_for_update().get(pk=master_id)
    publish("customers.master_deleted", master, by=id_of(by))
    master.delete()


def untie_customer(customer_id: UUID, *, by: Person | None) -> Customer:
    """The customer comes from no other system any more: all of it can be changed here.

    For records that are gone there. Raises Customer.DoesNotExist. Publishes
    customers.customer_updated.
    """
    nobody = Masters()
    return update_customer(
        customer_id, changes={"source": "", "source_id": ""}, by=by, masters=nobody
    )
