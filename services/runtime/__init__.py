"""The layer that makes Faust keep the promise: nothing lost, nothing told twice; only it and `main.py` know Faust or aiokafka."""
