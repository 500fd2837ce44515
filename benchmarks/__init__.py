"""What the performance claims are measured with: `python -m benchmarks`, or `python -m benchmarks iteration`."""
