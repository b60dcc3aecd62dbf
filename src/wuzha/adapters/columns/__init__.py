"""Counting on columns: tables of integers, the ledger as Parquet, and engines that count what the core decides."""
