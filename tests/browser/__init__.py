"""What only a real browser can say: that a person gets through, and that nothing on the way is blocked."""
