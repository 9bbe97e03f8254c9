"""``python -m alexnet_viz.serving``: deploy the replicas on a Ray cluster, list them, end some."""

import argparse
import os
import signal
import sys
import threading

from alexnet_viz.serving import cluster
from alexnet_viz.text.problem import Problem


def main(words: list[str] | None = None) -> int:
    """Do what is asked; a cluster that was started here goes on until the process is ended."""
    parser = argparse.ArgumentParser(prog="python -m alexnet_viz.serving", description=__doc__)
    parser.add_argument(
        "--address",
        default="",
        help='of the head, host:port, or "auto": the cluster that runs here; else one is started',
    )
    parser.add_argument("--cpus", type=int, help="cores of a cluster that is started here")
    parser.add_argument("--replicas", help='a number, "2", or the least and the most, "1-4"')
    parser.add_argument("--each", type=float, default=1.0, help="cores of a replica")
    parser.add_argument("--gpus", type=float, default=0.0, help="GPUs of a replica")
    parser.add_argument("--list", action="store_true", help="print the replicas' names and end")
    parser.add_argument("--end", type=int, default=0, metavar="N", help="kill N replicas and end")
    given = parser.parse_args(words)
    if (given.list or given.end) and not given.address:
        parser.error("--list and --end need the --address of a cluster that runs")
    try:
        started = cluster.join(given.address, given.cpus)
        if given.replicas:
            os.environ[cluster.REPLICAS] = given.replicas
        if given.replicas or not cluster.deployed():
            cluster.deploy(cpus=given.each, gpus=given.gpus)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 2
    for name in cluster.replicas()[: given.end]:
        cluster.end_replica(name)
        print(f"ended {name}", flush=True)
    print("\n".join(cluster.replicas()), flush=True)
    if started and not (given.list or given.end):
        ended = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
        ended.wait()
    cluster.leave()
    return 0


if __name__ == "__main__":
    sys.exit(main())
