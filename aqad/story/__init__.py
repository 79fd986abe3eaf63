"""`make story`: the life of an order from the vendor's registration to the delivery, played over HTTP."""
