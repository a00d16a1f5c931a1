"""Faults made to happen to an index, and what it did: `python -m benchmarks.reliability`."""
