"""Trouble that a person can mend, said in one line."""

import errno

from banso.lib.spoken import say as _


class TroubleInWords(Exception):
    """The program cannot go on; the message is one line: what is wrong and what to do."""


def from_os(error: OSError) -> TroubleInWords:
    """The operating system's refusal, with the next step where we know one."""
    where = error.filename or ""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return disk_full(str(where))
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        text = _("No permission to write %(path)s. Name another data folder with BANSO_DATA.")
        return TroubleInWords(text % {"path": where})
    text = _("%(path)s cannot be used (%(why)s). Mend it, or name another folder with BANSO_DATA.")
    return TroubleInWords(text % {"path": where, "why": error.strerror or str(error)})


def disk_full(where: str) -> TroubleInWords:
    text = _("The disk is full (%(path)s). Nothing was lost: make room, then start again.")
    return TroubleInWords(text % {"path": where})
