"""A certificate authority made up for one run, and a server's certificate signed by it."""

from __future__ import annotations

import datetime as dt
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def make_authority(folder: Path, *, name: str = "test authority") -> tuple[Path, Path, Path]:
    """Write a CA, and a certificate and key for this machine; return their files, all PEM, in this order."""
    now = dt.datetime.now(dt.UTC)
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer, subject = _named(name), _named("localhost")

    def begin(whose: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(whose)
            .issuer_name(issuer)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(hours=1))
            .not_valid_after(now + dt.timedelta(days=2))
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False
            )
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        )

    signs = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
    ca = begin(issuer, ca_key.public_key()).add_extension(x509.BasicConstraints(True, 0), critical=True)
    ca_certificate = ca.add_extension(signs, critical=True).sign(ca_key, hashes.SHA256())
    names = x509.SubjectAlternativeName(
        [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    )
    server = begin(subject, key.public_key()).add_extension(names, critical=False)
    certificate = server.add_extension(x509.BasicConstraints(False, None), critical=True).sign(
        ca_key, hashes.SHA256()
    )
    pem = serialization.Encoding.PEM
    plain_key = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    folder.mkdir(parents=True, exist_ok=True)
    files = (folder / "ca.crt", folder / "server.crt", folder / "server.key")
    for file, content in zip(
        files, (ca_certificate.public_bytes(pem), certificate.public_bytes(pem), plain_key), strict=True
    ):
        file.write_bytes(content)
    return files


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
