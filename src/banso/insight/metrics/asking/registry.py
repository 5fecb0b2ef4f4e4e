"""Every figure this room knows: its id, its definition in words, and what works it out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext_lazy as _

from banso.core.declarations import Words

Unit = Literal["share", "money", "count", "months", "ratio", "posts"]
Stands = Literal["opening", "close", "day", "before"]


@dataclass(frozen=True, slots=True)
class Measure:
    """A KPI. `rows` names the function of `lib.ledger.kpis` that tells what customers add to it.

    `stands`: when a customer's place in a cut counts: at the opening, at the close, or on each
    row's own day (or "before" it). `in_money`: numerator and denominator are money. `parts`: what
    the rows' codes are called. `edges`: the rules that a reader must know, in words. `always_by`:
    the cut that it is told by where none is asked for. `of_whole`: each part's share of all, not of
    itself. `is_ahead`: it looks beyond today. `made_by`: how `making` makes the value of the rows
    where it is more than a sum or a ratio.
    """

    id: str
    number: int
    label: Words
    formula: Words
    numerator: Words
    denominator: Words
    unit: Unit
    source: str
    rows: str
    stands: Stands
    in_money: bool
    higher_is_better: bool | None
    edges: tuple[Words, ...] = ()
    parts: Mapping[int, str] | None = None
    nets_reversals: bool = False
    always_by: str = ""
    of_whole: bool = False
    is_ahead: bool = False
    made_by: str = ""

    @property
    def adds_up(self) -> bool:
        """Whether what customers add makes the figure, numerator and denominator."""
        return not self.made_by and not self.of_whole

    @property
    def good(self) -> str:
        """Which way is good: up, down or none."""
        return {True: "up", False: "down", None: "none"}[self.higher_is_better]

    @property
    def numerator_unit(self) -> Unit:
        """What its numerator counts."""
        return "money" if self.in_money else "count"

    @property
    def denominator_unit(self) -> Unit:
        """What its denominator counts: posts may be halves, and LTV divides by a rate."""
        if self.made_by == "per_head":
            return "posts"
        return "share" if self.made_by == "ltv" else self.numerator_unit


KINDS = {
    0: "new", 1: "upsell", 2: "cross_sell", 3: "price", 4: "reactivation",
    5: "contraction", 6: "churn", 7: "gap", 8: "migration", 9: "transfer",
}  # fmt: skip
OUTCOMES = {0: "lost", 1: "renewed", 2: "followed", 3: "open"}

_GRACE = _("Whoever is back within the grace period never left.")
_TRIALS = _("Trials do not count.")
_OPENING = _("Who comes during the period is in neither number.")
_NULL = _("Without a denominator there is no value.")
_ENDS = _("A longer period compares its own two ends; it is no product of months.")
_BELOW = _(
    "It is 1 − GRR: each customer's two ends are compared, price rises apart. Who grows and shrinks in"
    " one period lost the difference at most, so churn and contraction among the movements may add up"
    " to more."
)
_RATES = _(
    "Other currencies count at the rates of the period's first day, at its opening and at its close."
    " Where rates have changed, the opening is another sum than the close of the period before: that"
    " difference is told as exchange rates, and is no movement."
)
_DUE = _("A term counts on its last day, also where it was renewed early or ended before.")
_KNOWN = _("Terms whose grace period still runs are left out until they are known.")
_CUSTOMERS, _MRR = _("customers at the opening"), _("MRR at the opening")

MEASURES = {
    one.id: one
    for one in (
        Measure(
            "logo_churn", 1, _("Logo churn rate"),
            _("customers lost by the close ÷ customers at the opening"),
            _("customers lost"), _CUSTOMERS, "share", "docs/decisions/0033", "logo_churn", "opening",
            False, False, (_GRACE, _TRIALS, _OPENING, _NULL),
        ),
        Measure(
            "renewal_churn", 2, _("Renewal-based churn rate"),
            _("MRR not renewed ÷ MRR whose term ended"),
            _("MRR not renewed"), _("MRR whose term ended"), "share", "note.com/nanaeoku/n/nb3e863c3868c; docs/decisions/0033",
            "renewal_churn", "day", True, False, (_DUE, _KNOWN, _NULL), OUTCOMES,
        ),
        Measure(
            "revenue_churn", 3, _("Gross revenue churn rate"),
            _("Σ of what each customer's MRR at the close is below that at the opening ÷ MRR at the opening"),
            _("MRR lost"), _MRR, "share", "pulserevops.com/knowledge; docs/decisions/0033", "revenue_churn",
            "opening", True, False, (_GRACE, _BELOW, _OPENING, _ENDS, _NULL), {0: "churn", 1: "contraction"},
        ),
        Measure(
            "grr", 4, _("Gross revenue retention (GRR)"),
            _("Σ of the lesser of MRR at close and opening ÷ MRR at the opening"),
            _("MRR kept"), _MRR, "share", "pulserevops.com/knowledge; docs/decisions/0033", "grr", "opening", True, True,
            (_("Price rises do not count."), _OPENING, _ENDS, _NULL),
        ),
        Measure(
            "nrr", 5, _("Net revenue retention (NRR)"),
            _("MRR at the close of those there at the opening ÷ their MRR at the opening"),
            _("MRR at the close"), _MRR, "share", "changelog.baremetrics.com/new-metric-net-revenue-retention-2BOJIA; docs/decisions/0033", "nrr", "opening", True, True,
            (_OPENING, _ENDS, _NULL),
        ),
        Measure(
            "retention", 6, _("Customer retention rate"),
            _("(customers at the close − new ones) ÷ customers at the opening"),
            _("customers kept"), _CUSTOMERS, "share", "docs/decisions/0033", "retention", "opening",
            False, True, (_GRACE, _TRIALS, _OPENING, _NULL),
        ),
        Measure(
            "renewal_rate", 14, _("Renewal rate (by MRR)"),
            _("MRR renewed ÷ MRR whose term ended"),
            _("MRR renewed"), _("MRR whose term ended"), "share", "docs/decisions/0033",
            "renewal_rate", "day", True, True,
            (_DUE, _KNOWN, _("A smaller renewal counts as renewed, and as contraction besides.")),
            OUTCOMES,
        ),
        Measure(
            "renewal_count", 14, _("Renewal rate (by contracts)"),
            _("contracts renewed ÷ contracts whose term ended"),
            _("contracts renewed"), _("contracts whose term ended"), "share", "docs/decisions/0033",
            "renewal_count", "day", False, True, (_DUE, _KNOWN, _NULL), OUTCOMES,
        ),
        Measure(
            "upsell", 15, _("Upsell"),
            _("Σ of MRR added to products already held"),
            _("MRR added"), "", "money", "docs/decisions/0033", "upsell", "day", True, True,
            (_("Price rises do not count."), _("What is taken back within 90 days was none.")),
            nets_reversals=True,
        ),
        Measure(
            "cross_sell", 16, _("Cross-sell"),
            _("Σ of the first MRR of products new to a customer"),
            _("MRR added"), "", "money", "docs/decisions/0033", "cross_sell", "day", True, True,
            (_("A product exchanged for another on one day is no cross-sell."),),
            nets_reversals=True,
        ),
        Measure(
            "expansion", 15, _("Expansion"),
            _("Σ of upsell and cross-sell"),
            _("MRR added"), "", "money", "docs/decisions/0033", "expansion", "day", True, True,
            (_("Price rises do not count."), _("What is taken back within 90 days was none.")),
            {1: "upsell", 2: "cross_sell"}, nets_reversals=True,
        ),
        Measure(
            "renewals_due", 14, _("Renewals due (MRR)"),
            _("Σ of the MRR of contracts whose term ends, decided or not"),
            _("MRR whose term ends"), "", "money", "docs/decisions/0033", "renewals_due", "day", True,
            None, (_DUE,), OUTCOMES, is_ahead=True,
        ),
        Measure(
            "mrr", 0, _("MRR"), _("Σ of the MRR of contracts that pay on the last day"),
            _("MRR at the close"), "", "money", "docs/decisions/0033", "mrr", "close", True, True,
            (_TRIALS, _("Initial fees and other one-off lines do not count."), _RATES),
        ),
        Measure(
            "movements", 0, _("Movements of MRR"),
            _("Σ of what MRR gained and lost: its close less its opening"),
            _("change of MRR"), "", "money", "docs/decisions/0033", "movements", "day", True, True,
            (_GRACE, _RATES), KINDS,
        ),
        Measure(
            "ltv", 7, _("Lifetime value (LTV)"), _("ARPA × gross margin ÷ monthly revenue churn"),
            _("ARPA × gross margin"), _("monthly revenue churn"), "money", "D. Skok, SaaS Metrics 2.0 (2010); docs/decisions/0034",
            "revenue_churn", "opening", True, True,
            (
                _("Churn is supposed to stay as it is."),
                _("Without churn, or of fewer than 30 customers: at least so much, of 60 months."),
                _("Without a gross margin it is revenue."),
                _(
                    "By how long customers have stayed it is another number: the formula supposes that the"
                    " churn of one period stays for good, the other looks at all who ever paid and how"
                    " long they were there, for 60 months at most. Months of which fewer than 30 of them"
                    " are known say little."
                ),
            ),
            made_by="ltv",
        ),
        Measure(
            "cac_payback", 8, _("CAC payback"), _("CAC ÷ (ARPA × gross margin)"),
            _("cost of winning a customer"), _("ARPA × gross margin"), "months", "aibizhub.pages.dev/methodology/unit-economics-calculator; docs/decisions/0034",
            "revenue_churn", "opening", True, False,
            (_("Not told where the cost of winning customers is not known, or nobody was won."),),
            made_by="cac_payback",
        ),
        Measure(
            "cohort", 9, _("Retention by cohort (customers)"),
            _("customers at the close ÷ customers of the cohort"),
            _("customers at the close"), _("customers of the cohort"), "share", "docs.mixpanel.com/reference/retention-query; docs/decisions/0033",
            "cohort", "close", False, True,
            (_GRACE, _("A cohort is fixed by the month of the first paid day.")), always_by="cohort",
        ),
        Measure(
            "cohort_mrr", 9, _("Retention by cohort (MRR)"),
            _("MRR at the close ÷ MRR of the cohort at the close of its first month"),
            _("MRR at the close"), _("MRR of the cohort's first month"), "share", "docs.mixpanel.com/reference/retention-query; docs/decisions/0033",
            "cohort_mrr", "close", True, True,
            (_("A cohort is fixed by the month of the first paid day."),), always_by="cohort",
        ),
        Measure(
            "accounts_per_csm", 25, _("Customers per CSM"),
            _("customers with a main owner ÷ full-time posts of their owners"),
            _("customers with a main owner"), _("full-time posts"), "ratio", "metrickittools.com/glossary/csm-to-account-ratio; docs/decisions/0033",
            "customers", "close", False, None,
            (_("Of a post that looks after several parts, each has its share: 1 for a main owner, less for a sub owner."),),
            made_by="per_head",
        ),
        Measure(
            "arr_per_csm", 25, _("ARR per CSM"),
            _("ARR of customers with a main owner ÷ full-time posts of their owners"),
            _("ARR"), _("full-time posts"), "money", "metrickittools.com/glossary/csm-to-account-ratio; docs/decisions/0033", "arr", "close", True, None,
            (_("Of a post that looks after several parts, each has its share: 1 for a main owner, less for a sub owner."),),
            made_by="per_head",
        ),
        Measure(
            "churn_timing", 35, _("When and why customers leave"),
            _("customers lost of the part ÷ customers lost"),
            _("customers lost of the part"), _("customers lost"), "share", "docs/decisions/0033",
            "churns", "before", False, None, (_GRACE, _("Reasons that nobody told are a part of their own.")),
            always_by="reason", of_whole=True,
        ),
    )
}  # fmt: skip
