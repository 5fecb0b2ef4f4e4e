"""Passkeys: a key in software that signs as a phone would, and everything wrong with an answer."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_bytes
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from banso.core.models import Person, Session
from trials.house import CONFIGURED, EVIL, House
from trials.tokens.kinds import Kind, Place, Try
from trials.visitors import Visitor

DOOR = "/accounts/2fa/webauthn/login/"
HOST = CONFIGURED.partition("//")[2]
FLAG = AuthenticatorData.FLAG
PRESENT, VERIFIED, NEW = FLAG.UP, FLAG.UV, FLAG.AT


@dataclass
class Passkey:
    """One person's key for our address; `rp` and `origin` as the browser would tell them."""

    person: Person
    secret: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    id: bytes = field(default_factory=lambda: token_bytes(32))

    def register(self) -> "Passkey":
        """The program knows it."""
        public = ES256.from_cryptography_key(self.secret.public_key())  # type: ignore[no-untyped-call]
        known = AttestedCredentialData.create(Aaguid(bytes(16)), self.id, public)
        flags = PRESENT | VERIFIED | NEW
        told = AuthenticatorData.create(_hash(HOST), flags, 0, known)
        made = AttestationObject.create("none", told, {})
        response = {
            "clientDataJSON": websafe_encode(_client("webauthn.create", b"x" * 32, CONFIGURED)),
            "attestationObject": websafe_encode(bytes(made)),
        }
        Authenticator.objects.create(
            user=self.person,
            type=Authenticator.Type.WEBAUTHN,
            data={"name": "電話", "credential": self._credential(response)},
        )
        return self

    def answer(
        self,
        challenge: bytes,
        *,
        origin: str = CONFIGURED,
        rp: str = HOST,
        flags: AuthenticatorData.FLAG = PRESENT | VERIFIED,
        kind: str = "webauthn.get",
        person: Person | None = None,
    ) -> dict[str, Any]:
        """What the browser sends for this challenge."""
        told = bytes(AuthenticatorData.create(_hash(rp), flags, 1))
        client = _client(kind, challenge, origin)
        signed = self.secret.sign(told + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        whose = user_pk_to_url_str(person or self.person).encode()
        return self._credential(
            {
                "clientDataJSON": websafe_encode(client),
                "authenticatorData": websafe_encode(told),
                "signature": websafe_encode(signed),
                "userHandle": websafe_encode(whose),
            }
        )

    def _credential(self, response: dict[str, str]) -> dict[str, Any]:
        name = websafe_encode(self.id)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
        }


def _hash(host: str) -> bytes:
    return sha256(host.encode()).digest()


def _client(kind: str, challenge: bytes, origin: str) -> bytes:
    told = {"type": kind, "challenge": websafe_encode(challenge), "origin": origin}
    return json.dumps(told).encode()


def challenge(visitor: Visitor) -> bytes:
    """A fresh one, kept in this visitor's session."""
    answer = visitor.get(DOOR, [("X-Requested-With", "XMLHttpRequest")])
    return websafe_decode(json.loads(answer.body)["request_options"]["publicKey"]["challenge"])


def enters(visitor: Visitor, credential: object) -> bool:
    answer = visitor.post(DOOR, {"credential": json.dumps(credential)})
    assert answer.status < 500, f"a passkey's answer gives {answer.status}"
    return visitor.is_in


def _passkey(place: Place) -> Iterator[Try]:
    house = place.house
    key = Passkey(house.person()).register()
    other = Passkey(house.person()).register()

    def attempt(**changed: Any) -> bool:
        visitor = house.stranger()
        return enters(visitor, key.answer(challenge(visitor), **changed))

    visitor = house.stranger()
    good = key.answer(challenge(visitor))
    yield "good", enters(visitor, good)
    visitor.post("/accounts/logout/", {})
    yield "used", enters(visitor, good)
    yield "used", enters(house.stranger(), good)
    first, second = house.stranger(), house.stranger()
    challenge(first)
    yield "other person", enters(first, key.answer(challenge(second)))
    yield "other person", attempt(person=other.person)
    yield "other person", _unknown_key(house, key.person)
    yield "other purpose", attempt(kind="webauthn.create")
    yield "other purpose", attempt(origin=f"https://{EVIL}")
    yield "other purpose", attempt(origin=f"https://sub.{HOST}")
    yield "other purpose", attempt(rp=EVIL)
    yield "other purpose", attempt(flags=PRESENT)  # nobody showed a finger or a PIN
    yield "other purpose", attempt(flags=VERIFIED)
    yield "expired", _after_the_session(house, key)
    for part in ("signature", "clientDataJSON", "authenticatorData"):
        yield from _flips(place, key, part)


def _unknown_key(house: House, person: Person) -> bool:
    """A key that nobody registered says that it is the person's."""
    visitor = house.stranger()
    return enters(visitor, Passkey(person).answer(challenge(visitor)))


def _after_the_session(house: House, key: Passkey) -> bool:
    visitor = house.stranger()
    answer = key.answer(challenge(visitor))
    Session.objects.filter(session_key=visitor.cookies["sessionid"]).delete()
    return enters(visitor, answer)


def _flips(place: Place, key: Passkey, part: str) -> Iterator[Try]:
    """One byte of what was signed, or of the signature, is another."""
    visitor = place.house.stranger()
    good = key.answer(challenge(visitor))
    whole = websafe_decode(good["response"][part])
    count = min(len(whole), place.flips)
    for n in place.random.sample(range(len(whole)), count):
        wrong = bytearray(whole)
        wrong[n] ^= 1 << place.random.randrange(8)
        response = {**good["response"], part: websafe_encode(bytes(wrong))}
        yield "byte flipped", enters(visitor.twin(), {**good, "response": response})


KINDS = (
    Kind(
        "passkey",
        "a signature over a random challenge; fido2 compares the challenge in constant time",
        _passkey,
        {"other workspace": "a person's passkey is the same wherever they work"},
    ),
)
