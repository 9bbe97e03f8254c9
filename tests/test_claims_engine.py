"""How a claim is checked: sums over quantities, what can be asked, and which verdict follows."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexnet_viz.analysis.claims.claim import Claim
from alexnet_viz.analysis.claims.expression import PAPER, evaluate, fill, names
from alexnet_viz.analysis.claims.ledger import claims
from alexnet_viz.analysis.claims.quantity import LAYER, NETWORK, Inapplicable, ask
from alexnet_viz.analysis.claims.verdict import judge
from alexnet_viz.analysis.claims.view import view
from alexnet_viz.analysis.claims.wording import explained
from alexnet_viz.text import Text
from alexnet_viz.variants import VARIANTS


def sums() -> st.SearchStrategy[str]:
    """Sums as people write them; a divisor is never zero."""
    whole = st.integers(1, 999).map(str)

    def joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        plain = st.tuples(inner, st.sampled_from("+-*"), inner).map("".join)
        divided = st.tuples(inner, whole).map("/".join)
        return (plain | divided).map("({})".format)

    return st.recursive(whole, joined, max_leaves=8)


@given(sums())
def test_a_sum_is_exact(text: str) -> None:
    fractions = "".join(f"Fraction({t})" if t.isdigit() else t for t in split(text))
    assert evaluate(text, PAPER) == eval(fractions, {"Fraction": Fraction})
    assert names(text) == ()


def split(text: str) -> list[str]:
    """Numbers and signs, one by one."""
    for sign in "+-*/()":
        text = text.replace(sign, f" {sign} ")
    return text.split()


def test_a_sum_asks_the_network_it_is_about_and_others_by_name() -> None:
    assert evaluate("conv1.out_channels", "torchvision_alexnet") == 64
    assert evaluate("paper.conv1.out_channels", "torchvision_alexnet") == 96
    assert evaluate("zfnet_paper.conv1.stride-conv1.stride", PAPER) == -2
    assert evaluate("4*pool3.params", PAPER) is None
    assert names("conv1.params/paper.network.params") == ("conv1.params", "paper.network.params")


@pytest.mark.parametrize("text", ["__import__('os')", "[1][0]", "-conv1.params", "2**9", "'a'"])
def test_nothing_else_is_a_sum(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        evaluate(text, PAPER)


def test_words_are_filled_with_values_and_with_formats() -> None:
    words = "{conv1.params} of {network.params}: {100*conv1.params/network.params:.2f}%"
    shown = fill(words, PAPER, lambda name, value: f"<{name}={value}>")
    assert shown == "<conv1.params=34944> of <network.params=60965224>: 0.06%"


@pytest.mark.parametrize(
    ("variant", "name", "value"),
    [
        (PAPER, "conv1.padding", 0),
        ("article_004", "conv1.padding", (1, 2)),
        (PAPER, "conv2.kernel_shape", (48, 5, 5)),
        (PAPER, "conv2.kernels_a_group", 128),
        (PAPER, "pool1.overlap", 1),
        (PAPER, "stage1.order", ("conv", "relu", "lrn", "max_pool")),
        ("article_002_text", "stage3.norms", 2),
        (PAPER, "fc6.activation", "relu"),
        (PAPER, "fc8.activation", None),
        (PAPER, "drop7.behind", "fc7"),
        (PAPER, "fc6.widens", "no"),
        ("article_000_text_p0", "fc6.widens", "yes"),
        ("article_002_text", "pool5.runs", "no"),
        ("article_002_text", "pool5.kernel_size", 3),
        ("article_002_text", "fc6.inputs", None),
        (PAPER, "pool4.stride", None),
        ("alexnet_2012_227", "network.smallest_input", 67),
        (PAPER, "network.norms", 2),
    ],
)
def test_what_can_be_asked(variant: str, name: str, value: object) -> None:
    assert ask(variant, name) == value


def test_every_quantity_answers_or_does_not_apply_in_every_network() -> None:
    for id, network in VARIANTS.items():
        for field in NETWORK:
            ask(id, f"network.{field}")
        for layer in network.layers:
            for field in LAYER:
                try:
                    ask(id, f"{layer.name}.{field}")
                except Inapplicable:
                    continue


@pytest.mark.parametrize("variant", [PAPER, "alexnet_2012_code_145", "caffe_bvlc_alexnet"])
def test_the_loudest_input_of_lrn_is_where_a_search_finds_it(variant: str) -> None:
    layer = next(each for each in VARIANTS[variant].layers if each.name == "norm1")
    s = layer.alpha * (1 if layer.divide_alpha else layer.size)
    inputs = [step / 10 for step in range(1, 5000)]
    outputs = [a / (layer.k + s * a * a) ** layer.beta for a in inputs]
    best = max(outputs)
    assert ask(variant, "norm1.peak_input") == pytest.approx(inputs[outputs.index(best)], abs=0.1)
    assert ask(variant, "norm1.peak_output") == pytest.approx(best, rel=1e-6)


def test_a_pool_has_no_kernels_and_a_word_nobody_knows_is_an_error() -> None:
    with pytest.raises(Inapplicable, match="pool1"):
        ask(PAPER, "pool1.out_channels")
    with pytest.raises(Inapplicable, match="fc6"):
        ask(PAPER, "fc6.kernel_depth")
    with pytest.raises(KeyError, match="colour"):
        ask(PAPER, "conv1.colour")


def claim(**fields: object) -> Claim:
    known: dict[str, object] = {
        "id": "x",
        "source": "article_000",
        "where": Text("line 1", "第 1 行"),
        "layer": "conv1",
        "concept": "output_size",
        "variant": "article_000_text",
    }
    return Claim(**{**known, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"states": {"conv1.out_channels": 96}}, "agrees"),
        ({"states": {"conv1.out_channels": 97}}, "contradicts"),
        ({"states": {"conv5.out_channels": 384}}, "differs"),
        ({"implies": ("conv5.out_channels",)}, "differs"),
        ({"states": {"norm1.kind": "lrn"}}, "contradicts"),
        ({"states": {"2+2": 4}}, "agrees"),
        ({"states": {"2+2": 5}}, "arithmetic"),
        ({"states": {"2+2": 4, "conv5.out_channels": 384}}, "differs"),
        ({"states": {"network.params": 80_000_000}, "tolerance": 1_000_000}, "differs"),
        ({"omits": ("conv1.padding",)}, "unclear"),
        ({"states": {"conv1.stride": 4}, "printed": "4!"}, "garbled"),
        # what a web page's formula becomes when it is copied is no slip of the author
        ({"states": {"conv1.stride": 4}, "printed": "44"}, "copied"),
        ({"states": {"norm1.alpha": 0.0001}, "printed": "10−4"}, "copied"),
        ({"judged": "wrong"}, "wrong"),
        # the paper states no padding, so one of its own is not held against anybody
        ({"states": {"conv1.padding": (1, 2)}, "variant": "article_004"}, "agrees"),
        # and its fc6 is no convolution, so kernels of a convolution are not either
        ({"states": {"fc6.kernel_size": 6}, "variant": "article_001_fc_as_conv"}, "agrees"),
    ],
)
def test_which_verdict_follows(fields: dict[str, object], word: str) -> None:
    verdict = judge(claim(**fields))
    assert verdict.word == word
    assert verdict.basis == ("judged" if "judged" in fields else "computed")


@pytest.mark.parametrize(
    ("stated", "word"), [(60e6, "roughly"), (61e6, "roughly"), (59e6, "contradicts")]
)
def test_a_rounded_number_may_be_off_by_its_rounding(stated: float, word: str) -> None:
    rounded = claim(
        source="paper", variant=PAPER, states={"network.params": stated}, tolerance=1_000_000
    )
    assert judge(rounded).word == word


def test_published_networks_are_not_held_against_the_paper() -> None:
    theirs = {"states": {"conv1.out_channels": 64}, "variant": "torchvision_alexnet"}
    assert judge(claim(**theirs)).word == "differs"
    assert judge(claim(**theirs, source="torchvision")).word == "agrees"


def test_a_verdict_that_is_no_agreement_needs_a_reason() -> None:
    for fields in ({"states": {"conv5.out_channels": 384}}, {"judged": "wrong"}):
        with pytest.raises(ValueError, match="the claim x is not explained"):
            explained(claim(**fields))


def test_parameters_are_only_said_to_be_the_paper_s_where_they_are() -> None:
    """conv2 of the Keras code has the paper's 256 kernels, and twice its parameters."""
    assert "parameters" not in explained(claims()["s002-85"])
    assert "34,944 parameters" in explained(claims()["s002-80"])


@pytest.mark.parametrize(
    ("fields", "link"),
    [
        (
            {"states": {"conv1.stride": 4}},
            "./layer?variant=article_000_text&layer=conv1&input=227&rounding=declared&refit=0",
        ),
        (
            {"states": {"conv5.out_channels": 384}, "layer": "conv5"},
            "./compare?compare=article_000_text,alexnet_2012_paper&own=1&differing=1&layer=conv5",
        ),
        ({"judged": "agrees", "layer": "general"}, "./calculator"),
        (
            {"judged": "agrees", "show": "towers?variant=zfnet_paper&input=300"},
            "./towers?variant=zfnet_paper&input=300&rounding=declared&refit=0",
        ),
        (
            {"judged": "agrees", "variant": "article_002_text", "layer": "pool5"},
            "./architecture?variant=article_002_text&input=227&rounding=declared&refit=0",
        ),
    ],
)
def test_where_a_claim_leads(fields: dict[str, object], link: str) -> None:
    assert view(claim(**fields)).link == link
