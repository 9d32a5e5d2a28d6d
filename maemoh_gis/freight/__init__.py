"""What boxes cost by road and by rail, and what a yard is worth."""
