"""Rules about datasets, pipelines and evaluators."""
