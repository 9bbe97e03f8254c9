"""The other runs of 2012, each with one change from run 145.

computerhistory/AlexNet-Source-Code at 2f8b81f764: layers/layers-<run>.cfg has the layers, the
comments at the end of layers/layer-params-<run>.cfg the log.  The errors there are the ablations of
the paper's sections 3.2 to 3.4; run 150 was never published.
"""

from typing import Any

from alexnet_viz.network.spec import About, Source
from alexnet_viz.text import Text
from alexnet_viz.variants.krizhevsky_2012 import alexnet_2012_code_145

PARENT = "alexnet_2012_code_145"

MERGED = Text(
    "The two GPUs' layers (conv1a, conv1b …) are merged into one with groups=2.",
    "两块 GPU 上的层（conv1a、conv1b……）合并为一层，groups=2。",
)


def _source(run: str) -> Source:
    """The source of a run: its two files."""
    return Source(
        title="Krizhevsky: AlexNet source code, Computer History Museum",
        where=f"layers/layers-{run}.cfg, layers/layer-params-{run}.cfg at 2f8b81f764",
        url="https://github.com/computerhistory/AlexNet-Source-Code",
    )


alexnet_2012_code_145_half = alexnet_2012_code_145.edited(
    id="alexnet_2012_code_145_half",
    conv1={"out_channels": 48},
    norm1={"groups": 1},
    conv2={"out_channels": 128, "groups": 1},
    norm2={"groups": 1},
    conv3={"out_channels": 192},
    conv4={"out_channels": 192, "groups": 1},
    conv5={"groups": 1},
    about=About(
        title=Text("Run 145-half: one column (2012)", "145-half：只留一列（2012）"),
        year=2012,
        source=_source("145-half"),
        framework="cuda-convnet",
        summary=Text(
            "The paper's net on one GPU: half the kernels, but conv5 and the dense layers as wide "
            "as both columns'. 39.2 % top-1 and 18.2 % top-5 error on the ILSVRC-2010 test set; "
            "two columns: 37.5 % and 17.0 %.",
            "论文里的单 GPU 网络：卷积核减半，但 conv5 和全连接层仍是两列的宽度。"
            "ILSVRC-2010 测试集 top-1 错误率 39.2%、top-5 18.2%；两列为 37.5% 和 17.0%。",
        ),
        parent=PARENT,
    ),
)

TWO_BY_TWO: dict[str, Any] = {pool: {"kernel_size": 2} for pool in ("pool1", "pool2", "pool5")}

alexnet_2012_code_147 = alexnet_2012_code_145.edited(
    id="alexnet_2012_code_147",
    **TWO_BY_TWO,
    conv2={"padding": 1},
    conv5={"padding": 0},
    about=About(
        title=Text("Run 147: pools that do not overlap (2012)", "147：不重叠的池化（2012）"),
        year=2012,
        source=_source("147"),
        framework="cuda-convnet",
        summary=Text(
            "Pools of 2×2 at stride 2. Less padding in conv2 and conv5 makes up for it: "
            "55-28-26-13-11 ends in the same 6×6. 41.1 % top-1 and 18.5 % top-5 validation error; "
            "overlapping: 40.7 % and 18.2 %.",
            "池化为 2×2、步幅 2；conv2 和 conv5 少填充一圈，55-28-26-13-11 最后同样得 6×6。"
            "验证集 top-1 错误率 41.1%、top-5 18.5%；重叠时为 40.7% 和 18.2%。",
        ),
        assumptions=(MERGED,),
        parent=PARENT,
    ),
)

alexnet_2012_code_148 = alexnet_2012_code_145.edited(
    id="alexnet_2012_code_148",
    without=("norm1", "norm2", "norm2b"),
    about=About(
        title=Text("Run 148: without normalisation (2012)", "148：没有归一化（2012）"),
        year=2012,
        source=_source("148"),
        framework="cuda-convnet",
        summary=Text(
            "The paper's ablation of LRN leaves out the spatial normalisation too, of which the "
            "paper says nothing. 42.0 % top-1 and 19.4 % top-5 validation error; with all three: "
            "40.7 % and 18.2 %.",
            "论文的 LRN 消融实验，其实连论文没提的空间归一化也一并去掉了。"
            "验证集 top-1 错误率 42.0%、top-5 19.4%；三个都在时为 40.7% 和 18.2%。",
        ),
        assumptions=(MERGED,),
        parent=PARENT,
    ),
)

alexnet_2012_code_150 = alexnet_2012_code_145.edited(
    id="alexnet_2012_code_150",
    conv2={"out_channels": 320},
    conv3={"groups": 2},
    fc6={"out_features": 8192, "groups": 2},
    fc7={"in_features": 8192, "groups": 2},
    about=About(
        title=Text("Run 150: columns that never talk (2012)", "150：两列互不交流（2012）"),
        year=2012,
        source=_source("150"),
        framework="cuda-convnet",
        summary=Text(
            "Each column reads only itself until fc8 joins them. conv2 and fc6 are widened to "
            "160 and 4096 a column, so the parameters stay. 41.8 % top-1 and 19.3 % top-5 "
            "validation error, which the paper does not print; talking: 40.7 % and 18.2 %.",
            "两列各读各的，到 fc8 才汇合；conv2、fc6 每列加宽到 160 和 4096，参数量基本不变。"
            "验证集 top-1 错误率 41.8%、top-5 19.3%，论文没有公布；两列交流时为 40.7% 和 18.2%。",
        ),
        assumptions=(MERGED,),
        parent=PARENT,
    ),
)

NETWORKS = (
    alexnet_2012_code_145_half,
    alexnet_2012_code_147,
    alexnet_2012_code_148,
    alexnet_2012_code_150,
)
