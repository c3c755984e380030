print("denghuo")
