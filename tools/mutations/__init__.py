"""Faults put into good configs, one at a time, to measure how many of them are found."""
