"""Forms check shape and clean input; rules and services decide."""
