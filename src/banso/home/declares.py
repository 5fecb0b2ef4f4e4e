"""What the pages where rooms meet tell the house."""

from banso.core.declarations import Topic, declare

declare(
    Topic("today", "customers.read", events=("work.", "core.import_"), about_customers=True),
)
