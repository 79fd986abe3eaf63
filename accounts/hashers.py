from django.contrib.auth import hashers


class Argon2PasswordHasher(hashers.Argon2PasswordHasher):
    """Argon2id with the least memory OWASP advises (19 MiB, two passes, one lane): about 30 ms a sign-in.

    Django's default takes 100 MiB and eight lanes, which a handful of parallel sign-ins turns into an outage.
    """

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1
