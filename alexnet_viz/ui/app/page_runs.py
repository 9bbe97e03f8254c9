"""The page runs and live passes of this process, to which jobs give way."""

from alexnet_viz.jobs import Presence

PRESENT = Presence()
