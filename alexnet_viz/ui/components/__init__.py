"""What several pages share: pickers, tables, and the parts that answer in the browser.

``plate`` shows a drawing with a table tied to it, ``contact_sheet`` all channels of a layer,
``overlay`` a map over its picture, ``wipe`` before and after, ``lens`` one cell's arithmetic; each
has its JavaScript and CSS beside it.  ``network_picker`` and ``subject`` choose what a page is
about, ``live_model`` runs it.
"""
