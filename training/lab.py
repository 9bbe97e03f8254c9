"""Run all experiments of the training lab and write the results that ship.

``python -m training.lab [ID …]`` writes a file an experiment.  Runs end by
steps and not by time, so that the results do not depend on what else the machine does.  Arms that
are trained alike in several experiments are trained once.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from alexnet_viz.jobs.job import Progress
from alexnet_viz.model.device import choose
from alexnet_viz.teaching.experiments import ready
from alexnet_viz.teaching.experiments.budget import request
from alexnet_viz.teaching.experiments.experiment import FASHION
from alexnet_viz.teaching.experiments.registry import EXPERIMENTS
from alexnet_viz.teaching.experiments.run import Run
from alexnet_viz.teaching.experiments.trained import Trained
from alexnet_viz.teaching.experiments.verdict import sentences

FOLDER = Path(ready.__file__).with_name(ready.FOLDER)


def told(name: str) -> Progress:
    """Write the share of the experiment to standard error."""

    def tell(share: float, found: object = None, /) -> None:
        if found is not None:
            print(f"{name} {share:.0%}", file=sys.stderr, flush=True)

    return tell


def main() -> None:
    """Run the experiments that are named, or all, and write their files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("id", nargs="*", default=[])
    parser.add_argument("--data", default=FASHION)
    parser.add_argument("--seeds", type=int, default=None)
    parser.add_argument("--out", type=Path, default=FOLDER)
    options = parser.parse_args()
    device, finished = choose(), list[Trained]()
    options.out.mkdir(exist_ok=True)
    for name in options.id or EXPERIMENTS:
        asked = request(
            EXPERIMENTS[name], data=options.data, seeds=options.seeds, gpu=device.type != "cpu"
        )
        run = Run(replace(asked, seconds=None), EXPERIMENTS[name], device, finished)
        result = run.go_on(told(name), lambda: False)
        finished += run.working
        (options.out / f"{name}.json").write_text(result.to_json() + "\n", "utf-8")
        print(name, f"{result.machine.seconds:.0f} s", *sentences(EXPERIMENTS[name], result))


if __name__ == "__main__":
    main()
