"""Makes an empty Tryton database an office's: a company, and a user who works in it with a key that is approved.

Run by tests/servers/tryton.py with the Python of Tryton's own environment: CONFIG DATABASE KEY.
"""

from __future__ import annotations

import sys
from decimal import Decimal
from typing import Any

DOLLAR = {"name": "US Dollar", "symbol": "$", "code": "USD", "rounding": Decimal("0.01"), "digits": 2}


def furnish(pool: Any, key: str) -> None:
    """A currency, the company, and for the administrator: the company and a key."""
    (currency,) = pool.get("currency.currency").create([DOLLAR])
    (party,) = pool.get("party.party").create([{"name": "Hilltop Auto"}])
    (company,) = pool.get("company.company").create([{"party": party.id, "currency": currency.id}])
    users = pool.get("res.user")
    (admin,) = users.search([("login", "=", "admin")])
    users.write([admin], {"companies": [("add", [company.id])], "company": company.id})
    application = {"user": admin.id, "application": "rest", "key": key, "state": "validated"}
    pool.get("res.user.application").create([application])


def main() -> None:
    """The order is Tryton's: nothing of it can be imported before it knows its configuration."""
    _, file, database, key = sys.argv
    from trytond import config

    config.update_etc(file)
    from trytond.pool import Pool
    from trytond.transaction import Transaction

    Pool.start()
    pool = Pool(database)
    pool.init()
    with Transaction().start(database, 1):
        furnish(pool, key)


main()
