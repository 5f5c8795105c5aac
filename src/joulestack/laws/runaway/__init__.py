"""What a cell does when it is too hot: reactions of its materials, and what melts."""
