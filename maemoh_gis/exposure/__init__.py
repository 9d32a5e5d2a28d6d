"""People, farms, water and jobs near what is planned."""
