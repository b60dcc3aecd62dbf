"""Official papers as files: laid out as Word and as PDF in the format of GB/T 9704-2012."""
