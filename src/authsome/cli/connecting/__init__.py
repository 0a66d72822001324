"""What `authsome login` is asked for, as whom it asks, and which provider an address means."""
