"""What each section of a scenario may say."""
