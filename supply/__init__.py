"""What is installed: packages and licences from the lock, a bill of materials, known vulnerabilities."""
