"""Smoke: build the real Runner of a config in a worker process and run one accumulated iteration."""
