"""A scan whose looking is done by a Ray cluster, with Ray Data.

Every machine of the cluster must have the folder under the same path.  Results come back in order
and hold only what a scan keeps: 150 kB a picture, never its activations.
"""

import logging
import pickle
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from alexnet_viz.interpretability.folder_scan.looking import Looked, Looker, look_at
from alexnet_viz.isolation.pool import Children
from alexnet_viz.weights.catalogue import WEIGHTS


class Worker:
    """An actor of the cluster: looks at one batch of files after another."""

    def __init__(self, weights: str, layer: str, folder: str) -> None:
        import torch

        torch.set_num_threads(1)  # Ray gives each actor one core
        self._looker = Looker(WEIGHTS[weights], layer)
        self._folder, self._children = Path(folder), Children(1)

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        looked = look_at(self._looker, self._children, self._folder, pickle.loads(row["names"]))
        return {"looked": pickle.dumps(looked)}


def on_ray(
    weights: str,
    layer: str,
    folder: Path,
    wanted: Iterable[Sequence[str]],
    workers: int,
    address: str | None = None,
) -> Iterator[Looked]:
    """What each batch of files is, in their order; ``address`` names a cluster, else one is begun.

    Raises:
        ModuleNotFoundError: Ray is not installed.
    """
    ray: Any = import_module("ray")
    data: Any = import_module("ray.data")
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    started = not ray.is_initialized()
    if started:
        ray.init(
            address=address, include_dashboard=False, log_to_driver=False, logging_level="ERROR"
        )
    try:
        context = data.DataContext.get_current()
        context.execution_options.preserve_order = True
        context.enable_progress_bars = False
        rows = [{"names": pickle.dumps(list(names))} for names in wanted]
        if not rows:
            return
        seen = data.from_items(rows, override_num_blocks=len(rows)).map(
            Worker,
            fn_constructor_args=(weights, layer, str(folder.absolute())),
            compute=data.ActorPoolStrategy(size=workers),
        )
        for row in seen.iter_rows():
            yield pickle.loads(row["looked"])
    finally:
        if started:
            ray.shutdown()
