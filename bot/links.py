"""Addresses on the web that may be shown to people."""

import ipaddress
from urllib.parse import urlsplit

#: How long an address may be.
LINK_LENGTH = 500


def web_link(text: str) -> str | None:
    """The address as it is shown; None where it is none that people should be sent to.

    Only https, to a name with a dot, without a user's name in it, and without signs that Discord would read otherwise.
    """
    link = text.strip()
    if len(link) > LINK_LENGTH or any(c.isspace() or not c.isprintable() or c in '<>"\\|`' for c in link):
        return None
    try:
        parts = urlsplit(link)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() != "https" or not host or "@" in parts.netloc or "." not in host.strip("."):
        return None
    return None if _is_address(host) else link


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
