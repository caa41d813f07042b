"""Questions over many runs: comparisons, sensitivity, fits, the scorecard, sweeps, the explorer."""
