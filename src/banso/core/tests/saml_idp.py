"""A real SAML identity provider for tests: pysaml2, with the xmlsec1 program to sign.

Another implementation than ours in every part: its own XML, its own signatures, its own reading of
our request and of our metadata.
"""

import base64
import shutil
import warnings
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from banso.core.models import SignInProvider
from banso.core.sign_in import saml
from banso.core.sign_in.saml import request as asking

try:
    with warnings.catch_warnings():  # old names that it still looks up in cryptography
        warnings.simplefilter("ignore")
        import saml2
        from saml2.config import IdPConfig
        from saml2.cryptography import asymmetric
        from saml2.metadata import create_metadata_string
        from saml2.saml import NAMEID_FORMAT_PERSISTENT, NameID
        from saml2.server import Server
    # Each server of each test reads its key several times, and every time it is checked at length.
    asymmetric.load_pem_private_key = cache(asymmetric.load_pem_private_key)
except ImportError:
    saml2 = None

needs_saml = pytest.mark.skipif(
    not saml.is_installed() or saml2 is None or shutil.which("xmlsec1") is None,
    reason="needs requirements/saml.txt, pysaml2, and the program xmlsec1",
)
NAME = "https://idp.acme.example/saml"
DOOR = "https://idp.acme.example/sso?tenant=1&lang=ja"
SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
DIGEST = "http://www.w3.org/2001/04/xmlenc#sha256"


class Idp:
    """One identity provider with a key of its own, in `folder`."""

    def __init__(self, folder: Path, *, name: str = NAME, key: int = 1) -> None:
        folder.mkdir(exist_ok=True)
        self.name, self.folder = name, folder
        for file, content in zip(("key.pem", "cert.pem"), _pair(key), strict=True):
            (folder / file).write_bytes(content)
        self._server: Any = None

    @property
    def metadata(self) -> str:
        """As an owner would paste it."""
        told: bytes = create_metadata_string("", config=self._config([]), sign=False)
        return told.decode()

    @property
    def certificate(self) -> str:
        return (self.folder / "cert.pem").read_text()

    @property
    def key(self) -> bytes:
        return (self.folder / "key.pem").read_bytes()

    def meets(self, *services: SignInProvider) -> None:
        """It reads the metadata of these services of ours."""
        self._server = Server(config=self._config([asking.about_us(one) for one in services]))

    def answer(self, where: str, *, email: str, subject: str = "u-1", **more: Any) -> str:
        """The POST's `SAMLResponse` to the request that a browser carries to `where`."""
        packed = parse_qs(urlsplit(where).query)["SAMLRequest"][0]
        asked = self._server.parse_authn_request(packed, saml2.BINDING_HTTP_REDIRECT)
        goes = self._server.response_args(asked.message)
        return self.says(goes, email=email, subject=subject, **more)

    def says(self, goes: dict[str, Any], *, email: str, subject: str, **more: Any) -> str:
        told = {
            "identity": {"mail": email, "displayName": "Taro"},
            "name_id": NameID(format=NAMEID_FORMAT_PERSISTENT, text=subject),
            "authn": {"class_ref": "urn:oasis:names:tc:SAML:2.0:ac:classes:Password"},
            "sign_assertion": True,
            "sign_response": False,
            "sign_alg": SHA256,
            "digest_alg": DIGEST,
            "farg": None,
        }
        keys = ("in_response_to", "destination", "sp_entity_id")
        made = self._server.create_authn_response(
            **{**{key: goes[key] for key in keys}, **told, **more}
        )
        return base64.b64encode(str(made).encode()).decode()

    def _config(self, known: list[str]) -> Any:
        config = IdPConfig()
        config.load(
            {
                "entityid": self.name,
                "xmlsec_binary": shutil.which("xmlsec1"),
                "key_file": str(self.folder / "key.pem"),
                "cert_file": str(self.folder / "cert.pem"),
                "metadata": {"inline": known},
                "service": {
                    "idp": {
                        "endpoints": {
                            "single_sign_on_service": [(DOOR, saml2.BINDING_HTTP_REDIRECT)]
                        },
                        "policy": {"default": {"lifetime": {"minutes": 5}}},
                    }
                },
            }
        )
        return config


@cache
def _pair(_number: int) -> tuple[bytes, bytes]:
    """A private key and its certificate; the same for the same number."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.acme.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private, made.public_bytes(serialization.Encoding.PEM)
