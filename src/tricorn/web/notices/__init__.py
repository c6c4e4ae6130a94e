"""What one was told, how one wishes to be told, and how to be left alone."""
