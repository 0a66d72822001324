"""What is connected: all of it, and one with everything that can be done with it."""
