"""Where the model runs: the best device of this machine, and its name for people."""

import torch

from alexnet_viz.text import Language, t


def choose() -> torch.device:
    """CUDA where there is one, else Apple's MPS, else the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def describe(device: torch.device, language: Language = "en") -> str:
    """The name of a device as it is shown: "CPU, threads: 2", "CUDA: …".

    >>> describe(torch.device("cpu")).startswith("CPU")
    True
    """
    match device.type:
        case "cuda":
            return f"CUDA: {torch.cuda.get_device_name(device)}"
        case "mps":
            return "MPS: Apple GPU"
        case "cpu":
            threads = torch.get_num_threads()
            return t("device.cpu", language, threads=threads)
        case other:
            return other
