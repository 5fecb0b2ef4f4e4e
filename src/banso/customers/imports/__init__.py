"""What can be imported into the customer book, and exported from it. Found by name at start-up."""

from banso.core.imports.declarations import declare_import
from banso.customers.imports.affiliations import AFFILIATIONS
from banso.customers.imports.charges import CHARGES
from banso.customers.imports.contacts import CONTACTS
from banso.customers.imports.contracts import CONTRACTS
from banso.customers.imports.customers import CUSTOMERS
from banso.customers.imports.notices import NOTICES
from banso.customers.imports.offers import OFFERS
from banso.customers.imports.past_posts import PAST_POSTS
from banso.customers.imports.purchases import PURCHASES
from banso.customers.imports.renewals import RENEWALS

declare_import(
    CUSTOMERS,
    CONTACTS,
    AFFILIATIONS,
    PAST_POSTS,
    CONTRACTS,
    CHARGES,
    NOTICES,
    RENEWALS,
    OFFERS,
    PURCHASES,
)
