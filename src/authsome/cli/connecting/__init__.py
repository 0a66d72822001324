"""What `authsome login` is asked for, and as whom it asks."""
