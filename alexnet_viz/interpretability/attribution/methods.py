"""Attribution methods: the contribution of each input pixel to one unit.

saliency              the largest |∂ unit / ∂ pixel| of the three colours (Simonyan, Vedaldi,
                      Zisserman 2014, section 3)
integrated_gradients  the mean gradient along the straight line from a grey picture to this one,
                      times their difference (Sundararajan, Taly, Yan 2017, section 3).  The values
                      sum to the difference of the two outputs.  ``notes``: ``baseline`` (the output
                      for grey), ``sum``, and ``delta``, the error of the sum
guided_backpropagation  the gradient, with negative gradients set to 0 at every ReLU
                      (Springenberg, Dosovitskiy, Brox, Riedmiller 2015, section 3.4).  ``notes``:
                      ``relus``, the number of ReLUs; if it is 0, this is the plain gradient
occlusion             the decrease of the unit when a square is covered with grey, averaged over
                      the squares that cover a pixel (Zeiler, Fergus 2014, section 4.2).  ``notes``:
                      ``window`` and ``stride`` in pixels
grad_cam              the maps of ``layer``, each weighted by the mean gradient of the unit with
                      respect to it, summed and enlarged (Selvaraju et al. 2017, equations 1 and 2).
                      Their final ReLU is omitted, so that negative evidence stays visible.
                      ``notes``: ``rows`` and ``columns`` of the map before it was enlarged

The values of the three colours are summed; for ``saliency`` the largest is taken.  Grey is 0 in the
network's input: the mean colour of the training pictures, if the preprocessing subtracts one.
"""

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import torch
from captum.attr import (  # type: ignore[import-untyped]
    GuidedBackprop,
    IntegratedGradients,
    LayerAttribution,
    LayerGradCam,
    Occlusion,
    Saliency,
)
from torch import Tensor, nn

from alexnet_viz.interpretability.attribution import (
    STEPS,
    Attribution,
    Floats,
    Unit,
    passes,
    usual_window,
)
from alexnet_viz.interpretability.attribution.unit_model import Part, Shape
from alexnet_viz.jobs import Progress, Stop
from alexnet_viz.text.problem import Problem, shown

BATCH, ON_GPU = 2, 32
"""Images per pass on the CPU, where a further one saves nothing and visitors wait for the pass to
end, and on a GPU: they limit the memory, and the delay until ``stop`` takes effect."""

Found = tuple[Tensor, dict[str, float]]


@dataclass(frozen=True)
class Options:
    """Arguments that only some methods use; see ``attribute``."""

    output: float
    """The unit's value for the image."""
    shapes: dict[str, Shape]
    """The output shape of every layer of the part, without the image axis, in order."""
    layer: str | None
    window: int | None


def _batch(image: Tensor) -> int:
    return BATCH if image.device.type == "cpu" else ON_GPU


def _saliency(part: Part, image: Tensor, options: Options) -> Found:
    return Saliency(part).attribute(image)[0].amax(dim=0), {}


def _integrated_gradients(part: Part, image: Tensor, options: Options) -> Found:
    part.total = passes("integrated_gradients", *image.shape[2:])
    grey = torch.zeros_like(image)
    pixels = IntegratedGradients(part).attribute(
        image, grey, n_steps=STEPS, internal_batch_size=_batch(image)
    )
    plane = pixels.detach()[0].sum(dim=0)
    baseline, _ = part.look(grey)
    total = float(plane.sum(dtype=torch.float64))
    notes = {"baseline": baseline, "sum": total, "delta": total - (options.output - baseline)}
    return plane, notes


def _guided_backpropagation(part: Part, image: Tensor, options: Options) -> Found:
    # captum warns about its hooks at every call; they are on a private copy
    quiet = "Setting backward hooks on ReLU"
    if not any(quiet in str(filter[1]) for filter in warnings.filters):
        warnings.filterwarnings("ignore", quiet, UserWarning)
    relus = sum(isinstance(layer, nn.ReLU) for layer in part.layers)
    return GuidedBackprop(part).attribute(image)[0].sum(dim=0), {"relus": relus}


def _occlusion(part: Part, image: Tensor, options: Options) -> Found:
    channels, *size = image.shape[1:]
    window = options.window or usual_window(*size)
    if not 1 <= window <= min(size):
        raise Problem("attr_window", window=window, largest=min(size))
    stride = max(1, window // 2)
    part.total = passes("occlusion", size[0], size[1], window)
    with torch.no_grad():
        falls = Occlusion(part).attribute(
            image,
            sliding_window_shapes=(channels, window, window),
            strides=(channels, stride, stride),
            perturbations_per_eval=_batch(image),
        )
    return falls[0, 0], {"window": window, "stride": stride}  # a square covers all channels alike


def _grad_cam(part: Part, image: Tensor, options: Options) -> Found:
    before = list(options.shapes)[:-1]
    offered = [name for name in before if len(options.shapes[name]) == 3]
    if not offered:
        raise Problem("attr_cam_nothing", unit=part.unit.layer)
    if options.layer not in offered:
        raise Problem(
            "attr_cam_layer",
            layer=shown(str(options.layer)),
            unit=part.unit.layer,
            names=", ".join(offered),
        )
    seen: Tensor = LayerGradCam(part, part.layers.get_submodule(options.layer)).attribute(image)
    size = image.shape[2:]
    enlarged = LayerAttribution.interpolate(seen, tuple(size), interpolate_mode="bilinear")
    return enlarged[0, 0], {"rows": seen.shape[2], "columns": seen.shape[3]}


RUNS: dict[str, Callable[[Part, Tensor, Options], Found]] = {
    "saliency": _saliency,
    "integrated_gradients": _integrated_gradients,
    "guided_backpropagation": _guided_backpropagation,
    "occlusion": _occlusion,
    "grad_cam": _grad_cam,
}
"""The functions of ``METHODS``: (part, image (1, C, H, W), options) → (map (H, W), notes)."""


def attribute(
    model: nn.Sequential,
    image: Floats,
    unit: Unit,
    method: str,
    *,
    layer: str | None = None,
    window: int | None = None,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Attribution:
    """The attribution of one unit to the pixels of an image.

    ``image`` is float32, (channels, height, width), as the network reads it; the map is float32,
    (height, width).  ``layer`` is the layer whose maps Grad-CAM weights; ``window`` is the side of
    the occluding square in pixels, by default ``usual_window``.

    Raises:
        Problem: there is no such method, unit or layer, or the window does not fit the image.
        Stopped: ``stop`` returned true.
    """
    if method not in RUNS:
        raise Problem("attr_no_method", method=shown(method), known=", ".join(RUNS))
    began = time.perf_counter()
    # captum needs gradients and leaf tensors, whatever the caller's gradient mode
    with torch.inference_mode(False), torch.enable_grad():
        part = Part(model, unit, progress, stop)
        device = next((each.device for each in model.parameters()), torch.device("cpu"))
        batch = torch.tensor(image[None], dtype=torch.float32, device=device)
        output, shapes = part.look(batch)
        options = Options(output, shapes, layer, window)
        plane, notes = RUNS[method](part, batch.requires_grad_(), options)
        values: Floats = plane.detach().cpu().numpy().copy()
    if progress:
        progress(1.0)
    values.setflags(write=False)
    return Attribution(values, output, time.perf_counter() - began, notes)
