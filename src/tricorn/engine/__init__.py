"""Pure rules: time, roles, lifecycle. Standard library, NumPy and the holidays data only."""
