"""The frame of the app: menu, language, the user's choices and their text in links.

``shell`` starts a page, ``choices.CHOICES`` lists everything a user can choose, ``state`` reads and
writes it and mirrors it in the address, ``words`` translates.  ``uploads`` bounds what visitors
bring, ``kept`` what is shared between them, ``sessions`` ends what they left.  Components and pages
use it.
"""
