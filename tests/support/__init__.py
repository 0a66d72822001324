"""What tests share: real databases, and the things that stand behind them."""
