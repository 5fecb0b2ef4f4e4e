"""The only shape of an answer that we look into, before its signature is asked about.

Attacks on SAML live in documents that two readers read differently: a second assertion, a second
element with the signed ID, comments that cut a name in two, entities, transforms. Here is none.
"""

import base64
import binascii
from typing import Any

from banso.core.sign_in.claims import NotProven
from banso.core.sign_in.saml.names import DSIG, SAML, SAMLP, XENC

try:
    from lxml import etree
except ImportError:  # the extra is not installed: nothing here is called
    etree = None

MOST_BYTES = 256 * 1024
RIGHT_ALGORITHMS = {
    f"http://www.w3.org/2001/04/xmldsig-more#{kind}-sha{bits}"
    for kind in ("rsa", "ecdsa")
    for bits in (256, 384, 512)
}
RIGHT_DIGESTS = {
    "http://www.w3.org/2001/04/xmlenc#sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512",
}
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
RIGHT_TRANSFORMS = {"http://www.w3.org/2000/09/xmldsig#enveloped-signature", EXCLUSIVE}


def parsed(xml: bytes) -> Any:
    """The root of plain XML: UTF-8, elements and text only. Raises NotProven."""
    text = _decoded(xml)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise NotProven("a document type")
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise NotProven("no XML") from error
    if root.getroottree().docinfo.doctype:
        raise NotProven("a document type")
    return root


def checked(posted: str) -> Any:
    """The root of a posted answer of the one right shape, its signature unproven yet.

    One assertion, straight in the response, signed itself; every ID once; nothing but elements
    and text; algorithms and transforms by name. Raises NotProven.
    """
    root = parsed(_unpacked(posted))
    around = [*root.itersiblings(preceding=True), *root.itersiblings()]
    if around or not all(isinstance(one.tag, str) for one in root.iter()):
        raise NotProven("a comment or an instruction")
    if root.tag != f"{SAMLP}Response":
        raise NotProven("no response")
    if any(one.tag.startswith(XENC) for one in root.iter()):
        raise NotProven("encrypted")
    inside = [one for one in root.iter() if one.tag.endswith("}Assertion")]
    if [one.tag for one in inside] != [f"{SAML}Assertion"] or inside[0].getparent() is not root:
        raise NotProven("not one assertion")
    _check_ids(root)
    _check_signatures(root, inside[0])
    return root


def _unpacked(posted: str) -> bytes:
    if len(posted) > MOST_BYTES * 4 // 3:
        raise NotProven("too long")
    try:
        return base64.b64decode("".join(posted.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotProven("no base64") from error


def _decoded(xml: bytes) -> str:
    try:
        return xml.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotProven("not UTF-8") from error


def _check_ids(root: Any) -> None:
    ids = [
        value
        for one in root.iter()
        for name, value in one.attrib.items()
        if etree.QName(name).localname.lower() == "id"
    ]
    if len(ids) != len(set(ids)):
        raise NotProven("an ID twice")


def _check_signatures(root: Any, assertion: Any) -> None:
    """The assertion has a signature of its own; the response may have one around it."""
    found = list(root.iter(f"{DSIG}Signature"))
    if assertion not in [one.getparent() for one in found]:
        raise NotProven("the assertion is not signed")
    if len(found) > 2 or any(one.getparent() not in (root, assertion) for one in found):
        raise NotProven("a signature in another place")
    for one in found:
        _check_signature(one)


def _check_signature(signature: Any) -> None:
    signed = signature.findall(f"{DSIG}SignedInfo")
    references = list(signature.iter(f"{DSIG}Reference"))
    if len(signed) != 1 or len(references) != 1 or references[0].getparent() is not signed[0]:
        raise NotProven("not one reference")
    if references[0].get("URI") != f"#{signature.getparent().get('ID')}":
        raise NotProven("it signs something else")
    if list(signature.iter(f"{DSIG}Object")):
        raise NotProven("an object in a signature")
    _by_name(signature, "CanonicalizationMethod", {EXCLUSIVE})
    _by_name(signature, "SignatureMethod", RIGHT_ALGORITHMS)
    _by_name(signature, "DigestMethod", RIGHT_DIGESTS)
    transforms = [one.get("Algorithm") for one in signature.iter(f"{DSIG}Transform")]
    if not set(transforms) <= RIGHT_TRANSFORMS or len(transforms) > 2:
        raise NotProven("a transform")


def _by_name(signature: Any, name: str, right: set[str]) -> None:
    found = [one.get("Algorithm") for one in signature.iter(f"{DSIG}{name}")]
    if len(found) != 1 or found[0] not in right:
        raise NotProven(f"{name}: {found}")
