"""Claims of five articles, the papers and the frameworks about AlexNet, and their verdicts.

``ledger``      the claims, read from the TOML files of this folder at first use
``verdict``     the verdict on a claim: computed from traces wherever it concerns a number
``quantity``, ``expression``  the quantities that a claim can state, by name
``selection``   the claims of a source, with a verdict, about a layer or a concept
``wording``     a claim, a value and a reason in English and Chinese
``view``        the page and the choices that show a claim
"""
