"""Sheets of exercises in several versions, to print or to import into a school's system.

``sheet``   which exercises are on it; its link text; the exercises of each version
``exports`` the files that learning platforms import
"""
