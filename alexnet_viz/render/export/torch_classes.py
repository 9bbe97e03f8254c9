"""Source text of the classes that an exported PyTorch script defines for layers that torch lacks.

They compute the same as ``alexnet_viz.model.modules``; a test compares the two.
"""

PADDED_CONVOLUTION = '''\
class PaddedConv2d(nn.Conv2d):
    """A convolution over a map with cells of zeros outside: left, right, top, bottom."""

    def __init__(self, *args, outside, **options):
        super().__init__(*args, **options)
        self.outside = outside

    def forward(self, maps):
        return super().forward(functional.pad(maps, self.outside))
'''

PADDED_MAXIMUM = '''\
class PaddedMaxPool2d(nn.MaxPool2d):
    """The largest value inside the map; windows reach outside: left, right, top, bottom."""

    def __init__(self, *args, outside, **options):
        super().__init__(*args, **options)
        self.outside = outside

    def forward(self, maps):
        return super().forward(functional.pad(maps, self.outside, value=float("-inf")))
'''

PADDED_AVERAGE = '''\
class PaddedAvgPool2d(nn.AvgPool2d):
    """The mean over the cells inside the map; windows reach outside: left, right, top, bottom."""

    def __init__(self, *args, outside, **options):
        super().__init__(*args, **options)
        self.outside = outside

    def forward(self, maps):
        inside = functional.pad(torch.ones_like(maps[:1, :1]), self.outside)
        return super().forward(functional.pad(maps, self.outside)) / super().forward(inside)
'''

TOWER_NORM = '''\
class TowerResponseNorm(nn.LocalResponseNorm):
    """Response normalisation whose neighbours stay inside each of the groups of channels."""

    def __init__(self, *args, groups, **options):
        super().__init__(*args, **options)
        self.groups = groups

    def forward(self, maps):
        count, channels, *size = maps.shape
        towers = maps.reshape(count * self.groups, channels // self.groups, *size)
        return super().forward(towers).reshape(maps.shape)
'''

MAP_NORM = '''\
class MapResponseNorm(nn.LocalResponseNorm):
    """Response normalisation over size x size neighbours in the same map."""

    def forward(self, maps):
        before, after = self.size // 2, (self.size - 1) // 2
        squares = functional.pad(maps.square(), (before, after, before, after))
        mean = functional.avg_pool2d(squares, self.size, stride=1)
        return maps / (self.k + self.alpha * mean) ** self.beta
'''

PAPER_DROPOUT = '''\
class PaperDropout(nn.Dropout):
    """Dropout that multiplies by 1 - p in testing instead of dividing by it in training."""

    def forward(self, values):
        return super().forward(values) * (1 - self.p)
'''

GROUPED_LINEAR = '''\
class GroupedLinear(nn.Linear):
    """A dense layer with block-diagonal weights: each group of outputs reads its own inputs."""

    def __init__(self, in_features, out_features, groups, bias=True):
        super().__init__(in_features // groups, out_features, bias=bias)
        self.groups = groups

    def forward(self, values):
        values = values.reshape(len(values), self.groups, -1)
        blocks = self.weight.reshape(self.groups, -1, self.in_features)
        sums = torch.einsum("ngi,goi->ngo", values, blocks).flatten(1)
        return sums if self.bias is None else sums + self.bias
'''

CLASSES: dict[str, str] = {
    "PaddedConv2d": PADDED_CONVOLUTION,
    "PaddedMaxPool2d": PADDED_MAXIMUM,
    "PaddedAvgPool2d": PADDED_AVERAGE,
    "TowerResponseNorm": TOWER_NORM,
    "MapResponseNorm": MAP_NORM,
    "PaperDropout": PAPER_DROPOUT,
    "GroupedLinear": GROUPED_LINEAR,
}
"""By name."""
