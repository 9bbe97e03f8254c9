"""The frame of a lab: its controls, its picture and sentences, its tasks, link and download.

A lab itself is a file of ``teaching.labs``; the page Labs draws all of it (``frame``), a lesson its
picture with fewer controls (``figure``).
"""
