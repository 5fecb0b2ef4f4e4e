"""Cells pasted from a spreadsheet: tabs between them, quotes around those with line breaks."""

from collections.abc import Sequence

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.translation import gettext as _

from banso.core.errors import Refused

MARK = "\ufeff"


def given(files: Sequence[UploadedFile], pasted: str | None) -> Sequence[UploadedFile]:
    """The files, or what was pasted as one file that they are read like. Refused for empty cells."""
    if pasted is None:
        return files
    text = pasted.replace("\r\n", "\n").strip("\n")  # a form sends its own line ends
    if not text.strip():
        raise Refused(_("Paste cells with a heading row first."), code="no_files", field="pasted")
    # A browser may hand over half of a character; the import says where, in its row.
    data = (MARK + text).encode("utf-8", "replace")
    return [SimpleUploadedFile(_("pasted cells") + ".tsv", data)]
