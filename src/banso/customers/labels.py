"""What the columns of customers and contacts are called, wherever a page, a mail or a file names one."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy

from banso.core.declarations import Words
from banso.customers.models import CustomAttribute

ATTRIBUTE = "attributes."
KEYS: Mapping[str, Words] = {
    "external_id": gettext_lazy("External ID"),
    "source": gettext_lazy("Source system"),
    "source_id": gettext_lazy("ID in the source system"),
}
# Those that another system can be the master of, in the order in which they are offered.
CUSTOMER: Mapping[str, Words] = {
    "name": gettext_lazy("Customer name"),
    "name_reading": gettext_lazy("Reading (kana)"),
    "corporate_number": gettext_lazy("Corporate number"),
    "former_names": gettext_lazy("Former names"),
    "domain": gettext_lazy("Web domain"),
    "parent_id": gettext_lazy("Parent company"),
    "industry": gettext_lazy("Industry"),
    "country": gettext_lazy("Country"),
    "employees": gettext_lazy("Employees"),
    "since": gettext_lazy("Customer since"),
    "tier": gettext_lazy("Touch tier"),
    "main_owner_id": gettext_lazy("Main owner"),
    "sub_owner_id": gettext_lazy("Sub owner"),
    "goals": gettext_lazy("Goals"),
    "approach": gettext_lazy("Our approach"),
    "purpose": gettext_lazy("What they use it for"),
    "maturity": gettext_lazy("Maturity"),
    "competitor": gettext_lazy("Competing product"),
    "switched_from": gettext_lazy("Switched from"),
    "fiscal_month": gettext_lazy("Fiscal year ends in"),
}
OURS: Mapping[str, Words] = {
    "stage": gettext_lazy("Stage"),
    "stage_since": gettext_lazy("In this stage since"),
    "currency": gettext_lazy("Currency"),
    "last_contact_on": gettext_lazy("Last contact"),
    "mrr": gettext_lazy("MRR"),
    "contracts": gettext_lazy("Contracts"),
    "contacts": gettext_lazy("Contacts"),
}
CONTACT: Mapping[str, Words] = {
    "name": gettext_lazy("Name"),
    "name_reading": gettext_lazy("Reading (kana)"),
    "email": gettext_lazy("E-mail address"),
    "phone": gettext_lazy("Telephone"),
    "department": gettext_lazy("Department"),
    "title": gettext_lazy("Job title"),
    "roles": gettext_lazy("Roles"),
    "presence": gettext_lazy("Presence"),
    "presence_since": gettext_lazy("In post or gone since"),
}
ALL_OF_CUSTOMER: Mapping[str, Words] = {**CUSTOMER, **OURS, **KEYS}
ALL_OF_CONTACT: Mapping[str, Words] = {**CONTACT, **KEYS}


def customer_label(name: str, attributes: Mapping[str, str] | None = None) -> Words:
    """What a column of customers, or `attributes.<key>`, is called.

    `attributes` are labels by key, where they were asked for already; else 1 query for an attribute.
    """
    if not name.startswith(ATTRIBUTE):
        return ALL_OF_CUSTOMER.get(name, name)
    key = name.removeprefix(ATTRIBUTE)
    return (attribute_labels(key) if attributes is None else attributes).get(key, key)


def attribute_labels(*keys: str) -> dict[str, str]:
    """What people call these custom attributes, or all. 1 query."""
    known = CustomAttribute.objects.filter(key__in=keys) if keys else CustomAttribute.objects
    return dict(known.order_by("label").values_list("key", "label"))
