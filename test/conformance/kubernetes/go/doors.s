// Empty: its presence lets doors.go declare functions whose bodies are elsewhere.
