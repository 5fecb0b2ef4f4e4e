"""Passwords kept the program's way in a thousandth of its rounds.

A hash takes a quarter of a second on purpose. Trials sign in dozens of times, and only S11 at full
dose asks how long it takes: the programs that it serves keep passwords as always.
"""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class QuickPasswords(PBKDF2PasswordHasher):
    iterations = 1_000
