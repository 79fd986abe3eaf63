"""What is wrong? Three questions, each answered from what the system records anyway."""
