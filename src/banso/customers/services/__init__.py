"""Every write of the customer book."""

from banso.customers.services.attributes import (
    change_attribute,
    create_attribute,
    delete_attribute,
)
from banso.customers.services.bulk import (
    create_contacts,
    create_customers,
    record_notices,
    sign_contracts,
)
from banso.customers.services.contacts import (
    bin_contact,
    create_contact,
    mark_contact_moved,
    restore_contact,
    update_contact,
)
from banso.customers.services.contracts import (
    change_contract,
    end_contract,
    renew_contract,
    sign_contract,
    update_contract,
)
from banso.customers.services.corrections import correct_change, void_change
from banso.customers.services.current import ensure_current, keep_current, refresh_some
from banso.customers.services.customers import (
    bin_customer,
    change_stage,
    create_customer,
    record_contact,
    restore_customer,
    update_customer,
)
from banso.customers.services.inputs import (
    NewChange,
    NewContact,
    NewContract,
    NewCustomer,
    NewNotice,
)
from banso.customers.services.notices import record_notice, withdraw_notice
from banso.customers.services.products import (
    create_plan,
    create_product,
    ensure_plan,
    ensure_product,
    rename_product,
)
from banso.customers.services.purging import purge_bin
from banso.customers.services.renewals import renew_due_contracts
from banso.customers.services.segments import delete_segment, save_segment
from banso.customers.services.touches import TOUCHES_KEPT, forget_touches, touch_customers

__all__ = [
    "TOUCHES_KEPT",
    "NewChange",
    "NewContact",
    "NewContract",
    "NewCustomer",
    "NewNotice",
    "bin_contact",
    "bin_customer",
    "change_attribute",
    "change_contract",
    "change_stage",
    "correct_change",
    "create_attribute",
    "create_contact",
    "create_contacts",
    "create_customer",
    "create_customers",
    "create_plan",
    "create_product",
    "delete_attribute",
    "delete_segment",
    "end_contract",
    "ensure_current",
    "ensure_plan",
    "ensure_product",
    "forget_touches",
    "keep_current",
    "mark_contact_moved",
    "purge_bin",
    "record_contact",
    "record_notice",
    "record_notices",
    "refresh_some",
    "rename_product",
    "renew_contract",
    "renew_due_contracts",
    "restore_contact",
    "restore_customer",
    "save_segment",
    "sign_contract",
    "sign_contracts",
    "touch_customers",
    "update_contact",
    "update_contract",
    "update_customer",
    "void_change",
    "withdraw_notice",
]
