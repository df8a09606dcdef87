"""Webhooks: an alert becomes deliveries, a delivery becomes attempts, and each outcome stands in Kafka before it counts.

`body` and `signing` say what is sent, `classify` and `schedule` what follows from the answer, `pending` what the log says is
still to do; `scheduler` and `deliverer` carry it out and are the only ones here that know aiokafka.
"""
