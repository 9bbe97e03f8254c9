"""Write the replicas' part of the configuration of nginx.

    python deploy/replicas.py 10.0.0.11:8501 10.0.0.12:8501 > deploy/replicas.conf

Each address is one process of AlexNet Viz, as nginx reaches it: numbers, not names, because nginx
compares them with the address that answered.  Needs nothing but Python.
"""

import re
import sys
from collections.abc import Sequence

FAILED = "max_fails=1 fail_timeout=5s"
"""A replica that refuses a connection is asked again after that time."""


def configuration(addresses: Sequence[str]) -> str:
    """The maps and upstreams of these replicas, for nginx's ``http`` block.

    Raises:
        ValueError: no address, an address twice, or one that is not numbers.
    """
    wrong = [each for each in addresses if not re.fullmatch(r"[\d.]+:\d+|\[[\da-f:]+\]:\d+", each)]
    if wrong or not addresses or len({*addresses}) < len(addresses):
        raise ValueError(f"addresses such as 10.0.0.11:8501 are needed, each once: {wrong}")
    numbered = list(enumerate(addresses))
    lines = [
        "# Written by deploy/replicas.py.",
        "# Which replica the cookie asks for: its own upstream, else the one with least to do.",
        "map $cookie_replica $asked_for {",
        "    default replicas;",
        *(f"    {number} replica_{number};" for number, _ in numbered),
        "}",
        "# Which one answered: the last of those that were tried.",
        "map $upstream_addr $answered_by {",
        '    default "";',
        *(f'    "~(^| ){re.escape(each)}$" {number};' for number, each in numbered),
        "}",
        "upstream replicas {",
        "    zone replicas 64k;",
        "    least_conn;",
        *(f"    server {each} {FAILED};" for each in addresses),
        "}",
    ]
    for number, own in numbered:
        others = [f"    server {each} backup;" for each in addresses if each != own]
        lines += [f"upstream replica_{number} {{", f"    server {own} {FAILED};", *others, "}"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(configuration(sys.argv[1:]))
