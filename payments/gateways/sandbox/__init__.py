"""A payment company in a box: a program of its own that AQAD reaches over HTTP only, as it would a real one.

Start it with `python -m payments.gateways.sandbox`; its environment is described in `config.py`. It imports
nothing of AQAD, keeps its own SQLite file, and moves no money.
"""
