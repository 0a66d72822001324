"""What is asked about one provider: its definition, an amendment of it, a test."""
