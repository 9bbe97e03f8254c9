"""Whether the suite notices: break one line of a copy of the project, run the tests, see them fail.

``python -m tests.sabotage`` breaks each line of ``SABOTAGES`` in turn, each in a copy of its own,
and prints who noticed; ``python -m tests.sabotage towers links`` only those with these words in
their name.  The exit code is 1 if one was missed.

A sabotage names the tests that are expected to notice; ``lint-imports`` stands for import-linter.
First they all run on an unbroken copy, since a test that fails anyway notices nothing.  The text to
replace must stand in its file exactly once: a sabotage whose line was rewritten is an error here,
and is written anew.
"""

import argparse
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
LEFT_OUT = (
    ".git",
    ".venv",
    "__pycache__",
    ".*_cache",
    ".hypothesis",
    "test-results",
    "screenshots",
)
LINT = "from importlinter.cli import lint_imports_command as run; run()"


class Sabotage(NamedTuple):
    """One line, broken."""

    name: str
    file: str
    """Below ``alexnet_viz``."""
    old: str
    new: str
    tests: str
    """Stems of test files, or ``lint-imports``."""


SABOTAGES = [
    Sabotage(
        "diff: a setting without effect is given as a reason",
        "analysis/compare/consequences.py",
        "if _size_at(replace(now, **{each.field: each.old}), row, arriving) != size",
        "if arriving",
        "consequences",
    ),
    Sabotage(
        "diff: a moved layer is the same where names are ignored",
        "analysis/compare/ignored.py",
        "            after = layer.name\n",
        "            pass\n",
        "diff_command",
    ),
    Sabotage(
        "check: a layer that is not expected passes",
        "analysis/expectations.py",
        'yield Mismatch(name, "extra")',
        "continue",
        "check_command",
    ),
    Sabotage(
        "compare: a rounding without effect is not lit",
        "ui/compare/alignment.py",
        "lit += [match.name in names,",
        "lit += [bool(found - {'rounding'}),",
        "compare_page",
    ),
    Sabotage(
        "compare: the nearest is the one with the fewest layers",
        "analysis/compare/nearest.py",
        "len(near.differing) / near.layers,",
        "len(near.differing),",
        "architectures",
    ),
    Sabotage(
        "claims: text doubled in copying is a slip of the author",
        "analysis/claims/verdict.py",
        "return printed[:half] == printed[half:] or",
        "return",
        "claims_engine",
    ),
    Sabotage(
        "words: the language is looked up for every phrase",
        "ui/app/words.py",
        "_SPOKEN.set(_looked_up())",
        "_SPOKEN.set(None)",
        "pages",
    ),
    Sabotage(
        "jobs: a job computes beside a page that is drawn",
        "ui/app/shell.py",
        "with page_runs.PRESENT, event_log",
        "with event_log",
        "background_work",
    ),
    Sabotage(
        "jobs: waiting for pages counts as computing",
        "jobs/queue.py",
        "job.ends += self._clock() - began",
        "pass",
        "jobs",
    ),
    Sabotage(
        "model: the gradient of equal cells goes elsewhere",
        "model/modules.py",
        "if recorded or not input.is_cpu or not self._reads_inside",
        "if not input.is_cpu or not self._reads_inside",
        "modules",
    ),
    Sabotage(
        "jobs: a visitor's jobs run one after the other",
        "jobs/queue.py",
        "min(left, key=lambda each: turns.get(each.visitor, 0))",
        "left[0]",
        "jobs",
    ),
    Sabotage(
        "pause: a paused job goes on by itself",
        "jobs/queue.py",
        "[job for job in self._waiting if job.paused is None]",
        "list(self._waiting)",
        "jobs",
    ),
    Sabotage(
        "pause: it lasts for ever",
        "jobs/queue.py",
        "self._clock() > job.paused + self.limits.pause",
        "self._clock() < job.paused",
        "jobs",
    ),
    Sabotage(
        "pause: its time counts as computing",
        "jobs/queue.py",
        "self._runs(job, job.left or 0.0)",
        "self._runs(job, 0.0)",
        "jobs",
    ),
    Sabotage(
        "pause: whoever comes last pauses for all",
        "jobs/queue.py",
        "return not (others or job.over.is_set())",
        "return not job.over.is_set()",
        "jobs",
    ),
    Sabotage(
        "training lab: the result is shown before the prediction",
        "ui/experiments/experiment_page.py",
        "    if result and seen:\n",
        "    if result:\n",
        "experiments_page",
    ),
    Sabotage(
        "jobs: who stops ends the job of all",
        "jobs/queue.py",
        "job.halted = job.halted or not job.waiters",
        "job.halted = True",
        "jobs",
    ),
    Sabotage(
        "jobs: nobody need wait for a job",
        "jobs/queue.py",
        "return self._clock() > seen + self.limits.grace",
        "return False",
        "jobs",
    ),
    Sabotage(
        "geometry: nothing is rounded up",
        "network/geometry.py",
        'raw.__ceil__() if rounding in ("ceil", "caffe") else raw.__floor__()',
        "raw.__floor__()",
        "geometry",
    ),
    Sabotage(
        "geometry: SAME puts the odd cell before",
        "network/geometry.py",
        "padding = (total // 2, total - total // 2)",
        "padding = (total - total // 2, total // 2)",
        "geometry",
    ),
    Sabotage(
        "geometry: Caffe's clip rule is off by one",
        "network/geometry.py",
        "size = min(size, (input_size + padding[0] - 1) // stride + 1)",
        "size = min(size, (input_size + padding[0]) // stride + 1)",
        "geometry",
    ),
    Sabotage(
        "geometry: the smallest input is that of rounding down",
        "network/geometry.py",
        'needed=extent - sum(padding) - (stride - 1 if rounding == "caffe" else 0)',
        "needed=extent - sum(padding)",
        "geometry",
    ),
    Sabotage(
        "geometry: Krizhevsky's rule lets a window hang over the padded map",
        "network/geometry.py",
        'if rounding == "ceil" and extent > input_size + sum(padding):',
        'if rounding == "ceil" and extent > input_size + sum(padding) + stride:',
        "geometry",
    ),
    Sabotage(
        "readers: an assumed input ties the dense layers",
        "readers/network_builder.py",
        "arriving &= _arriving(made.at(2 * made.input_size))",
        "arriving &= _arriving(made.at(made.input_size))",
        "real_files",
    ),
    Sabotage(
        "readers: the filters of cuda-convnet are those of all groups",
        "readers/convnet_cfg.py",
        '_each(given, "filters") * groups',
        '_each(given, "filters")',
        "real_files",
    ),
    Sabotage(
        "readers: a stage of DIGITS selects nothing",
        "readers/caffe_state.py",
        'state.stages.issuperset(words_of(rule, "stage"))',
        "True",
        "real_files",
    ),
    Sabotage(
        "geometry: the last input that gives a size is left out",
        "network/geometry.py",
        "return range(first + 1, last + 1)",
        "return range(first + 1, last)",
        "geometry inputs",
    ),
    Sabotage(
        "receptive field: dilation is forgotten",
        "network/receptive_field.py",
        "size=self.size + (window.extent - 1) * jump",
        "size=self.size + (window.kernel_size - 1) * jump",
        "receptive_field",
    ),
    Sabotage(
        "receptive field: padding is not scaled by the stride",
        "network/receptive_field.py",
        "start=self.start - window.padding[0] * jump",
        "start=self.start - window.padding[0]",
        "receptive_field",
    ),
    Sabotage(
        "layers: a grouped convolution reads all channels",
        "network/layers/base.py",
        "return input_shape[0] // self.groups",
        "return input_shape[0]",
        "layers",
    ),
    Sabotage(
        "layers: a maximum of n cells takes n comparisons",
        "network/layers/windows.py",
        '{"comparisons": (self.kernel_cells - 1) * windows}',
        '{"comparisons": self.kernel_cells * windows}',
        "layers",
    ),
    Sabotage(
        "layers: alpha of a norm within the map is divided by its side",
        "network/layers/normalisation.py",
        'return self.size if self.region == "channels" else self.size**2',
        "return self.size",
        "layers response_norm",
    ),
    Sabotage(
        "layers: a norm's window of even size is symmetric",
        "network/layers/normalisation.py",
        "for side in (size // 2, (size - 1) // 2)",
        "for side in (size // 2, size // 2)",
        "layers",
    ),
    Sabotage(
        "layers: a dense layer takes any number of features",
        "network/layers/units.py",
        "if self.in_features not in (None, *input_shape):",
        "if self.in_features == 0:",
        "layers",
    ),
    Sabotage(
        "trace: a second dense layer sees more than the picture",
        "network/trace.py",
        "grid = shape[1:] or ((1, 1) if layer.weighted else grid)",
        "grid = shape[1:] or grid",
        "receptive_field",
    ),
    Sabotage(
        "trace: any failure is a convolution's",
        "network/trace.py",
        "failure = Failure(network.id, layer.name, layer.kind, shape, problem)",
        'failure = Failure(network.id, layer.name, "conv", shape, problem)',
        "exports cli layers",
    ),
    Sabotage(
        "towers: a norm fetches nothing from its neighbour",
        "network/layers/normalisation.py",
        "first, stop = outputs.start - self.size // 2, outputs.stop + (self.size - 1) // 2",
        "first, stop = outputs.start, outputs.stop",
        "towers what_if",
    ),
    Sabotage(
        "towers: what is left over goes to the last tower",
        "analysis/towers/split.py",
        "each + (tower < rest) for tower",
        "each + (tower >= count - rest) for tower",
        "towers",
    ),
    Sabotage(
        "layers: a norm in towers reads across them",
        "network/layers/normalisation.py",
        "group = groups_read(outputs, input_shape[0], input_shape[0], self.groups)",
        "group = range(input_shape[0])",
        "channels_read",
    ),
    Sabotage(
        "columns: a share is a fraction",
        "analysis/columns.py",
        "return [100 * value / whole if whole else None for value in found]",
        "return [value / whole if whole else None for value in found]",
        "columns",
    ),
    Sabotage(
        "columns: bytes of the weights leave out the biases",
        "analysis/columns.py",
        "lambda row: FLOAT32_BYTES * row.params",
        "lambda row: FLOAT32_BYTES * row.weights",
        "columns",
    ),
    Sabotage(
        "compare: LRN and ReLU are said to commute",
        "analysis/compare/differences.py",
        'for monotone in ("relu", "tanh", "sigmoid")',
        'for monotone in ("relu", "tanh", "sigmoid", "lrn")',
        "differences difference_words",
    ),
    Sabotage(
        "compare: Caffe's rounding is always rounding up",
        "analysis/compare/canonical.py",
        'rounding = "ceil" if inside or not any(padding) else rounding',
        'rounding = "ceil"',
        "differences",
    ),
    Sabotage(
        "claims: a rounded number may be far off",
        "analysis/claims/verdict.py",
        "return abs(float(computed) - stated) < tolerance",
        "return abs(float(computed) - stated) < 100 * tolerance",
        "claims_engine claims",
    ),
    Sabotage(
        "text: Chinese refusals are joined like English ones",
        "text/problem.py",
        'BETWEEN_CHINESE[self.between] if language == "zh" else self.between',
        "self.between",
        "words",
    ),
    Sabotage(
        "claims: what the paper leaves open is compared with it",
        "analysis/claims/verdict.py",
        'if quantity.rpartition(".")[2] in NOT_IN_THE_PAPER:',
        "if quantity in NOT_IN_THE_PAPER:",
        "claims_engine claims",
    ),
    Sabotage(
        "memory: the emptiest GPU decides the batch",
        "analysis/memory/budget.py",
        "return max(0, min((card - total.fixed)",
        "return max(0, max((card - total.fixed)",
        "memory",
    ),
    Sabotage(
        "memory: a ReLU after a pool works in place",
        "analysis/memory/cuda_convnet.py",
        "if not (shared and below and below.weighted):",
        "if not shared:",
        "memory",
    ),
    Sabotage(
        "readers: Caffe's pooling rounds down",
        "readers/caffe_layers.py",
        'in ("FLOOR", "1") else "caffe"',
        'in ("FLOOR", "1") else "floor"',
        "architectures_caffe",
    ),
    Sabotage(
        "readers: transB of an ONNX Gemm is ignored",
        "readers/onnx_nodes.py",
        'reversed(weight) if node.whole("transB", 0) else weight',
        "weight",
        "architectures_onnx",
    ),
    Sabotage(
        "readers: Darknet's odd padding goes before",
        "readers/darknet_cfg.py",
        "(padding // 2, padding - padding // 2)",
        "(padding - padding // 2, padding // 2)",
        "architectures_cfg",
    ),
    Sabotage(
        "importers: a pickle may name what begins like torch",
        "weights/files/torch_file.py",
        "not ALLOWED.fullmatch(str(argument))",
        "not ALLOWED.match(str(argument))",
        "importers_pickle importers_hostile",
    ),
    Sabotage(
        "importers: an ONNX MatMul is taken as it is stored",
        "weights/files/onnx_constants.py",
        "_numbers(node, 1, held).t()",
        "_numbers(node, 1, held)",
        "importers importers_onnx",
    ),
    Sabotage(
        "importers: a swollen protocol buffer is parsed",
        "weights/files/wire_format.py",
        "if count > MAX_FIELDS:",
        "if count > 100 * MAX_FIELDS:",
        "importers_hostile",
    ),
    Sabotage(
        "model: ReLU works in place",
        "model/build.py",
        "nn.ReLU(inplace=False)",
        "nn.ReLU(inplace=True)",
        "model activations",
    ),
    Sabotage(
        "model: padding wins a maximum",
        "model/modules.py",
        "functional.pad(input, self.outside, value=-inf)",
        "functional.pad(input, self.outside)",
        "modules",
    ),
    Sabotage(
        "model: dropout of the paper is not scaled in testing",
        "model/modules.py",
        "return super().forward(input) * (1 - self.p)",
        "return super().forward(input)",
        "modules model",
    ),
    Sabotage(
        "hooks: attribution works on the shared model",
        "interpretability/attribution/unit_model.py",
        "private_copy(up_to(model, unit.layer)).eval().float()",
        "up_to(model, unit.layer).eval().float()",
        "attribution_shared",
    ),
    Sabotage(
        "hooks: an ablation edits the shared model",
        "interpretability/ablation/edits.py",
        "copy = private_copy(model)",
        "copy = model",
        "ablation ablation_kinds",
    ),
    Sabotage(
        "hooks: a silenced channel is written into the layer's own output",
        "interpretability/ablation/edits.py",
        "output = input.clone()",
        "output = input",
        "ablation ablation_kinds",
    ),
    Sabotage(
        "lens: a norm reads one cell too many",
        "interpretability/lens.py",
        "min(cells, place + (size - 1) // 2 + 1)",
        "min(cells, place + (size - 1) // 2 + 2)",
        "lens",
    ),
    Sabotage(
        "pictures: the crop is not in the middle",
        "pictures/preprocessing.py",
        "left, top = ((side * scale - size) // 2 / scale for side in image.size)",
        "left, top = (0, 0)",
        "preprocess",
    ),
    Sabotage(
        "pictures: colours are not turned round",
        "pictures/preprocessing.py",
        "values = values[..., ::-1]",
        "pass",
        "preprocess",
    ),
    Sabotage(
        "device: half precision on a card that has no tensor cores",
        "model/device.py",
        "(major >= 7)",
        "(major >= 6)",
        "device",
    ),
    Sabotage(
        "device: any error of a device is called a full memory",
        "model/device.py",
        'if placement.device.type == "cpu" or not out_of_memory(error):',
        'if placement.device.type == "cpu":',
        "device",
    ),
    Sabotage(
        "device: a card that was full is asked again at once",
        "model/device.py",
        "return CPU.device if self.notice else choose()",
        "return choose()",
        "full_device",
    ),
    Sabotage(
        "precision: the check of a half costs nothing",
        "model/precision.py",
        "usual.milliseconds + (passes + 1) * each.milliseconds",
        "passes * each.milliseconds",
        "precision",
    ),
    Sabotage(
        "scan: a saved scan of other choices is gone on with",
        "interpretability/folder_scan/scan.py",
        'if (record["version"], record["key"]) != (VERSION, key):',
        'if record["version"] != VERSION:',
        "scan",
    ),
    Sabotage(
        "scan: symbolic links are followed",
        "interpretability/folder_scan/picture_files.py",
        "if stat.S_ISLNK(about.st_mode):",
        "if False:",
        "scan",
    ),
    Sabotage(
        "replay: a missing number counts as equal",
        "model/precision.py",
        "return inf if np.isnan(largest) else largest",
        "return 0.0 if np.isnan(largest) else largest",
        "replay",
    ),
    Sabotage(
        "replay: every layer is fed what was replayed before it",
        "model/replay.py",
        "arriving = torch.tensor(kept[name][None])",
        "arriving = chained",
        "replay",
    ),
    Sabotage(
        "model parallel: the logits of GPU 0 come last",
        "model_parallel/tower_network.py",
        "torch.cat([maps[0], *(arrived[route] for route in routes)], dim=1)",
        "torch.cat([*(arrived[route] for route in routes), maps[0]], dim=1)",
        "model_parallel model_parallel_parts",
    ),
    Sabotage(
        "exports: alpha is not what torch divides",
        "render/export/torch_source.py",
        "alpha = layer.alpha if layer.divide_alpha else layer.alpha * cells",
        "alpha = layer.alpha",
        "writers_torch",
    ),
    Sabotage(
        "exports: Caffe's clip rule is forgotten",
        "render/export/prototxt.py",
        "if clips and (size - 1) * stride >= window.input_size + before:",
        "if clips and size < 0:",
        "writers_prototxt",
    ),
    Sabotage(
        "exports: Keras flattens with the channels last",
        "render/export/keras_source.py",
        'if row.kind == "flatten" and len(row.input_shape) == 3:',
        'if row.kind == "flatten" and len(row.input_shape) == 4:',
        "writers_keras",
    ),
    Sabotage(
        "escaping: the words of a drawing",
        "render/diagrams/svg.py",
        'fill="{colour}"{weight}>{escape(words)}</text>\'',
        'fill="{colour}"{weight}>{words}</text>\'',
        "drawings",
    ),
    Sabotage(
        "escaping: the cells of a report",
        "render/export/html_page.py",
        "return escape(cell)",
        "return cell",
        "writers_html",
    ),
    Sabotage(
        "escaping: a formula in a spreadsheet",
        "render/tables/grid.py",
        '_FORMULA = ("=", "+", "-", "@", "\\t", "\\r")',
        '_FORMULA = ("=", "+", "-", "\\t", "\\r")',
        "exports",
    ),
    Sabotage(
        "escaping: tags in Markdown",
        "render/tables/grid.py",
        r"""r"([\\`*_\[\]<>|])", r"\\\1", """,
        r"""r"([\\`*_\[\]|])", r"\\\1", """,
        "exports",
    ),
    Sabotage(
        "links: a number beyond its range",
        "ui/app/choice.py",
        "if not low <= value <= high:",
        "if not low <= value:",
        "links",
    ),
    Sabotage(
        "links: a choice that keeps no tuple",
        "ui/app/choices.py",
        'return () if text == "-" else several(name, 1, 40).parse(text)',
        'return () if text == "-" else tuple(text.split(","))',
        "links",
    ),
    Sabotage(
        "server: a name that begins like an address",
        "ui/app/request_guard.py",
        "parts = HOST.fullmatch(host)",
        "parts = HOST.match(host)",
        "request_guard",
    ),
    Sabotage(
        "server: an origin that is not compared",
        "ui/app/request_guard.py",
        "CHECKS: tuple[Check, ...] = (foreign_name, foreign_origin, closed_metrics)",
        "CHECKS: tuple[Check, ...] = (foreign_name, closed_metrics)",
        "request_guard",
    ),
    Sabotage(
        "weights: a checksum that is not compared",
        "weights/integrity.py",
        "if method and not (found := _digest(path, method)).startswith(digits):",
        "if method and not (found := _digest(path, method)):",
        "integrity",
    ),
    Sabotage(
        "words: a translation is lost",
        "text/kind.toml",
        '{en = "convolution", zh = "卷积"}',
        '{en = "convolution", zh = "convolution"}',
        "text",
    ),
    Sabotage(
        "words: a problem is raised without one of its values",
        "network/geometry.py",
        'raise Problem("not_positive", name=name, value=value)',
        'raise Problem("not_positive", name=name)',
        "text",
    ),
    Sabotage(
        "imports: arithmetic that needs the model",
        "network/receptive_field.py",
        "from dataclasses import dataclass",
        "from dataclasses import dataclass\n\nimport alexnet_viz.model.build",
        "lint-imports architecture",
    ),
    Sabotage(
        "imports: a table that needs Streamlit",
        "analysis/columns.py",
        "from operator import attrgetter",
        "from operator import attrgetter\n\nimport streamlit",
        "lint-imports architecture",
    ),
    Sabotage(
        "layer page: the depth of a kernel is that of all groups",
        "ui/layer/why.py",
        "depth, channels = layer.kernel_depth(row.input_shape), row.input_shape[0]",
        "depth, channels = row.input_shape[0], row.input_shape[0]",
        "layer_page",
    ),
    Sabotage(
        "memory: a claim beyond what is free is granted",
        "isolation/machine_memory.py",
        "        if size > room:\n",
        "        if False:\n",
        "machine_memory uploads",
    ),
    Sabotage(
        "uploads: a page without an uploader takes a small file",
        "ui/app/uploads.py",
        "if most == FRAMING or size > most:",
        "if size > most:",
        "uploads",
    ),
    Sabotage(
        "uploads: what was read stays in the session",
        "ui/app/uploads.py",
        "            each.truncate()",
        "            pass",
        "uploads",
    ),
    Sabotage(
        "weights: a model of a file outlives the sessions that opened it",
        "ui/components/live_model.py",
        "lambda: make(where), own)",
        "lambda: make(where))",
        "shared_weights",
    ),
    Sabotage(
        "serving: a visitor's weights are looked for on the cluster",
        "ui/components/live_model.py",
        "or (weights and weights == own)",
        "",
        "serving",
    ),
    Sabotage(
        "serving: everybody is given the first picture of a batch",
        "serving/micro_batches.py",
        "_own(maps[at])",
        "_own(maps[0])",
        "serving",
    ),
    Sabotage(
        "serving: a request of a replica that ended is lost",
        "serving/on_ray.py",
        "if time.monotonic() - began > LOST_SECONDS:",
        "if True:",
        "serving_ray",
    ),
    Sabotage(
        "slips: groups twice is no division",
        "teaching/slips/of_counts.py",
        "asked.row.weights // asked.groups)",
        "asked.row.weights)",
        "slips",
    ),
    Sabotage(
        "slips: other networks are not asked",
        "teaching/slips/elsewhere.py",
        "if id != network and",
        "if id == network and",
        "slips",
    ),
    Sabotage(
        "training lab: the arms of a seed read other pictures",
        "teaching/experiments/trained.py",
        "np.random.default_rng((self.seed, 2, int(epoch)))",
        "np.random.default_rng((id(self), 2, int(epoch)))",
        "experiments",
    ),
    Sabotage(
        "training lab: an arm inside the noise counts as worse",
        "teaching/experiments/verdict.py",
        "if arm == first or not _difference(arm, first, values).clear",
        "if arm == first",
        "experiments",
    ),
    Sabotage(
        "typed: 亿 is ten million",
        "teaching/typed.py",
        '"亿": 8',
        '"亿": 7',
        "typed",
    ),
    Sabotage(
        "carried: a step is judged on the network's number",
        "teaching/exercises/carried.py",
        "    if value == expected:",
        "    if value == right:",
        "exercises",
    ),
    Sabotage(
        "exercises: the answer may be the only long option",
        "teaching/exercises/generators.py",
        "if not min(lengths) <= len(right) <= max(lengths):",
        "if not lengths:",
        "exercises",
    ),
    Sabotage(
        "lab: the map of LRN crosses the towers",
        "teaching/labs/lrn.py",
        "return replace(layer(values), groups=own.groups)",
        "return replace(layer(values), groups=1)",
        "labs_operations",
    ),
    Sabotage(
        "exercise: the gradient passes where ReLU cut",
        "teaching/questions/rectified.py",
        "gradient if value > 0 else 0",
        "gradient if value < 0 else 0",
        "exercises slips",
    ),
    Sabotage(
        "labs: a control at its default stays in the link",
        "teaching/setting.py",
        "if value != start and",
        "if True and",
        "labs",
    ),
    Sabotage(
        "labs: a value out of range is taken",
        "teaching/control.py",
        "if not low <= value <= high:",
        "if not low <= value <= 10 * high:",
        "labs",
    ),
    Sabotage(
        "course: the steps after the prediction are shown before it",
        "ui/course/lesson_page.py",
        "if step in AFTER_PREDICTION and waiting:",
        "if step in AFTER_PREDICTION and not step:",
        "course",
    ),
    Sabotage(
        "course: what was missed comes back one lesson later",
        "teaching/course.py",
        "at = order.index(lesson.slug) - LATER",
        "at = order.index(lesson.slug) - 1",
        "course",
    ),
    Sabotage(
        "course: another input is the network's own",
        "analysis/claims/quantity.py",
        "int(size)) if size else",
        "None) if size else",
        "course",
    ),
    Sabotage(
        "sheets: a code's check leaves its last letter out",
        "teaching/sheets/answer_code.py",
        "found = crc_hqx(bytes(digits), _START)",
        "found = crc_hqx(bytes(digits[:-1]), _START)",
        "class_board",
    ),
    Sabotage(
        "sheets: an answer in a code loses its last letter",
        "teaching/sheets/answer_code.py",
        "for letter in given[:MOST_TYPED]:",
        "for letter in given[:-1]:",
        "class_board",
    ),
    Sabotage(
        "sheets: a typed answer is shortened to another",
        "teaching/sheets/answer_code.py",
        'same = "/" not in plain and read(plain, form) == typed',
        'same = "/" not in plain',
        "class_board",
    ),
    Sabotage(
        "sheets: a code pasted twice is not said",
        "teaching/sheets/board.py",
        "        if handed in found:\n            repeated.append((number, found[handed]))\n",
        "        if handed in found:\n            pass\n",
        "class_board",
    ),
    Sabotage(
        "sheets: a code of another sheet counts",
        "teaching/sheets/board.py",
        "            if kind != kinds.most_common(1)[0][0]:\n",
        "            if False:\n",
        "class_board",
    ),
    Sabotage(
        "sheets: an answer to another question is taken for a slip",
        "teaching/sheets/board.py",
        "    if other := misread(exercise, typed, slip):\n",
        "    if not slip and (other := misread(exercise, typed, slip)):\n",
        "class_board",
    ),
    Sabotage(
        "sheets: every version has the key of version A",
        "teaching/sheets/printed.py",
        "    parts += [_key(sheet, letter, drawn[letter], language, link) for letter in drawn]\n",
        '    parts += [_key(sheet, letter, drawn["A"], language, link) for letter in drawn]\n',
        "printed_sheets",
    ),
    Sabotage(
        "sheets: the students' pages have the link to the answers",
        "teaching/sheets/printed.py",
        '    return _around("section", parts, kind="version", id=f"version-{letter}")\n',
        '    parts.append("http://10.0.0.5")\n'
        '    return _around("section", parts, kind="version", id=f"version-{letter}")\n',
        "printed_sheets",
    ),
    Sabotage(
        "sheets: all entries are drawn anew",
        "teaching/sheets/sheet.py",
        "        entry = replace(self.entries[place], number=self._free())\n",
        "        entry = replace(self.entries[place], tier=self._free() % 3 + 1)\n",
        "sheets",
    ),
    Sabotage(
        "sheets: a code keeps showing when an answer was changed",
        "ui/practice/answering.py",
        "    if st.session_state.get(MADE) == made:\n",
        "    if MADE in st.session_state:\n",
        "sheet_page",
    ),
    Sabotage(
        "sheets: a hidden answer is shown",
        "ui/practice/sheet_entries.py",
        '            if not state.get("covered"):\n',
        "            if True:\n",
        "sheet_page",
    ),
]


