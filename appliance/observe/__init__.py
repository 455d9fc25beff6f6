"""How the box does, for whoever watches over it: Prometheus's figures and two answers about its health, over HTTP.

A process of its own that holds no call: it asks the agent, looks into the database and at /proc when it is asked
itself, so a monitoring system that asks too often, or never takes its answer, can slow down nothing but itself.
"""
