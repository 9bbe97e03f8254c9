"""Caffe's names for types of layer, and the kinds of layer they are here.

Used by the reader of networks (``.prototxt``) and by the importer of weights (``.caffemodel``);
the reader must not load torch, so the tables are not beside the importer.
Names and numbers: src/caffe/proto/caffe.proto of BVLC/caffe at 8a65ae316b, ``LayerParameter.type``
and ``V1LayerParameter.LayerType`` (files of 2014).
"""

KINDS = {
    "Convolution": "conv",
    "InnerProduct": "linear",
    "ReLU": "relu",
    "TanH": "tanh",
    "Sigmoid": "sigmoid",
    "LRN": "lrn",
    "BatchNorm": "batch_norm",
    "Pooling": "max_pool",
    "Dropout": "dropout",
    "Flatten": "flatten",
    "Softmax": "softmax",
    "SoftmaxWithLoss": "softmax",
}
"""Kinds by type; of a pool only its settings tell whether it is another kind."""

OLD_NAMES = {
    "SOFTMAX_LOSS": "SoftmaxWithLoss",
    "RELU": "ReLU",
    "TANH": "TanH",
    "LRN": "LRN",
    "ARGMAX": "ArgMax",
    "HDF5_DATA": "HDF5Data",
    "HDF5_OUTPUT": "HDF5Output",
    "BNLL": "BNLL",
    "MVN": "MVN",
}
"""Types of 2014 whose new name is not the old one in another spelling."""

OLD_NUMBERS = {
    "4": "CONVOLUTION", "5": "DATA", "6": "DROPOUT", "8": "FLATTEN", "14": "INNER_PRODUCT",
    "15": "LRN", "17": "POOLING", "18": "RELU", "19": "SIGMOID", "20": "SOFTMAX",
    "21": "SOFTMAX_LOSS", "22": "SPLIT", "23": "TANH", "1": "ACCURACY",
}  # fmt: skip


def current_type(old: str) -> str:
    """Today's name of a type of 2014, which is given by its name or number.

    >>> current_type("INNER_PRODUCT"), current_type("4")
    ('InnerProduct', 'Convolution')
    """
    name = OLD_NUMBERS.get(old, old)
    return OLD_NAMES.get(name) or "".join(part.capitalize() for part in name.split("_"))
