"""Whom this computer trusts: the system's own store, and what the user or the firm adds to it.

Everything here adds. Nothing takes the check away, and nothing can be switched off.
"""

from __future__ import annotations

import os
import ssl
import sys
from collections.abc import Mapping
from pathlib import Path

import truststore

from app.domain.errors import InputError

FILE_VARIABLE, FOLDER_VARIABLE = "SSL_CERT_FILE", "SSL_CERT_DIR"
_BEGIN = "-----BEGIN CERTIFICATE-----"
_MOST_BYTES = 10_000_000
# Where Linux distributions keep their store, if OpenSSL was built for another place.
_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


class TrustFileError(Exception):
    """A file of certificates that was added can no longer be used; `chosen` by the user, or not."""

    def __init__(self, *, chosen: bool) -> None:
        super().__init__("the added certificates cannot be read")
        self.chosen = chosen


def trust(ca_file: str, environment: Mapping[str, str] = os.environ) -> ssl.SSLContext:
    """Return the context for every connection; TrustFileError when an added file is unusable.

    `SSL_CERT_FILE` and `SSL_CERT_DIR` add to the system's store too, where OpenSSL by itself would
    put them in its place.
    """
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    file, folder = environment.get(FILE_VARIABLE, ""), environment.get(FOLDER_VARIABLE, "")
    if (file or folder) and sys.platform not in ("win32", "darwin"):
        _add_system(context)
    if folder and Path(folder).is_dir():
        context.load_verify_locations(capath=folder)
    for path, chosen in ((file, False), (ca_file, True)):
        if path:
            try:
                context.load_verify_locations(cadata=read_certificates(path))
            except (InputError, ssl.SSLError):
                raise TrustFileError(chosen=chosen) from None
    return context


def _add_system(context: ssl.SSLContext) -> None:
    built_in = ssl.get_default_verify_paths()
    if Path(built_in.openssl_capath).is_dir():
        context.load_verify_locations(capath=built_in.openssl_capath)
    for bundle in (built_in.openssl_cafile, *_BUNDLES):
        if Path(bundle).is_file():
            context.load_verify_locations(cafile=bundle)
            return


def read_certificates(path: str) -> str:
    """Return the PEM text of a file; InputError when it is none."""
    step = "Ask your IT department for the firm's root certificate as a PEM file."
    try:
        with Path(path).open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except (OSError, ValueError):
        raise InputError("That file cannot be read.", "Choose another one.", "bad_ca") from None
    text = data.decode("latin-1")
    if "PRIVATE KEY-----" in text:
        raise InputError("That file holds a private key, which belongs nowhere.", step, "bad_ca")
    if len(data) > _MOST_BYTES or _BEGIN not in text:
        raise InputError("That file holds no certificate in PEM form.", step, "bad_ca")
    return text.encode("ascii", "ignore").decode("ascii")


def described(path: str) -> str:
    """Return what a file of certificates holds, in words; InputError when nothing usable."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cadata=read_certificates(path))
    except ssl.SSLError:
        raise InputError(
            "The certificate in that file cannot be read.",
            "Ask your IT department for it again, as a PEM file.",
            "bad_ca",
        ) from None
    count = context.cert_store_stats()["x509"]
    named = [name for each in context.get_ca_certs() if (name := _common_name(each))]
    if count == 1:
        return f"1 certificate: {named[0]}" if named else "1 certificate"
    return f"{count:,} certificates, first {named[0]}" if named else f"{count:,} certificates"


def _common_name(certificate: Mapping[str, object]) -> str:
    subject = certificate.get("subject", ())
    found = {}
    for parts in subject if isinstance(subject, tuple) else ():
        found.update(dict(parts))
    name = str(found.get("commonName") or found.get("organizationName") or "")
    return name[:80] if name.isprintable() else ""
