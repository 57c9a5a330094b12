"""The benchmarks page: industries' quartiles, firms' excess energy, the resource-efficiency score."""
