"""Books with a long ledger: three contracts a customer, ten lines of the ledger among them."""

from banso.core.models import Workspace
from banso.core.scope import open_workspace
from banso.core.sql import run, run_for_all
from banso.core.workspaces import create_workspace
from banso.customers.services import NewCustomer, create_customers, ensure_product
from bench.ground import TODAY

AT_ONCE = 5000
CHANGES = 10  # lines a customer
# Three contracts each, begun within four years, a year long; the first has four lines, the others
# three: signed, then a mixture of renewals, growth and reduction, two fifths ended or run out.
_CONTRACTS = """
INSERT INTO customers_contract (id, workspace_id, customer_id, product_id, start_on, end_on, amount,
    term_months, currency, auto_renew, is_trial, created_at, external_id, source, source_id, number,
    first_support, billing, payment)
SELECT gen_random_uuid(), %(workspace)s, k.id, (%(products)s::uuid[])[n],
    %(today)s::date - (abs(hashtext(k.id::text || n)) %% 1460), NULL, 120000 * n, 12, 'JPY', true,
    n = 3 AND abs(hashtext(k.id::text)) %% 20 = 0, now(), '', '', '', '', '', '', ''
FROM customers_customer k, generate_series(1, 3) n WHERE k.workspace_id = %(workspace)s
"""
_LINES = """
INSERT INTO customers_contractchange (workspace_id, contract_id, customer_id, product_id, kind,
    effective_on, covers_until, quantity, amount, term_months, mrr, currency, is_trial, recorded_at)
SELECT %(workspace)s, c.id, c.customer_id, c.product_id,
    CASE WHEN n = 0 THEN 'new'
         WHEN n = 3 OR luck < 15 THEN CASE WHEN luck < 8 THEN 'end' ELSE 'renewal' END
         WHEN luck < 60 THEN 'expansion' WHEN luck < 75 THEN 'price' ELSE 'contraction' END,
    c.start_on + n * 120,
    CASE WHEN luck < 8 AND n > 0 THEN c.start_on + n * 120
         WHEN luck %% 3 = 0 THEN NULL ELSE c.start_on + n * 120 + 365 END,
    10, 120000 + n * luck * 100, 12, (120000 + n * luck * 100) / 12.0, 'JPY', c.is_trial,
    c.start_on + n * 120
FROM customers_contract c,
    generate_series(0, 2 + (c.product_id = (%(products)s::uuid[])[1])::int) n,
    LATERAL (SELECT abs(hashtext(c.id::text || n)) %% 100 AS luck) l
WHERE c.workspace_id = %(workspace)s
"""


def make(size: int) -> Workspace:
    """A workspace of so many customers, ten lines of the ledger each."""
    workspace = create_workspace(f"{size} customers")
    workspace.fixed_today = TODAY
    workspace.save()
    with open_workspace(workspace):
        products = [str(ensure_product(name).pk) for name in ("Core", "Plus", "Team")]
        for first in range(0, size, AT_ONCE):
            last = min(first + AT_ONCE, size)
            create_customers(
                [NewCustomer(name=f"株式会社{n}") for n in range(first, last)], by=None
            )
        for statement in (_CONTRACTS, _LINES):
            run(statement, {"products": products, "today": TODAY})
    run_for_all("VACUUM ANALYZE", reason="as autovacuum has done some minutes later")
    return workspace
