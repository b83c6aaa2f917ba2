"""Mailbox exports: messages, their attachments, archives, and what kind of file each is."""
