"""What can be imported for the figures, and exported. Found by name at start-up."""

from banso.core.imports.declarations import declare_import
from banso.insight.metrics.imports.exchange_rates import EXCHANGE_RATES
from banso.insight.metrics.imports.targets import TARGETS

declare_import(EXCHANGE_RATES, TARGETS)
