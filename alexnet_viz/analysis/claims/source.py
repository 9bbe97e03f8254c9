"""The sources of claims: five articles, the papers, the frameworks.

The articles all describe the network of the 2012 paper, so their claims are compared with it.  The
others describe networks of their own.
"""

from dataclasses import dataclass

from alexnet_viz.text import Text
from alexnet_viz.variants import VARIANTS


@dataclass(frozen=True, kw_only=True)
class Source:
    """A source of claims."""

    id: str
    title: Text
    variant: str
    """Id of the variant that it describes."""
    against_paper: bool = False
    """Whether its claims are compared with the paper's network too."""

    @property
    def url(self) -> str:
        """Address of the source; empty for the articles."""
        about = VARIANTS[self.variant].about
        return about.source.url if about else ""


def _article(number: str, variant: str, en: str, zh: str) -> Source:
    title = Text(f"Article {number}: {en}", f"文章 {number}：{zh}")
    return Source(id=f"article_{number}", title=title, variant=variant, against_paper=True)


def _published(id: str, variant: str, en: str, zh: str = "") -> Source:
    return Source(id=id, title=Text(en, zh or en), variant=variant)


SOURCES: dict[str, Source] = {
    source.id: source
    for source in (
        _article("000", "article_000_text", "layer by layer", "逐层介绍"),
        _article("001", "article_001", "notes on the paper", "论文笔记"),
        _article("002", "article_002_text", "an introduction with Keras code", "入门与 Keras 代码"),
        _article("003", "article_003", "the structure in 20 items", "二十条讲结构"),
        _article("004", "article_004", "sizes, layer by layer", "逐层计算尺寸"),
        _published("paper", "alexnet_2012_paper", "The 2012 paper", "2012 年论文"),
        _published("abstract", "alexnet_2012_paper", "NeurIPS abstract page", "NeurIPS 摘要页"),
        _published(
            "one_weird_trick", "owt_paper_2014", "“One weird trick” paper", "“One weird trick” 论文"
        ),
        _published("torchvision", "torchvision_alexnet", "torchvision"),
        _published("pytorchcv", "pytorchcv_alexnet", "pytorchcv"),
        _published("onnx_zoo", "onnx_zoo_bvlcalexnet", "ONNX Model Zoo"),
        _published("caffe2", "caffe_bvlc_alexnet", "Caffe2"),
        _published("paddle", "torchvision_alexnet", "PaddleClas"),
        _published("d2l", "d2l_alexnet", "Dive into Deep Learning", "《动手学深度学习》"),
        _published("tf_slim", "tf_slim_alexnet_v2", "TF-slim"),
        _published(
            "digits", "torchvision_alexnet", "NVIDIA DIGITS (Torch)", "NVIDIA DIGITS（Torch）"
        ),
    )
}
