"""The parts of the Glossary page: the terms, and how one is shown."""
