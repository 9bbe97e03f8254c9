"""Write the faces that the Start page shows at once: every sample through the 2012 network.

    python -m training.start_faces

writes alexnet_viz/ui/start/ready_made.json.  Run it again whenever the shipped weights, a sample or
``render.charts.map_faces`` change; tests/test_start_page.py compares the file with the model.
"""

import json
from dataclasses import astuple
from pathlib import Path
from typing import Any

import alexnet_viz.ui.start.ready_made as target
from alexnet_viz.model.activations import capture
from alexnet_viz.network.trace import trace
from alexnet_viz.pictures.preprocessing import preprocess
from alexnet_viz.pictures.samples import SAMPLES
from alexnet_viz.render.charts.map_faces import map_faces
from alexnet_viz.variants import VARIANTS
from alexnet_viz.weights.catalogue import DRAWINGS
from alexnet_viz.weights.compatibility import adapted
from alexnet_viz.weights.loader import filled, tensors

VARIANT = "alexnet_2012_paper"
SIZES = (224, 227)


def computed() -> dict[str, dict[str, dict[str, Any]]]:
    """Subject key, picture digest, layer: [PNG as a data URI, layer shown, channel]."""
    found = {}
    for size in SIZES:
        network = adapted(VARIANTS[VARIANT].at(size), DRAWINGS)
        result, model = trace(network), filled(network, tensors(DRAWINGS))
        key = "/".join(map(str, [VARIANT, "declared", False, result.input_shape, DRAWINGS.sha256]))
        found[key] = {
            picture.digest: {
                name: list(astuple(face))
                for name, face in map_faces(
                    result, capture(model, preprocess(picture, size, 3, DRAWINGS.preprocessing))
                ).items()
            }
            for picture in (sample.load() for sample in SAMPLES.values())
        }
    return found


if __name__ == "__main__":
    path = Path(target.__file__).with_name(target.FILE)
    path.write_text(json.dumps(computed(), indent=0) + "\n", "utf-8")
    print(f"{path.name}: {path.stat().st_size:,} bytes")
