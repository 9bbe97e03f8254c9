"""Parts that several pages share: choices, tables, and components with their own JavaScript.

``plate`` shows a diagram and a table, ``contact_sheet`` all channels of a layer, ``overlay`` a map
over its picture, ``wipe`` attribution maps, ``lens`` one cell's arithmetic; ``component`` registers
them, each with the JavaScript and CSS of its name.  ``network_picker`` and ``subject`` choose the
network and its weights, ``live_model`` runs it.
"""
