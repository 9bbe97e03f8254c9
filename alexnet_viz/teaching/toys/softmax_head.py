"""A softmax layer trained on fixed features, as in transfer learning with all other layers frozen.

Gradient descent with weight decay on the mean cross-entropy, from zero.  The features are taken
less their mean over the examples, and scaled to a mean square length of 1.
"""

from typing import Any, NamedTuple

STEPS, RATE, DECAY = 1000, 0.5, 0.0001


class Head(NamedTuple):
    """Weights (features, classes), biases (classes,), and what is done to features before."""

    weights: Any
    biases: Any
    mean: Any
    scale: float


def trained(features: Any, label: Any, classes: int) -> Head:
    """The layer after training on features (examples, features) with their classes (examples,).

    The weights are sums of the examples, so they are found in the space of the examples' products.
    """
    import numpy as np

    known = features.astype(np.float64)
    mean = known.mean(axis=0)
    known -= mean
    scale = 1 / float(np.sqrt((known**2).sum(axis=1).mean()) or 1)
    known *= scale
    products = known @ known.T
    truth = np.eye(classes)[label]
    parts, biases = np.zeros((len(known), classes)), np.zeros(classes)
    for _ in range(STEPS):
        wrong = (_softmax(products @ parts + biases) - truth) / len(known)
        parts -= RATE * 10 * (wrong + DECAY * parts)
        biases -= RATE * wrong.sum(axis=0)
    return Head(known.T @ parts, biases, mean, scale)


def answers(head: Head, features: Any) -> Any:
    """The class that the layer answers for each row of features: (examples,)."""
    return ((features - head.mean) * head.scale @ head.weights + head.biases).argmax(axis=1)


def _softmax(logits: Any) -> Any:
    import numpy as np

    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
