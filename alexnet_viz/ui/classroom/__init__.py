"""The parts of the Classroom page: a link and its QR code, and the check of this server."""
