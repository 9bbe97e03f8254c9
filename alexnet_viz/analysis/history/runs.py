"""The runs of 2012 as their files log them, and the cost of each change.

A parameter file ends with comments: what the run is, when the learning rate was lowered, and the
final "logprob: loss, top-1 error, top-5 error".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from alexnet_viz.text import Text

Data = Literal["2010_test", "2012_validation"]

SOURCE = "computerhistory/AlexNet-Source-Code at 2f8b81f764"
FILES = "https://github.com/computerhistory/AlexNet-Source-Code/blob/2f8b81f764"


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Increases of the two errors, in percentage points."""

    top1: float
    top5: float


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run, with the numbers of its log."""

    id: str
    variant: str
    """Id of the architecture in ``VARIANTS``."""
    begun: str
    """The date in the name of its checkpoint."""
    epochs: int
    """The epoch at which it was stopped."""
    data: Data
    top1: float
    """Top-1 error, from 0 to 1; ``top5`` likewise."""
    top5: float
    against: str | None = None
    """Id of the run from which it differs by one change; None for the paper's own network."""
    stated: Cost | None = None
    """The cost of the change as the paper states it; None where it states none."""
    stated_where: str = ""
    changed: Text
    caveat: Text | None = None
    """Other differences, or how the errors were measured."""

    @property
    def file(self) -> str:
        """Path of the file with the log."""
        return f"layers/layer-params-{self.id}.cfg"

    @property
    def url(self) -> str:
        """Address of the file with the log."""
        return f"{FILES}/{self.file}"


def cost(run: Run) -> Cost | None:
    """The cost of a run's change: its errors minus those of ``against``; None without ``against``.

    >>> cost(RUNS["148"])  # no normalisation: "1.4% top-1 worse than 145", says the log
    Cost(top1=1.37, top5=1.152)
    """
    if run.against is None:
        return None
    base = RUNS[run.against]
    return Cost(
        top1=round(100 * (run.top1 - base.top1), 6), top5=round(100 * (run.top5 - base.top5), 6)
    )


def agrees(run: Run) -> bool | None:
    """Whether the logged cost, rounded to 0.1, is the cost stated; None if the paper states none.

    >>> [agrees(RUNS[name]) for name in ("147", "148", "145-half", "150")]
    [True, True, True, None]
    """
    logged = cost(run)
    if logged is None or run.stated is None:
        return None
    rounded = Cost(top1=round(logged.top1, 1), top5=round(logged.top5, 1))
    return rounded == run.stated


RUNS: Mapping[str, Run] = {
    run.id: run
    for run in (
        Run(
            id="145",
            variant="alexnet_2012_code_145",
            begun="2012-09-13",
            epochs=91,
            data="2012_validation",
            top1=0.406640,
            top5=0.182100,
            changed=Text("The network of the paper", "论文的网络"),
            caveat=Text(
                "Its log line does not say “multiview”, as those of 147, 148 and 150 do; its "
                "numbers are the paper's 40.7 and 18.2, which are averages of ten crops.",
                "它的日志行没有注明“multiview”（147、148、150 都有）；但数值就是论文的 40.7 和 "
                "18.2，即十个裁剪的平均。",
            ),
        ),
        Run(
            id="147",
            variant="alexnet_2012_code_147",
            begun="2012-10-07",
            epochs=90,
            data="2012_validation",
            top1=0.410580,
            top5=0.185100,
            against="145",
            stated=Cost(top1=0.4, top5=0.3),
            stated_where="3.4",
            changed=Text("2×2 pooling, no overlap", "2×2 池化，不重叠"),
            caveat=Text(
                "conv2 is padded by 1 and conv5 not at all, so that the last map is still 6×6.",
                "conv2 的填充改为 1，conv5 不填充，使最后的特征图仍为 6×6。",
            ),
        ),
        Run(
            id="148",
            variant="alexnet_2012_code_148",
            begun="2012-11-02",
            epochs=97,
            data="2012_validation",
            top1=0.420340,
            top5=0.193620,
            against="145",
            stated=Cost(top1=1.4, top5=1.2),
            stated_where="3.3",
            changed=Text("No normalisation layers", "没有归一化层"),
            caveat=Text(
                "The second, spatial normalisation of stage 2, which the paper does not mention, "
                "is gone as well: the cost is that of all three layers.",
                "第二阶段那个论文没有提到的空间归一化也一并去掉了：这是三层归一化合起来的代价。",
            ),
        ),
        Run(
            id="150",
            variant="alexnet_2012_code_150",
            begun="2012-11-20",
            epochs=92,
            data="2012_validation",
            top1=0.418280,
            top5=0.193300,
            against="145",
            changed=Text("Two columns that never talk before fc8", "两列在 fc8 之前从不交换数据"),
            caveat=Text(
                "conv2 is widened from 128 to 160 kernels a column, and fc6 from 2048 to 4096 "
                "units a column, so that the number of parameters stays nearly the same.",
                "每列 conv2 从 128 个核加宽到 160 个，fc6 从 2048 个单元加宽到 4096 个，"
                "使参数总数基本不变。",
            ),
        ),
        Run(
            id="145-2010",
            variant="alexnet_2012_code_145",
            begun="2012-09-27",
            epochs=93,
            data="2010_test",
            top1=0.374727,
            top5=0.169987,
            changed=Text("The same on the images of 2010", "同上，用 2010 年的数据"),
        ),
        Run(
            id="145-half",
            variant="alexnet_2012_code_145_half",
            begun="2012-11-03",
            epochs=96,
            data="2010_test",
            top1=0.391680,
            top5=0.182287,
            against="145-2010",
            stated=Cost(top1=1.7, top5=1.2),
            stated_where="3.2",
            changed=Text("One column instead of two", "只有一列，而不是两列"),
            caveat=Text(
                "conv5 keeps its 256 kernels and the dense layers their width, else the network "
                "would have half the parameters, which “wouldnt make for a fair comparison” "
                "(its log): what is missing is half the kernels of conv1 to conv4.",
                "conv5 仍有 256 个核，全连接层宽度不变，否则参数只剩一半，“不是公平的比较”"
                "（日志原话）：少的是 conv1 到 conv4 的一半卷积核。",
            ),
        ),
    )
}
"""The logged runs of the ablations by id, each after the one it is compared with."""
