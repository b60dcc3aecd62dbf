"""The whole installation as one file: every row, every photo and paper, the key; to be kept, compared and put back."""
