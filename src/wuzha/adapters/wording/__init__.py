"""What people read: the words of the product, problems as sentences, and duties, records and figures in words."""
