"""Prototxts as networks: Caffe's defaults, phases, pairs of layers, and names."""

from alexnet_viz.network.layers import (
    LRN,
    AdaptiveAvgPool,
    AvgPool,
    BatchNorm,
    Conv,
    Dropout,
    Linear,
    MaxPool,
    Softmax,
)
from alexnet_viz.readers import read
from tests.architecture_files import HEAD, caffe, sentences


def layers_of(written: str) -> list[object]:
    return list(read(written.encode(), "net.prototxt").layers)


def test_windows_of_caffe_may_differ_between_the_axes() -> None:
    conv, pool, wide = layers_of(
        caffe(
            "conv1 Convolution convolution_param { num_output: 8 kernel_h: 3 kernel_w: 5 pad_h: 1 "
            "pad_w: 2 stride: 2 bias_term: false }",
            "pool1 Pooling pooling_param { pool: AVE kernel_size: 3 stride: 2 round_mode: FLOOR }",
            "conv2 Convolution convolution_param { num_output: 8 kernel_size: 3 kernel_size: 1 "
            "dilation: 2 }",
        )
    )
    assert conv == Conv(
        name="conv1", out_channels=8, kernel_size=(3, 5), padding=(1, 1, 2, 2), stride=2, bias=False
    )
    assert pool == AvgPool(name="pool1", kernel_size=3, stride=2, rounding="floor")
    assert wide == Conv(name="conv2", out_channels=8, kernel_size=(3, 1), dilation=2)


def test_defaults_are_caffe_s() -> None:
    norm, within, pool = layers_of(
        caffe(
            "norm1 LRN",
            "norm2 LRN lrn_param { norm_region: WITHIN_CHANNEL local_size: 3 alpha: 0.5 k: 7 }",
            "pool1 Pooling pooling_param { kernel_size: 2 }",
        )
    )
    assert norm == LRN(name="norm1", size=5, alpha=1.0, beta=0.75, k=1.0, divide_alpha=True)
    assert isinstance(within, LRN)
    assert (within.region, within.effective_alpha, within.k) == ("map", 0.5 / 9, 1.0)
    assert pool == MaxPool(name="pool1", kernel_size=2, stride=1, rounding="caffe")


def test_batch_norm_and_scale_are_one_layer() -> None:
    made = layers_of(
        caffe(
            "conv1 Convolution convolution_param { num_output: 8 kernel_size: 3 }",
            "bn1 BatchNorm batch_norm_param { eps: 0.001 }",
            "scale1 Scale scale_param { bias_term: true }",
            "nv BatchNorm batch_norm_param { scale_bias: true }",
            "gap Pooling pooling_param { pool: AVE global_pooling: true }",
            "fc InnerProduct inner_product_param { num_output: 10 bias_term: false }",
        )
    )
    assert made[1:4] == [
        BatchNorm(name="bn1", eps=0.001),
        BatchNorm(name="nv", eps=1e-5),
        AdaptiveAvgPool(name="avgpool", output_size=1),
    ]
    assert made[-1] == Linear(name="fc", out_features=10, in_features=8, bias=False)


def test_names_that_begin_with_a_role_become_it() -> None:
    names = [
        layer.name
        for layer in read(
            caffe(
                "conv1 Convolution convolution_param { num_output: 8 kernel_size: 1 }",
                "conv2_1 Convolution convolution_param { num_output: 8 kernel_size: 1 }",
                "conv2_2 Convolution convolution_param { num_output: 8 kernel_size: 1 }",
                "features/relu ReLU",
                "features/relu ReLU",
                "fc8_birds InnerProduct inner_product_param { num_output: 10 }",
                "out Softmax",
            ).encode(),
            "net.prototxt",
        ).layers
    ]
    assert names == [
        *("conv1", "conv2_1", "conv2_2", "features_relu", "features_relu_2"),
        *("flatten", "fc8", "prob"),
    ]


def test_layers_of_the_other_phase_and_of_stages_are_left_out() -> None:
    relu = 'layer { name: "%s" type: "ReLU" bottom: "data" top: "data" %s }\n'
    rules = {
        "kept": "",
        "test": "include { phase: TEST }",
        "either": "include { phase: TRAIN } include { phase: TEST }",
        "not_train": "exclude { phase: TRAIN }",
        "train": "include { phase: TRAIN }",
        "staged": 'include { stage: "deploy" }',
        "not_test": "exclude { phase: TEST }",
        "late": "include { min_level: 2 }",
    }
    written = HEAD + "".join(relu % each for each in rules.items())
    names = [layer.name for layer in read(written.encode(), "net.prototxt").layers]
    assert names == ["kept", "test", "either", "not_train"]


def test_a_file_without_an_input_says_so() -> None:
    conv = "conv1 Convolution convolution_param { num_output: 8 kernel_size: 3 }"
    network = read(caffe(conv, head="").encode(), "part.prototxt")
    assert network.input_shape == (3, 227, 227)
    assert "how large the images are: 227×227" in network.assumptions[0].en
    assert "how many channels the images have: 3" in network.assumptions[1].en


def test_what_caffe_says_in_two_layers_is_one() -> None:
    drop, softmax = layers_of(
        caffe(
            "drop6 Dropout dropout_param { dropout_ratio: 0.25 }",
            "drop6_scale Power power_param { scale: 0.75 }",
            "prob Softmax",
            "log Log",
        )
    )
    assert drop == Dropout(name="drop6", p=0.25, scale="test")
    assert softmax == Softmax(name="prob", log=True)


def test_half_a_layer_is_refused() -> None:
    written = caffe(
        "drop6 Dropout dropout_param { dropout_ratio: 0.25 }",
        "p1 Power power_param { scale: 0.5 }",
        "p2 Power power_param { power: 2 scale: 0.5 }",
        "l Log",
    )
    assert sentences(written, "net.prototxt") == [
        "layer 'p2': power=2 is not supported",
        "layer 'p1': the type Power is not supported",
        "layer 'p2': the type Power is not supported",
        "layer 'l': the type Log is not supported",
    ]
