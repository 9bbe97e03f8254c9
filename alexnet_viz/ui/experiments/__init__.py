"""Parts of the page Training lab: the prediction, the run, its pictures and its figures."""
