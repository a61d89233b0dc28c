"""Certificates for TLS servers on loopback, made when a test needs them.

firm = Authority.made(tmp_path)            a root of its own: firm.file is its PEM
firm.context()                             a server it vouches for
firm.context(name="other.example")         one for another address
firm.context(days=-1)                      one that has expired
self_signed(tmp_path)                      one that nobody vouches for
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HERE = "127.0.0.1"


@dataclass(frozen=True)
class Authority:
    """A firm's own root certificate."""

    folder: Path
    name: x509.Name
    key: ec.EllipticCurvePrivateKey
    file: Path

    @staticmethod
    def made(folder: Path, name: str = "Kanari Root CA") -> Authority:
        """Make one; its certificate is written to `folder`."""
        key, called = ec.generate_private_key(ec.SECP256R1()), _name(name)
        signed = _certificate(called, called, key, key, authority=True)
        file = folder / f"{name.replace(' ', '-').lower()}.pem"
        file.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        return Authority(folder, called, key, file)

    def context(self, name: str = HERE, days: int = 1) -> ssl.SSLContext:
        """Return a server's context whose certificate this root has signed."""
        key = ec.generate_private_key(ec.SECP256R1())
        signed = _certificate(_name(name), self.name, key, self.key, host=name, days=days)
        return _context(self.folder, signed, key)


def self_signed(folder: Path) -> ssl.SSLContext:
    """Return a server's context that nobody but itself vouches for."""
    key, name = ec.generate_private_key(ec.SECP256R1()), _name(HERE)
    return _context(folder, _certificate(name, name, key, key, host=HERE), key)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common)])


def _certificate(
    name: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    *,
    host: str = "",
    days: int = 1,
    authority: bool = False,
) -> x509.Certificate:
    ends = dt.datetime.now(dt.UTC) + dt.timedelta(days=days)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ends - dt.timedelta(days=2))
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if host:
        where: x509.GeneralName = (
            x509.IPAddress(ipaddress.ip_address(host)) if host == HERE else x509.DNSName(host)
        )
        builder = builder.add_extension(x509.SubjectAlternativeName([where]), critical=False)
    return builder.sign(signer, hashes.SHA256())


def _context(
    folder: Path, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey
) -> ssl.SSLContext:
    stem = f"server-{certificate.serial_number:x}"
    pem, secret = folder / f"{stem}.pem", folder / f"{stem}.key"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    return context
