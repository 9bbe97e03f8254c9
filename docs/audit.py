"""Ask the advisory database OSV whether a package of the lock files has a known weakness.

    python -m docs.audit

Exit code 0: none has; 1: some have, and their advisories are listed; 2: the database cannot be
reached, and nothing was checked.
"""

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.request import Request, urlopen

ROOT = Path(__file__).parents[1]
DATABASE = "https://api.osv.dev/v1/querybatch"
LOCKS = ("requirements.lock", "requirements-cluster.lock")
PAGE = "https://osv.dev/vulnerability/"
SECONDS = 30


def pins(lock: str) -> dict[str, str]:
    """The versions of a lock file, by package, without the name of a build (+cpu)."""
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s+;]+)", lock, re.MULTILINE))


def advisories(pinned: Mapping[str, str], database: str = DATABASE) -> dict[str, list[str]]:
    """The advisories of each package that has any; raises OSError without an answer."""
    asked = [
        {"package": {"name": name, "ecosystem": "PyPI"}, "version": version}
        for name, version in pinned.items()
    ]
    body = json.dumps({"queries": asked}).encode()
    request = Request(database, data=body, headers={"Content-Type": "application/json"})
    with urlopen(request, timeout=SECONDS) as answer:
        results = json.loads(answer.read())["results"]
    return {
        name: [each["id"] for each in found["vulns"]]
        for name, found in zip(pinned, results, strict=True)
        if found.get("vulns")
    }


def main(database: str = DATABASE) -> int:
    """Print what was found; returns the exit code."""
    pinned = pins("\n".join((ROOT / lock).read_text("utf-8") for lock in LOCKS))
    try:
        found = advisories(pinned, database)
    except (OSError, ValueError, KeyError) as error:
        print(f"{database} cannot be reached: {error}. Nothing was checked.", file=sys.stderr)
        return 2
    for name, ids in found.items():
        print(name, pinned[name], *(PAGE + id for id in ids))
    print(f"{len(pinned)} packages of the lock files, {len(found)} with known weaknesses")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
