"""An Answer becomes pages: the shell, the chat, the source viewer. The only user of Gradio."""
