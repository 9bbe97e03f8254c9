"""Compare features made by hand with those that the bundled network learned, on new drawings.

``python -m training.edges_or_learned`` trains the same linear head on both, from the same few
drawings of each class, tests it on others, and writes the numbers that the lab of history shows.
"""

import json
from pathlib import Path

import numpy as np
import torch

from alexnet_viz.model.activations import capture
from alexnet_viz.network.trace import trace
from alexnet_viz.pictures.preprocessing import normalised
from alexnet_viz.pictures.synthetic import CLASSES
from alexnet_viz.pictures.synthetic.scene import draw
from alexnet_viz.teaching.toys import edge_histogram, softmax_head
from alexnet_viz.weights import loader, shared
from alexnet_viz.weights.catalogue import DRAWINGS

SEED = 31
"""Of the drawings; none of the training, whose seeds are in the card, begins with it."""
EXAMPLES, TEST = (1, 2, 5, 10), 10
FILE = Path(edge_histogram.__file__).with_name(edge_histogram.MEASURED)


def drawings(kind: int) -> list[np.ndarray]:
    """The drawings of a class: first those of the test, then those to learn from."""
    return [
        draw(CLASSES[kind], np.random.default_rng((SEED, kind, n)))
        for n in range(TEST + max(EXAMPLES))
    ]


def compared(features: np.ndarray) -> dict[str, object]:
    """Shares of right answers by number of examples, and the confusions at the largest."""
    classes = len(CLASSES)
    test = features[:, :TEST].reshape(classes * TEST, -1)
    truth = np.repeat(np.arange(classes), TEST)
    right, confusion = {}, np.zeros((classes, classes), int)
    for examples in EXAMPLES:
        known = features[:, TEST : TEST + examples].reshape(classes * examples, -1)
        head = softmax_head.trained(known, np.repeat(np.arange(classes), examples), classes)
        said = softmax_head.answers(head, test)
        right[str(examples)] = round(float((said == truth).mean()), 4)
    np.add.at(confusion, (truth, said), 1)
    return {"right": right, "confusion": confusion.tolist()}


def main() -> None:
    """Measure and write ``FILE``."""
    weights = shared.SharedWeights(loader.tensors(DRAWINGS), torch.device("cpu"), learned=True)
    model = weights.model("drawings", trace(DRAWINGS.network).network)
    edges, learned = [], []
    for kind in range(len(CLASSES)):
        pictures = drawings(kind)
        edges.append([edge_histogram.features(each) for each in pictures])
        rows = []
        for first in range(0, len(pictures), 5):
            part = pictures[first : first + 5]
            batch = np.stack([normalised(each, 3, DRAWINGS.preprocessing) for each in part])
            rows += list(capture(model, batch)["relu7"])
        learned.append(rows)
    found = {
        "examples": EXAMPLES,
        "test": TEST,
        "edges": compared(np.array(edges)),
        "learned": compared(np.array(learned)),
    }
    FILE.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
