"""Which parcel gets which use in which year: a programme solved in every world, and what recurs."""
