"""Guards in the database: only the allowed status moves, and rows that never change."""

from typing import Any

import pgtrigger
from django.apps import apps


class StatusMoves(pgtrigger.Trigger):
    """Refuses an UPDATE of `field` that the model's table of moves does not allow, whoever sends it."""

    when = pgtrigger.Before

    def __init__(self, field: str = "status", table: str = "TRANSITIONS") -> None:
        self.of, self.table = field, table
        super().__init__(name=f"{field}_moves", operation=pgtrigger.UpdateOf(field))

    def get_func(self, model: Any) -> str:
        real_model = apps.get_model(model._meta.label)  # migrations hand in a model without its table
        moves = ", ".join(
            f"('{source}', '{target}')"
            for source, targets in getattr(real_model, self.table).items()
            for target in targets
        )
        return f"""
            IF NEW.{self.of} IS DISTINCT FROM OLD.{self.of}
               AND (OLD.{self.of}, NEW.{self.of}) NOT IN ({moves}) THEN
                RAISE EXCEPTION '% may not move from % to %', TG_TABLE_NAME, OLD.{self.of}, NEW.{self.of}
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """


class AppendOnly(pgtrigger.Protect):
    """Refuses every UPDATE and DELETE: a ledger or a log."""

    name = "append_only"
    operation = pgtrigger.Update | pgtrigger.Delete

    def __init__(self) -> None:
        super().__init__(name=self.name, operation=self.operation)