def broken(tree: Path, sabotage: Sabotage) -> None:
    """Break one line of a tree.

    Raises:
        LookupError: the text is not there, or stands there more than once.
    """
    path = tree / "alexnet_viz" / sabotage.file
    text = path.read_text("utf-8") if path.exists() else ""
    if text.count(sabotage.old) != 1:
        raise LookupError(
            f"{sabotage.name}: {sabotage.old!r} stands {text.count(sabotage.old)} times in "
            f"{sabotage.file}; write the sabotage anew"
        )
    path.write_text(text.replace(sabotage.old, sabotage.new), "utf-8")


def copied(source: Path, target: Path) -> None:
    """The project as the tests need it."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(*LEFT_OUT))


def noticed(tree: Path, tests: Sequence[str]) -> str:
    """What fails first in a tree; empty if nothing does.

    Raises:
        RuntimeError: the tests could not be run.
    """
    if "lint-imports" in tests and (tree / "pyproject.toml").read_text().count("importlinter"):
        lint = run(tree, "-c", LINT)
        if lint.returncode:
            return "lint-imports"
    files = [f"tests/test_{stem}.py" for stem in tests if stem != "lint-imports"]
    done = run(tree, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *files)
    if done.returncode == 0:
        return ""
    for line in reversed(done.stdout.splitlines()):
        if line.startswith(("FAILED", "SUBFAILED", "ERROR")):
            return line[:110]
    raise RuntimeError(f"{files}: exit code {done.returncode}\n{done.stdout}\n{done.stderr}")


def run(tree: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], cwd=tree, capture_output=True, text=True, check=False
    )


def tried(source: Path, sabotage: Sabotage) -> str:
    """What notices a sabotage of a copy of ``source``; empty if nothing does."""
    with TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        copied(source, tree)
        broken(tree, sabotage)
        return noticed(tree, sabotage.tests.split())


def main() -> int:
    """Run the sabotages that were asked for, and say which were missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("words", nargs="*", help="only sabotages with these words in their names")
    parser.add_argument("-n", type=int, default=2, metavar="COUNT", help="how many at a time")
    options = parser.parse_args()
    chosen = [
        sabotage
        for sabotage in SABOTAGES
        if not options.words or any(word in sabotage.name for word in options.words)
    ]
    with TemporaryDirectory() as folder:  # all texts are there, and nothing fails anyway
        tree = Path(folder) / "tree"
        copied(ROOT, tree)
        tests = sorted({stem for sabotage in chosen for stem in sabotage.tests.split()})
        if failing := noticed(tree, tests):
            raise RuntimeError(f"fails without a sabotage: {failing}")
        for sabotage in chosen:
            broken(tree, sabotage)
    missed = 0
    with ThreadPoolExecutor(options.n) as workers:
        for sabotage, by in zip(chosen, workers.map(lambda s: tried(ROOT, s), chosen), strict=True):
            missed += not by
            print(f"{'caught' if by else 'MISSED'}  {sabotage.name:60}  {by}", flush=True)
    print(f"{len(chosen) - missed} of {len(chosen)} caught")
    return int(missed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
