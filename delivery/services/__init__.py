"""Every write to partners, drivers and deliveries, by topic."""

from delivery.services.assignment import (
    assign_by_hand,
    assign_delivery,
    assign_waiting,
    cancel_delivery,
)
from delivery.services.partners import add_driver, create_partner, update_driver, update_partner
from delivery.services.retention import forget_traces
from delivery.services.steps import Proof, Step, prepare_step, report_step

__all__ = [
    "Proof",
    "Step",
    "add_driver",
    "assign_by_hand",
    "assign_delivery",
    "assign_waiting",
    "cancel_delivery",
    "create_partner",
    "forget_traces",
    "prepare_step",
    "report_step",
    "update_driver",
    "update_partner",
]
