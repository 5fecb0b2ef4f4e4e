"""Backups: one file with every table, every uploaded file and the signing key; and the way back.

No Django in here but in `versions`: a backup is taken beside the running program, from one
snapshot of the database. See docs/decisions/0016-backup.md.
"""
