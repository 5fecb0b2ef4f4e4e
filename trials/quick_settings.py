"""The program's own settings, but for quick passwords (`trials.ground.QUICK`)."""

from banso.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["trials.quick_passwords.QuickPasswords"]
