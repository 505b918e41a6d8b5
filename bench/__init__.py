"""`make bench`: what the lab costs, as ratios to something plain that is measured in the same run."""
