"""Keep what has to outlive a run, on the disk of the user alone."""
