"""Slips in what a registered network gives, what a tower reads, and where a mistake stands."""

from alexnet_viz.teaching.questions.counts import FlattenedInputs
from alexnet_viz.teaching.questions.fingerprints import SUSPECTS, NamedNetwork
from alexnet_viz.teaching.questions.network_chains import PlantedError, TowersRead
from alexnet_viz.teaching.questions.published_errors import PublishedError
from alexnet_viz.teaching.questions.question import Answer
from alexnet_viz.teaching.slips.slip import slips


def area_forgotten(asked: FlattenedInputs) -> Answer | None:
    """C for C H W."""
    return asked.shape[0]


def side_for_area(asked: FlattenedInputs) -> Answer | None:
    """C H for C H W."""
    channels, side, _ = asked.shape
    return channels * side


def channels_forgotten(asked: FlattenedInputs) -> Answer | None:
    """H W for C H W."""
    _, height, width = asked.shape
    return height * width


def towers_never_talk(asked: TowersRead) -> Answer | None:
    """A tower is thought to read its own maps only."""
    return "own"


def towers_always_talk(asked: TowersRead) -> Answer | None:
    """A tower is thought to read the maps of both."""
    return "all"


def image_for_maps(asked: TowersRead) -> Answer | None:
    """Every layer is thought to read the image."""
    return "image"


def first_fingerprint_only(asked: NamedNetwork) -> Answer | None:
    """A network that has the first fingerprint and not the second."""
    return next((each for each in asked.having(asked.first) if each != asked.network), None)


def second_fingerprint_only(asked: NamedNetwork) -> Answer | None:
    """A network that has the second fingerprint and not the first."""
    return next((each for each in asked.having(asked.second) if each != asked.network), None)


def best_known_network(asked: NamedNetwork) -> Answer | None:
    """The paper's network, as if there were no other."""
    return SUSPECTS[0]


def believed_what_is_printed(asked: PublishedError) -> Answer | None:
    """Nothing is thought to be wrong."""
    return "nothing_wrong"


def blamed_the_rounding(asked: PublishedError) -> Answer | None:
    """A wrong size is put down to rounding, where none is the matter."""
    return None if asked.answer == "repair_for_original" else "one_rounding"


def blamed_another_network(asked: PublishedError) -> Answer | None:
    """What does not fit is put down to another network."""
    return "another_network"


def blamed_the_unit(asked: PublishedError) -> Answer | None:
    """What is wrong for another reason is put down to its unit."""
    known = ("another_network", "one_rounding", "repair_for_original")
    return "wrong_unit" if asked.answer in known else None


def line_that_follows(asked: PlantedError) -> Answer | None:
    """The line after, which is right for what arrives there."""
    return asked.at + 1 if asked.at < len(asked.layers) else None


def last_line(asked: PlantedError) -> Answer | None:
    """The last line, whose size is wrong only because an earlier one is."""
    return len(asked.layers) if asked.at + 1 < len(asked.layers) else None


def line_before(asked: PlantedError) -> Answer | None:
    """The line before, which is right."""
    return asked.at - 1 if asked.at > 1 else None


def first_line(asked: PlantedError) -> Answer | None:
    """The first line, which is right."""
    return 1 if asked.at > 2 else None


SLIPS = (
    *slips(FlattenedInputs, area_forgotten, side_for_area, channels_forgotten),
    *slips(TowersRead, towers_never_talk, towers_always_talk, image_for_maps),
    *slips(NamedNetwork, first_fingerprint_only, second_fingerprint_only, best_known_network),
    *slips(
        *(PublishedError, believed_what_is_printed, blamed_the_rounding, blamed_another_network),
        blamed_the_unit,
    ),
    *slips(PlantedError, line_that_follows, last_line, line_before, first_line),
)
