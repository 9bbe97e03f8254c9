"""The frame of the app: menu, language, the choices and how a link spells them.

``shell`` starts a page, ``choices.CHOICES`` lists everything a user can choose, ``state`` reads and
writes it and mirrors it in the address, ``words`` translates.  Components and pages build on it.
"""
