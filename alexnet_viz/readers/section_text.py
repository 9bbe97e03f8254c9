"""Parse ``[section]`` and ``key=value`` lines, the syntax of Darknet's and cuda-convnet's files."""

from dataclasses import dataclass, field

from alexnet_viz.text.problem import Problem, shown

MAX_SECTIONS = 2_000
"""Most sections; the longest network of either program has three hundred."""


@dataclass(frozen=True)
class Section:
    """A section's name, its line, and its values by key."""

    name: str
    line: int
    values: dict[str, list[str]] = field(default_factory=dict)


def parse(text: str) -> list[Section]:
    """The sections of a text in order.

    Raises:
        Problem: a line of another form, or too many sections.
    """
    sections: list[Section] = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line[0] in "#;":
            continue
        if line.startswith("[") and line.endswith("]"):
            if len(sections) == MAX_SECTIONS:
                raise Problem("open_many", limit=MAX_SECTIONS)
            sections.append(Section(line[1:-1].strip(), number))
            continue
        key, equals, value = line.partition("=")
        if not equals or not sections:
            raise Problem("open_syntax", line=number, token=shown(line))
        sections[-1].values.setdefault(key.strip(), []).append(value.partition("#")[0].strip())
    return sections
