"""torchvision's AlexNet in plain torch, the baseline of the timings.

torchvision/models/alexnet.py (0.21): ReLUs are in place, the classifier begins with dropout.
"""

from torch import Tensor, nn


class AlexNet(nn.Module):
    """``torchvision.models.alexnet()``, layer for layer: (images, 3, H, W) → (images, classes)."""

    def __init__(self, num_classes: int = 1000) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=11, stride=4, padding=2),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=3, stride=2),
            nn.Conv2d(64, 192, kernel_size=5, padding=2),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=3, stride=2),
            nn.Conv2d(192, 384, kernel_size=3, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(384, 256, kernel_size=3, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(256, 256, kernel_size=3, padding=1),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=3, stride=2),
        )
        self.avgpool = nn.AdaptiveAvgPool2d((6, 6))
        self.classifier = nn.Sequential(
            nn.Dropout(),
            nn.Linear(256 * 6 * 6, 4096),
            nn.ReLU(inplace=True),
            nn.Dropout(),
            nn.Linear(4096, 4096),
            nn.ReLU(inplace=True),
            nn.Linear(4096, num_classes),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.avgpool(self.features(x)).flatten(1))


def bare_like(model: nn.Sequential) -> AlexNet:
    """torchvision's AlexNet with the parameters of our ``torchvision_alexnet``: equal outputs.

    Both models list their parameters in the order of the layers.
    """
    weight = next(model.parameters())
    bare = AlexNet().to(weight.device).eval().requires_grad_(False)
    for ours, theirs in zip(model.parameters(), bare.parameters(), strict=True):
        theirs.copy_(ours)
    return bare
