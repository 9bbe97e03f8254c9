"""The methods: each turns a part of a network and an image into one number a pixel.

saliency              the largest |∂ unit / ∂ pixel| of the three colours (Simonyan, Vedaldi,
                      Zisserman 2014, section 3)
integrated_gradients  the mean gradient on the straight way from a grey picture to this one, times
                      the difference (Sundararajan, Taly, Yan 2017, section 3).  All values add up
                      to the difference of the two outputs; ``notes`` says how exactly:
                      ``baseline`` (output for grey), ``sum``, and ``delta``, the error of the sum
guided_backpropagation  the gradient, but every ReLU lets only positive gradients back
                      (Springenberg, Dosovitskiy, Brox, Riedmiller 2015, section 3.4); ``relus``
                      says how many ReLUs there were: without any it is the plain gradient
occlusion             by how much the unit falls when a square is covered with grey, the mean over
                      the squares that cover a pixel (Zeiler, Fergus 2014, section 4.2);
                      ``window`` and ``stride`` in pixels
grad_cam              the maps of ``layer``, each times the mean gradient of the unit to it, added
                      up and enlarged (Selvaraju et al. 2017, equations 1 and 2).  Their ReLU is
                      left out, so that evidence against the unit stays visible;
                      ``rows`` and ``columns`` of the map before it was enlarged

Values of three colours are added, of ``saliency`` the largest is taken.  Grey is 0 in the network's
own numbers: the mean colour of its training pictures, where the preprocessing subtracts one.
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
    Progress,
    Stop,
    Unit,
    passes,
    usual_window,
)
from alexnet_viz.interpretability.attribution.unit_model import Part, Shape
from alexnet_viz.text.problem import Problem, shown

BATCH = 8
"""Images that run at once: bounds the memory, and how long a stop has to wait."""

Found = tuple[Tensor, dict[str, float]]


@dataclass(frozen=True)
class Options:
    """What some methods want to know; see ``attribute``."""

    output: float
    """The unit's value on the image."""
    shapes: dict[str, Shape]
    """What every layer of the part puts out, in order."""
    layer: str | None
    window: int | None


def _saliency(part: Part, image: Tensor, options: Options) -> Found:
    return Saliency(part).attribute(image)[0].amax(dim=0), {}


def _integrated_gradients(part: Part, image: Tensor, options: Options) -> Found:
    part.total = passes("integrated_gradients", *image.shape[2:])
    grey = torch.zeros_like(image)
    pixels = IntegratedGradients(part).attribute(
        image, grey, n_steps=STEPS, internal_batch_size=BATCH
    )
    plane = pixels.detach()[0].sum(dim=0)
    baseline, _ = part.look(grey)
    total = float(plane.sum(dtype=torch.float64))
    notes = {"baseline": baseline, "sum": total, "delta": total - (options.output - baseline)}
    return plane, notes


def _guided_backpropagation(part: Part, image: Tensor, options: Options) -> Found:
    # captum announces its hooks at every call; they hook a copy that nobody else sees
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
            perturbations_per_eval=BATCH,
        )
    return falls[0, 0], {"window": window, "stride": stride}  # a square covers all colours alike


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
"""The methods of ``METHODS``: (part, image (1, C, H, W), options) to ((H, W), notes)."""


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
    """Which pixels of an image [C, H, W] speak for a unit, and which against it.

    ``layer`` is the one whose maps Grad-CAM weighs; ``window`` the side of the occluding square in
    pixels, by default an eighth of the image's.

    Raises:
        Problem: the method, the unit, the layer or the window does not exist here.
        Stopped: ``stop`` said so.
    """
    if method not in RUNS:
        raise Problem("attr_no_method", method=shown(method), known=", ".join(RUNS))
    began = time.perf_counter()
    # whatever the mode of this thread: captum needs gradients, and leaves of its own
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
