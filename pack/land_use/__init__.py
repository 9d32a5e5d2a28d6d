"""A statistically constrained model of land use, where no observed map is given."""
