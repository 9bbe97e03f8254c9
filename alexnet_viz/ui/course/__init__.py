"""Parts of the page Course: the map of the lessons, and the five steps of one lesson."""
