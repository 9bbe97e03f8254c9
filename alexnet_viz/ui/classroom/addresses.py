"""Addresses of this app: what one opens, one for a page with choices, and this server's own."""

import socket
import struct
import sys
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlencode, urlsplit

from alexnet_viz.text.problem import Problem, shown
from alexnet_viz.ui.app.choices import CHOICES
from alexnet_viz.ui.app.routes import HOME_PATHS
from alexnet_viz.ui.app.shell import HOME, PAGES

MOST_SHOWN = 60
"""Most letters of a foreign address that a message repeats."""
SIOCGIFADDR = 0x8915
"""The request of netdevice(7) for an interface's address."""

Choices = dict[str, str]


def base_of(url: str, page: str) -> str:
    """What comes before the page in an address of the app, without a slash at its end.

    >>> base_of("http://10.0.0.5:8501/school/classroom", "classroom")
    'http://10.0.0.5:8501/school'
    """
    parts = urlsplit(url)
    path = parts.path.rstrip("/").removesuffix(f"/{page}").rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path}"


def checked_base(text: str) -> str:
    """An address that a teacher types for the server, completed with its scheme.

    Raises:
        Problem: it is no address of a server.
    """
    base = text.strip()
    base = base if "://" in base else f"http://{base}"
    try:
        parts = urlsplit(base)
        named = parts.hostname and parts.port != 0
    except ValueError:
        named = None
    legible = base.isprintable() and " " not in base
    if not named or parts.scheme not in ("http", "https") or parts.query or not legible:
        raise Problem("give_base", address=shown(text, MOST_SHOWN))
    return base.rstrip("/")


def only_here(base: str) -> bool:
    """Whether an address leads every machine to itself, so that no other reaches the server."""
    host = urlsplit(base).hostname or ""
    try:
        return ip_address(host).is_loopback or ip_address(host).is_unspecified
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def of_this_machine(port: int | None) -> str:
    """An address under which the local network reaches this machine; empty if none is known.

    The kernel's list of interfaces is read, where the system has one (Linux); nothing is sent.
    """
    if sys.platform != "linux":
        return ""
    from fcntl import ioctl

    for _, name in socket.if_nameindex():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
            try:
                answer = ioctl(asked.fileno(), SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
            except OSError:
                continue
        host = socket.inet_ntoa(answer[20:24])
        if not ip_address(host).is_loopback:
            return f"http://{host}:{port}" if port else ""
    return ""


def opened(text: str, hosts: set[str]) -> tuple[str, Choices]:
    """The page that an address of this app opens, and its choices as text.

    ``hosts`` are the names and ports under which this app is known.  An address without a host is
    taken for one of this app: ``/towers?section=run``.

    Raises:
        Problem: the address is another site's, no page of the app has its path, or a choice is
            none of the app's or has a value that it cannot take.
    """
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        raise Problem("give_no_address", address=shown(text, MOST_SHOWN)) from None
    if parts.scheme not in ("", "http", "https"):
        raise Problem("give_no_address", address=shown(text, MOST_SHOWN))
    if parts.netloc and parts.netloc.lower() not in hosts:
        raise Problem("give_foreign", host=shown(parts.netloc, MOST_SHOWN))
    last = parts.path.rstrip("/").rpartition("/")[2]
    page = HOME if last in ("", *HOME_PATHS) else last
    if page not in PAGES:
        raise Problem("give_no_page", page=shown(last, MOST_SHOWN))
    choices = dict(parse_qsl(parts.query, keep_blank_values=True))
    for name, value in choices.items():
        try:
            CHOICES[name].parse(value)
        except (KeyError, ValueError):
            asked = f"{name}={value}"
            raise Problem("give_no_choice", asked=shown(asked, MOST_SHOWN)) from None
    return page, choices


def address(base: str, page: str, choices: Mapping[str, str]) -> str:
    """The address of a page with choices.

    >>> address("http://10.0.0.5:8501", "towers", {"section": "run", "lang": "zh"})
    'http://10.0.0.5:8501/towers?section=run&lang=zh'
    """
    path = "" if page == HOME else page
    query = urlencode(choices, safe=",~")
    return f"{base}/{path}" + (f"?{query}" if query else "")
