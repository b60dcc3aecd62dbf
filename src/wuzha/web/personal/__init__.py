"""Personal data: sealed values, masked text, clocks of keeping, and what a person may ask of those who hold it."""
