"""A request's body as bytes of JSON: unpacked, limited, and free of what no column can hold."""

import re
import zlib

from banso.touchpoints.usage.wire.refusals import NotTaken

KB = 1024
# Segment's own limit is 500 KB; clients count a little differently.
LARGEST_BATCH = 512 * KB
LARGEST_MESSAGE = 32 * KB
# A single message with all its context; its own parts are held to LARGEST_MESSAGE.
LARGEST_SINGLE = 64 * KB

SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
# An escaped backslash, a whole pair, or half of one.
HALVES = re.compile(
    rb"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)
HALF = 6


def unpacked(body: bytes, *, encoding: str, limit: int) -> bytes:
    """The body as it was before `Content-Encoding`. NotTaken over `limit` bytes or if it is broken."""
    if encoding in {"", "identity"}:
        return _limited(body, limit)
    if encoding not in {"gzip", "x-gzip"}:
        raise NotTaken(415, "encoding")
    unpacker = zlib.decompressobj(wbits=31)
    try:
        text = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise NotTaken(400, "not_gzip") from error
    _limited(text, limit)
    if not unpacker.eof:
        raise NotTaken(400, "not_gzip")
    return text


def readable(body: bytes) -> bytes:
    """The body, sure to be UTF-8; halves of surrogate pairs (cut emoji) are U+FFFD."""
    body = body.removeprefix(b"\xef\xbb\xbf")
    if not body.isascii():
        try:
            body.decode()
        except UnicodeDecodeError as error:
            raise NotTaken(400, "not_utf8") from error
    if b"\\u" in body and SURROGATE.search(body):
        return HALVES.sub(_whole, body)
    return body


def _whole(found: re.Match[bytes]) -> bytes:
    return b"\\ufffd" if len(found[0]) == HALF else found[0]


def _limited(body: bytes, limit: int) -> bytes:
    if len(body) > limit:
        raise NotTaken(413, "body_too_large", limit=limit // KB)
    return body
