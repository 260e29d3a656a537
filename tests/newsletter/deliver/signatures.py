"""Signatures, judged by two verifiers that aren't ours: dkimpy, and opendkim as many mail servers run it."""

import shutil
import subprocess
from pathlib import Path

import dkim as dkimpy
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from newsletter.deliver import dkim

SELECTOR, DOMAIN = "test-2026", "chenbao.example"
NAME = f"{SELECTOR}._domainkey.{DOMAIN}"


def verified_by_dkimpy(mail: bytes, key: rsa.RSAPrivateKey) -> bool:
    record = dkim.dns_value(key).encode()
    return bool(dkimpy.verify(mail, dnsfunc=lambda name, timeout=5: record if name == f"{NAME}.".encode() else None))


def said_by_opendkim(mail: bytes, key: rsa.RSAPrivateKey, folder: Path) -> str:
    if not (program := shutil.which("opendkim") or shutil.which("/usr/sbin/opendkim")):
        pytest.skip("opendkim isn't installed (Debian: opendkim)")
    (folder / "keys").write_text(f"{NAME} {dkim.dns_value(key)}\n")
    (folder / "conf").write_text(f"Mode v\nTestPublicKeys {folder / 'keys'}\nOn-BadSignature accept\n")
    (folder / "mail").write_bytes(mail)
    done = subprocess.run(
        [program, "-x", folder / "conf", "-t", folder / "mail"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout + done.stderr


def assert_verified(mail: bytes, key: rsa.RSAPrivateKey, folder: Path) -> None:
    assert verified_by_dkimpy(mail, key)
    words = said_by_opendkim(mail, key, folder)
    assert "verification (s=test-2026, d=chenbao.example, 2048-bit key" in words
    assert "succeeded" in words
