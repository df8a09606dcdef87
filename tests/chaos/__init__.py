"""Faults on real Apache Kafka, and a checker that says what was lost or told twice; `make chaos` runs them."""
