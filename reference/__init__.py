"""The domain: its types, finding codes, settings, reference tables and run-stopping errors."""
