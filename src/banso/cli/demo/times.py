"""When things were written down: rows made in a second get the times of the story."""

from datetime import date

from banso.cli.demo.dates import TOKYO
from banso.core import sql

# Table, its time column, the day it happened, and the clock.
_ROWS = (
    ("customers_customer", "created_at", "since", "10:00"),
    ("customers_contact", "created_at", "presence_since", "14:00"),
    ("customers_contract", "created_at", "start_on", "11:00"),
    ("customers_contractchange", "recorded_at", "effective_on", "11:00"),
    ("customers_charge", "recorded_at", "charged_on", "11:00"),
    ("customers_stagechange", "recorded_at", "entered_on", "10:30"),
    ("customers_cancellationnotice", "recorded_at", "noticed_on", "16:00"),
    ("core_event", "at", "%(begun)s", "09:30"),
)
# Nothing was written down before the company began to work with Banso, or in hours to come.
_DATED = """
UPDATE {table} SET {column} =
    least(greatest({day}, %(begun)s) + time '{clock}', %(today)s) AT TIME ZONE %(zone)s
WHERE workspace_id = %(workspace)s
"""
# Only successors came on a day of their own; the others were there from the start.
_FIRST_CONTACTS = """
UPDATE customers_contact AS contact SET created_at = customer.created_at + interval '20 minutes'
FROM customers_customer AS customer
WHERE contact.workspace_id = %(workspace)s AND customer.id = contact.customer_id
    AND NOT (contact.presence = 'here' AND contact.presence_since IS NOT NULL)
"""
_EVENTS = (
    ("customers.customer_created", "customers_customer", "created_at"),
    ("customers.contact_created", "customers_contact", "created_at"),
    ("customers.contract_signed", "customers_contract", "created_at"),
    ("customers.charge_added", "customers_contract", "created_at"),
    ("customers.notice_recorded", "customers_cancellationnotice", "recorded_at"),
)
_TOLD = """
UPDATE core_event AS event SET at = subject.{column} FROM {table} AS subject
WHERE event.workspace_id = %(workspace)s AND event.name = '{name}'
    AND subject.workspace_id = %(workspace)s AND event.subject_id = subject.id::text
"""


def settle(begun: date, today: date) -> None:
    """Rows and events of the open workspace so far bear the days of what they tell."""
    statements = [
        _DATED.format(table=table, column=column, day=day, clock=clock)
        for table, column, day, clock in _ROWS
    ]
    statements.append(_FIRST_CONTACTS)
    statements += [
        _TOLD.format(name=name, table=table, column=column) for name, table, column in _EVENTS
    ]
    for statement in statements:
        sql.run(statement, {"begun": begun, "today": today, "zone": TOKYO.key})
