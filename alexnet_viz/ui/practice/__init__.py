"""Parts of the page Practice: the choice of an exercise, the exercise, and what is mastered."""
