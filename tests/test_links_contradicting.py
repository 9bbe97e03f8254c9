"""Links whose parts make sense one by one and not together: a page answers, and never breaks."""

import pytest

from alexnet_viz.text import LANGUAGES
from tests.spoken import open_page, words

TOO_SMALL = {"variant": "matlab_alexnet", "input": "2"}
"""The network stops at its first layer."""

LINKS = (
    {"page": "towers", **TOO_SMALL, "gpus": "2", "last": "halves"},
    {"page": "towers", **TOO_SMALL, "gpus": "8", "cross": "-", "seen": "1", "channel": "100000"},
    {"page": "towers", **TOO_SMALL, "section": "memory", "mem_keeping": "pytorch"},
    {"page": "towers", **TOO_SMALL, "section": "run", "gpus": "8", "cross": "relu9"},
    {"page": "towers", "input": "10000", "section": "memory", "mem_card": "1", "batch": "100000"},
    {"page": "towers", "variant": "torchvision_alexnet", "gpus": "7", "norm": "across",
     "cross": "conv1,relu9,tanh7", "seen": "1", "gpu": "7", "layer": "norm1"},
    {"page": "compare", "compare": "matlab_alexnet,lasagne_x", "compare_view": "maps"},
    {"page": "compare", **TOO_SMALL, "compare_view": "inputs", "family_towers": "2",
     "family_framework": "-"},
    {"page": "family", **TOO_SMALL, "family_framework": "-", "family_fits": "10000"},
    {"page": "claims", "claim": "s002-20", "claim_source": "article_003", "claim_layer": "fc8",
     "claim_verdict": "wrong"},
)  # fmt: skip


@pytest.mark.parametrize("link", LINKS, ids=lambda link: link["page"])
def test_parts_that_do_not_go_together_are_answered(link: dict[str, str]) -> None:
    number = LINKS.index(link)
    page, query = link["page"], {key: value for key, value in link.items() if key != "page"}
    app = open_page(page, lang=LANGUAGES[number % len(LANGUAGES)], **query)
    assert not app.exception
    assert len(words(app)) > 100
    assert "None" not in words(app)
