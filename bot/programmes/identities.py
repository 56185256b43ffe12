"""Identities of the parts of a programme: the same for the same part, in every file and after every change."""

import uuid

_NAMESPACE = uuid.UUID("5f0a3c1e-6a86-5c0e-9d6e-3f3a9b1f6d42")


def identity(scope: str, key: str) -> uuid.UUID:
    """The identity of the part of that `key` in the event of that `scope` (its server)."""
    return uuid.uuid5(_NAMESPACE, f"{scope}/{key}")
