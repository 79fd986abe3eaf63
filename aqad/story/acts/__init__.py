"""The eight acts, one file each; `play` takes the stage and leaves on it what came about."""

from aqad.story.acts import (
    act_1_registration,
    act_2_sign_in,
    act_3_product,
    act_4_browsing,
    act_5_order,
    act_6_payment,
    act_7_processing,
    act_8_delivery,
)

ACTS = (
    ("A vendor registers", act_1_registration.play),
    ("The vendor signs in", act_2_sign_in.play),
    ("A product goes on sale", act_3_product.play),
    ("A retailer looks around", act_4_browsing.play),
    ("An order", act_5_order.play),
    ("Money", act_6_payment.play),
    ("The vendor prepares", act_7_processing.play),
    ("To the door", act_8_delivery.play),
)
