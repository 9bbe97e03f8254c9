"""Source text of the classes that an exported Keras script defines for layers that Keras lacks."""

PADDED_CONVOLUTION = '''\
class PaddedConv2D(layers.Conv2D):
    """A convolution over a map with zeros outside: (top, bottom), (left, right)."""

    def __init__(self, *args, outside, **options):
        super().__init__(*args, **options)
        self.outside = ((0, 0), *outside, (0, 0))

    def call(self, maps):
        return super().call(ops.pad(maps, self.outside))

    def compute_output_shape(self, shape):
        sizes = (None if n is None else n + sum(o) for n, o in zip(shape, self.outside))
        return super().compute_output_shape(tuple(sizes))
'''

PADDED_MAXIMUM = '''\
class PaddedMaxPooling2D(layers.Layer):
    """The largest value inside the map; windows reach outside: (top, bottom), (left, right)."""

    def __init__(self, pool_size, strides, outside, **options):
        super().__init__(**options)
        self.window, self.outside = (pool_size, strides), ((0, 0), *outside, (0, 0))

    def call(self, maps):
        padded = ops.pad(maps, self.outside, constant_values=-float("inf"))
        return ops.max_pool(padded, *self.window, data_format="channels_last")
'''

PADDED_AVERAGE = '''\
class PaddedAveragePooling2D(layers.Layer):
    """The mean inside the map; windows reach outside: (top, bottom), (left, right)."""

    def __init__(self, pool_size, strides, outside, **options):
        super().__init__(**options)
        self.window, self.outside = (pool_size, strides), ((0, 0), *outside, (0, 0))

    def mean(self, maps):
        padded = ops.pad(maps, self.outside)
        return ops.average_pool(padded, *self.window, data_format="channels_last")

    def call(self, maps):
        return self.mean(maps) / self.mean(ops.ones_like(maps))
'''

CHANNEL_NORM = '''\
class LocalResponseNorm(layers.Layer):
    """b = a / (k + alpha * sum of a^2 over size neighbouring channels of the group) ** beta."""

    def __init__(self, size, alpha, beta, k, groups=1, **options):
        super().__init__(**options)
        self.size, self.groups = size, groups
        self.alpha, self.beta, self.k = alpha, beta, k

    def call(self, maps):
        *size, channels = maps.shape
        rows = ops.reshape(ops.square(maps), (-1, channels // self.groups, 1))
        rows = ops.pad(rows, ((0, 0), (self.size // 2, (self.size - 1) // 2), (0, 0)))
        mean = ops.average_pool(rows, self.size, 1, data_format="channels_last")
        sums = ops.reshape(mean * self.size, (-1, *size[1:], channels))
        return maps / (self.k + self.alpha * sums) ** self.beta
'''

MAP_NORM = '''\
class MapResponseNorm(layers.Layer):
    """b = a / (k + alpha * sum of a^2 over size x size neighbours in the map) ** beta."""

    def __init__(self, size, alpha, beta, k, **options):
        super().__init__(**options)
        self.size, self.alpha, self.beta, self.k = size, alpha, beta, k

    def call(self, maps):
        around = (self.size // 2, (self.size - 1) // 2)
        squares = ops.pad(ops.square(maps), ((0, 0), around, around, (0, 0)))
        mean = ops.average_pool(squares, self.size, 1, data_format="channels_last")
        return maps / (self.k + self.alpha * self.size**2 * mean) ** self.beta
'''

PAPER_DROPOUT = '''\
class PaperDropout(layers.Dropout):
    """Dropout that multiplies by 1 - p in testing instead of dividing by it in training."""

    def call(self, values, training=False):
        return super().call(values, training=training) * (1 - self.rate)
'''

GROUPED_DENSE = '''\
class GroupedDense(layers.Layer):
    """A dense layer with block-diagonal weights: each group of outputs reads its own inputs."""

    def __init__(self, units, groups, use_bias=True, **options):
        super().__init__(**options)
        self.units, self.groups, self.use_bias = units, groups, use_bias

    def build(self, shape):
        block = (self.groups, shape[-1] // self.groups, self.units // self.groups)
        self.kernel = self.add_weight(shape=block, name="kernel")
        if self.use_bias:
            self.bias = self.add_weight(shape=(self.units,), initializer="zeros", name="bias")

    def call(self, values):
        values = ops.reshape(values, (-1, self.groups, values.shape[-1] // self.groups))
        sums = ops.reshape(ops.einsum("ngi,gio->ngo", values, self.kernel), (-1, self.units))
        return sums + self.bias if self.use_bias else sums
'''

CLASSES: dict[str, str] = {
    "PaddedConv2D": PADDED_CONVOLUTION,
    "PaddedMaxPooling2D": PADDED_MAXIMUM,
    "PaddedAveragePooling2D": PADDED_AVERAGE,
    "LocalResponseNorm": CHANNEL_NORM,
    "MapResponseNorm": MAP_NORM,
    "PaperDropout": PAPER_DROPOUT,
    "GroupedDense": GROUPED_DENSE,
}
"""By name."""
