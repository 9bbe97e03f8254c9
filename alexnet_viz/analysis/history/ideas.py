"""The ideas of 2012 and their gains in the logged runs and in the re-test of 2017."""

from dataclasses import dataclass

from alexnet_viz.analysis.history.runs import RUNS, cost
from alexnet_viz.text import Text

RETEST_SOURCE = (
    "Mishkin, Sergievskiy, Matas: Systematic evaluation of convolution neural network "
    "advances on the ImageNet, CVIU 2017"
)
RETEST_FILES = "https://github.com/ducha-aiki/caffenet-benchmark"
NOISE = 0.5
"""Percentage points of top-1 below which a difference of two single runs is not significant."""


@dataclass(frozen=True, kw_only=True)
class Retest:
    """Two top-1 accuracies of 2017, from 0 to 1: with an idea of 2012 and without it."""

    with_it: float
    without: float
    file: str
    note: Text
    """The two networks, and how the experiment differs from that of 2012."""

    @property
    def gain(self) -> float:
        """Percentage points of top-1 accuracy gained by the idea; negative for a loss."""
        return 100 * (self.with_it - self.without)

    @property
    def url(self) -> str:
        """Address of the published numbers."""
        return f"{RETEST_FILES}/blob/master/{self.file}"


@dataclass(frozen=True, kw_only=True)
class Idea:
    """One idea of the paper: the run without it, and the re-test if there was one."""

    id: str
    title: Text
    without: str
    """Id of the run without the idea."""
    retest: Retest | None
    says: Text
    """What the run and the re-test show together."""


def gain(idea: Idea) -> float:
    """Percentage points of top-1 accuracy gained by an idea in 2012: the cost of leaving it out."""
    found = cost(RUNS[idea.without])
    assert found is not None, f"{idea.without} is compared with nothing"
    return found.top1


IDEAS: tuple[Idea, ...] = (
    Idea(
        id="columns",
        title=Text("Twice the kernels: two columns", "两倍的核：两列"),
        without="145-half",
        retest=None,
        says=Text(
            "Half the kernels of conv1 to conv4 cost more than normalisation or overlapping "
            "pooling brought, although the number of parameters is nearly the same. The re-test of "
            "2017 has no such pair.",
            "conv1 到 conv4 少一半卷积核，代价比归一化或重叠池化带来的收益还大，"
            "而参数总数几乎不变。2017 年的重测没有对应的一组。",
        ),
    ),
    Idea(
        id="lrn",
        title=Text("Response normalisation", "响应归一化"),
        without="148",
        retest=Retest(
            with_it=0.470,
            without=0.471,
            file="Activations.md",
            note=Text(
                "CaffeNet at 128 pixels with its LRN layers, and without.",
                "128 像素的 CaffeNet，有 LRN 层与没有 LRN 层。",
            ),
        ),
        says=Text(
            "In 2012 normalisation was worth more than a point, counting a third layer that the "
            "paper omits; in 2017, on smaller images and from other initial weights, nothing that "
            "two runs could show.",
            "2012 年，连同论文没提的第三层在内，归一化值一个多百分点；2017 年图像更小、"
            "初始化不同，两次训练已看不出差别。",
        ),
    ),
    Idea(
        id="talk",
        title=Text("Columns that talk", "两列之间交换数据"),
        without="150",
        retest=Retest(
            with_it=0.487,
            without=0.471,
            file="Architectures.md",
            note=Text(
                "Kernels that all read every map, against groups of two in conv2, conv4 and conv5.",
                "所有核都读取全部特征图，对比 conv2、conv4、conv5 分两组。",
            ),
        ),
        says=Text(
            "Both say that reading more maps helps, though they ask different questions: 150 cuts "
            "the exchange that the paper's network has, 2017 joins what it keeps apart. The paper "
            "never printed 150.",
            "两者都说明读取更多特征图有好处，但问的不是同一件事：150 切断论文网络已有的交换，"
            "2017 年则把它分开的部分连起来。论文从未发表 150 的结果。",
        ),
    ),
    Idea(
        id="overlap",
        title=Text("Overlapping pooling", "重叠池化"),
        without="147",
        retest=Retest(
            with_it=0.471,
            without=0.484,
            file="Pooling.md",
            note=Text(
                "3×3 with stride 2 against 2×2 with stride 2, which leaves pool5 at 4×4 instead of "
                "3×3: more inputs to fc6 as well.",
                "3×3、步幅 2，对比 2×2、步幅 2；后者的 pool5 为 4×4 而不是 3×3，"
                "因此 fc6 的输入也更多。",
            ),
        ),
        says=Text(
            "The gain of 2012 is within what two runs may differ by anyway. In 2017 the windows "
            "that do not overlap are better, but they also leave larger maps, which run 147 took "
            "care to avoid.",
            "2012 年的收益本来就在两次训练可能的波动之内。2017 年不重叠的窗口反而更好，"
            "不过它们留下的特征图也更大，而 147 特意避免了这一点。",
        ),
    ),
)
"""In the order of a figure: the largest gain of 2012 first."""
