"""The environment variables that configure AQAD: what each may be, and how they are read.

The only place that judges them. Whatever starts (web, worker, beat, manage.py, the runner) asks it first.
"""
