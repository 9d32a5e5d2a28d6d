"""An estate that fills year by year, and what its occupied land needs and sends."""
