"""What five articles, the papers and the frameworks say about AlexNet, and whether it holds.

``ledger``      the claims, read from the TOML files beside this module when first asked for
``verdict``     what becomes of a claim: computed from traces wherever it concerns a number
``quantity``, ``expression``  what a claim can be about, by name
``wording``     a claim, a value and a reason in English and 中文
``view``        the page and the choices that show it
"""
