"""Every write of the customer book."""

from banso.customers.services.affiliations import affiliate_contact, end_affiliation
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
from banso.customers.services.charges import add_charge, add_charges, void_charge
from banso.customers.services.contacted import note_contact, record_contact, take_back_contact
from banso.customers.services.contacted_many import Spoken, note_contacts, take_back_contacts
from banso.customers.services.contacts import (
    bin_contact,
    create_contact,
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
    restore_customer,
    update_customer,
)
from banso.customers.services.desk import (
    decline_renewal,
    renew_from_desk,
    reopen_renewal,
)
from banso.customers.services.following import (
    fill_segment,
    follow_soon,
    follow_touched,
    is_due,
    propose_to_everybody,
    retest_everybody,
    retest_soon,
)
from banso.customers.services.inputs import (
    NewChange,
    NewCharge,
    NewContact,
    NewContract,
    NewCustomer,
    NewNotice,
    NewOffer,
    NewPurchase,
    RenewalPlan,
)
from banso.customers.services.likenesses import (
    Changes,
    find_likenesses,
    set_silent_domains,
    silent_domains,
    take_back_apart,
    tell_apart,
)
from banso.customers.services.losses import NewLoss, set_loss_reasons, tell_loss
from banso.customers.services.masters import delete_master, save_master, untie_customer
from banso.customers.services.moves import (
    GONE,
    Successor,
    ask_again,
    confirm_contact,
    mark_contact_moved,
    take_back_move,
)
from banso.customers.services.notices import record_notice, withdraw_notice
from banso.customers.services.offers import (
    OfferChange,
    make_offer,
    make_offers,
    update_offer,
    update_offers,
)
from banso.customers.services.past_posts import tell_past_post
from banso.customers.services.placing import place_customers
from banso.customers.services.products import (
    create_plan,
    create_product,
    ensure_plan,
    ensure_product,
    rename_product,
)
from banso.customers.services.purchases import add_purchase, add_purchases, void_purchase
from banso.customers.services.purging import purge_bin
from banso.customers.services.putting import put_customer, put_known_customer
from banso.customers.services.renewal_plans import PlanChange, plan_renewal, plan_renewals
from banso.customers.services.renewals import renew_due_contracts
from banso.customers.services.segments import delete_segment, save_segment, set_segment_tier
from banso.customers.services.touches import (
    TOUCHES_KEPT,
    follow_values,
    forget_touches,
    touch_customers,
)

__all__ = [
    "GONE",
    "TOUCHES_KEPT",
    "Changes",
    "NewChange",
    "NewCharge",
    "NewContact",
    "NewContract",
    "NewCustomer",
    "NewLoss",
    "NewNotice",
    "NewOffer",
    "NewPurchase",
    "OfferChange",
    "PlanChange",
    "RenewalPlan",
    "Spoken",
    "Successor",
    "add_charge",
    "add_charges",
    "add_purchase",
    "add_purchases",
    "affiliate_contact",
    "ask_again",
    "bin_contact",
    "bin_customer",
    "change_attribute",
    "change_contract",
    "change_stage",
    "confirm_contact",
    "correct_change",
    "create_attribute",
    "create_contact",
    "create_contacts",
    "create_customer",
    "create_customers",
    "create_plan",
    "create_product",
    "decline_renewal",
    "delete_attribute",
    "delete_master",
    "delete_segment",
    "end_affiliation",
    "end_contract",
    "ensure_current",
    "ensure_plan",
    "ensure_product",
    "fill_segment",
    "find_likenesses",
    "follow_soon",
    "follow_touched",
    "follow_values",
    "forget_touches",
    "is_due",
    "keep_current",
    "make_offer",
    "make_offers",
    "mark_contact_moved",
    "note_contact",
    "note_contacts",
    "place_customers",
    "plan_renewal",
    "plan_renewals",
    "propose_to_everybody",
    "purge_bin",
    "put_customer",
    "put_known_customer",
    "record_contact",
    "record_notice",
    "record_notices",
    "refresh_some",
    "rename_product",
    "renew_contract",
    "renew_due_contracts",
    "renew_from_desk",
    "reopen_renewal",
    "restore_contact",
    "restore_customer",
    "retest_everybody",
    "retest_soon",
    "save_master",
    "save_segment",
    "set_loss_reasons",
    "set_segment_tier",
    "set_silent_domains",
    "sign_contract",
    "sign_contracts",
    "silent_domains",
    "take_back_apart",
    "take_back_contact",
    "take_back_contacts",
    "take_back_move",
    "tell_apart",
    "tell_loss",
    "tell_past_post",
    "touch_customers",
    "untie_customer",
    "update_contact",
    "update_contract",
    "update_customer",
    "update_offer",
    "update_offers",
    "void_change",
    "void_charge",
    "void_purchase",
    "withdraw_notice",
]
