"""The buyer's pages: the cart, the checkout, and what was ordered."""
