"""gunicorn's threaded worker with an express lane for requests that are answered at once.

gunicorn gives each request to one of a few threads. An application that names paths in `at_once_below` gets
complete GETs of these from one thread of their own instead, all that wait at that moment together, and
answers those it has an answer for (`answer_at_once`). So what they need of other servers is asked for once,
and no thread has to be woken for each. A request without an answer is given to a thread, as it was read;
whatever else is sent on such a connection goes gunicorn's usual way, byte for byte. Why:
docs/decisions/an-express-lane.md.
"""
