from django.contrib import admin
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import pgettext_lazy

from aqad.lib.moves import AppendOnly


class Deployment(models.Model):
    """What began to run, and when: a row wherever code, migrations or settings are not those of the last.

    `settings` holds fingerprints by name, never values.
    """

    at = models.DateTimeField(db_default=Now(), editable=False)
    version = models.CharField(max_length=60, blank=True)
    commit = models.CharField(max_length=40, blank=True)
    host = models.CharField(max_length=120, blank=True)
    migrations = models.CharField(max_length=16, help_text="Fingerprint of all that are applied.")
    applied = models.JSONField(default=list, help_text="Migrations applied since the deployment before.")
    settings = models.JSONField(default=dict, help_text="Fingerprints by name.")
    changed = models.JSONField(default=list, help_text="Settings that differ from the deployment before.")

    class Meta:
        ordering = ["-id"]
        permissions = [
            ("see_doctor", "Can use the operations console"),
            ("correct_stock", "Can correct stock that does not agree"),
        ]
        triggers = [AppendOnly()]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M}"

    @property
    @admin.display(description=pgettext_lazy("field", "version and commit"))
    def name(self) -> str:
        """Version and commit, as far as they are known."""
        return " ".join(filter(None, (self.version, self.commit))) or f"#{self.pk}"
