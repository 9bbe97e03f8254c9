"""Elements of XML and the file that they are written to."""

import xml.etree.ElementTree as ET

Element = ET.Element


def element(tag: str, *children: Element | None, text: str = "", **attributes: str) -> Element:
    """An element with its children; None among them is left out.

    An attribute's name may end in ``_``, and ``__`` stands for a colon: ``xml__lang``.
    """
    made = ET.Element(tag, {_name(name): value for name, value in attributes.items()})
    made.text = text or None
    made.extend([child for child in children if child is not None])
    return made


def _name(attribute: str) -> str:
    return attribute.rstrip("_").replace("__", ":")


def parsed(fragment: str) -> list[Element]:
    """The elements of well-formed HTML."""
    return list(ET.fromstring(f"<all>{fragment}</all>"))


def file_of(root: Element) -> bytes:
    """The file in UTF-8.  No space is added: it would become part of a text."""
    written: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + written
