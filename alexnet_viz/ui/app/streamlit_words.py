"""Words of Streamlit's own that no option sets, replaced in the style sheet.

What is replaced is hidden, also for a screen reader, and the new words are generated content, which
is read out.  The buttons of a camera and of the script that runs and the link to the page's content
have their words without an element of their own: they are made invisible, and a screen reader reads
both.
"""

import json

from alexnet_viz.ui.app.words import t

_UPLOADER = '[data-testid="stFileUploaderDropzone"]'
_REFUSED = '[data-testid="stFileUploader"]:has([data-testid="stFileChip"][aria-invalid="true"])'
_CAMERA = '[data-testid="stCameraInput"]'
_SHUTTER = f'{_CAMERA} [data-testid="stCameraInputButton"]'
_SKIP = '[data-testid="stSkipToContent"]'
_STOP = '[data-testid="stStatusWidget"] button'
HIDDEN = (
    f'{_UPLOADER} [data-testid="stMarkdownContainer"] > *',
    f'{_UPLOADER} [data-testid="stFileUploaderDropzoneInstructions"] span',
)
REPLACED = {
    f'{_UPLOADER} button [data-testid="stMarkdownContainer"]': "shell.streamlit.upload",
    f'{_UPLOADER} [data-testid="stFileUploaderDropzoneInstructions"]': "shell.streamlit.drop",
    _SHUTTER: "shell.streamlit.photo",
    f"{_CAMERA}:has(img) [data-testid=stCameraInputButton]": "shell.streamlit.clear",
    # Streamlit says why in a tooltip, in English
    _REFUSED: "shell.streamlit.refused",
    _SKIP: "shell.streamlit.skip",
    _STOP: "shell.streamlit.stop",
    '[data-testid="stExpandSidebarButton"]': "shell.streamlit.menu",  # a narrow window's, bare
}
"""Where words are put, and which."""


def rules() -> str:
    """The rules of the style sheet, in this session's language."""
    hidden = f"{', '.join(HIDDEN)} {{ display: none; }}"
    invisible = "".join(
        f"{bare} {{ font-size: 0; }} {bare}::after {{ font-size: 1rem; }}"
        for bare in (_SHUTTER, _SKIP, _STOP)
    )
    put = [
        f"{place}::after {{ content: {json.dumps(t(key), ensure_ascii=False)}; }}"
        for place, key in REPLACED.items()
    ]
    return "\n".join([hidden, invisible, *put])
