"""Time to compute the shapes, parameters and costs of all layers of AlexNet.

``trace`` evaluates the frozen description in plain Python; ``torchinfo.summary`` runs a torch model
on the meta device, once with the model already built and once including its construction.  Both
give the same totals.  They alternate in one run, so that other load on the machine affects all.

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
