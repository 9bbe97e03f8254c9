"""How long does it take to know every shape, parameter and cost of AlexNet?

``trace`` walks a frozen value in plain Python; ``torchinfo.summary`` runs a torch model on the meta
device, here with the model built beforehand, and once more with the building included.  Both give
the same totals.  They take turns in one run, so that a busy moment hits all of them.

    python -m benchmarks.trace
"""

import torchinfo

from alexnet_viz.model.build import build
from alexnet_viz.network.geometry import slide
from alexnet_viz.network.trace import Trace, trace
from alexnet_viz.variants import VARIANTS
from benchmarks.timing import medians, table

NETWORK = VARIANTS["alexnet_2012_227"]
ROUNDS = 60


def main() -> None:
    """Print the table."""
    model = build(NETWORK, device="meta")
    shape = (1, *NETWORK.input_shape)

    def summarise() -> torchinfo.ModelStatistics:
        return torchinfo.summary(model, input_size=shape, device="meta", verbose=0)

    def build_and_summarise() -> torchinfo.ModelStatistics:
        fresh = build(NETWORK, device="meta")
        return torchinfo.summary(fresh, input_size=shape, device="meta", verbose=0)

    def trace_anew() -> Trace:
        slide.cache_clear()
        return trace(NETWORK)

    assert trace(NETWORK).params == summarise().total_params
    times = medians(
        {
            "`trace`, nothing remembered": trace_anew,
            "`trace` again": lambda: trace(NETWORK),
            "`torchinfo.summary`, meta device, model at hand": summarise,
            "`torchinfo.summary`, meta device, model built": build_and_summarise,
        },
        rounds=ROUNDS,
    )
    print(table(times))


if __name__ == "__main__":
    main()
