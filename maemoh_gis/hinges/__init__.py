"""What the verdict on a yard hinges on: facts of the future, tried in every combination."""
