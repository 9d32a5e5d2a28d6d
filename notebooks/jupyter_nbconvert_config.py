"""How `jupyter nbconvert` makes pages of these notebooks: the code of checks stays out of them."""

c = get_config()  # noqa: F821
c.TagRemovePreprocessor.enabled = True
c.TagRemovePreprocessor.remove_input_tags = {"checks"}
c.HTMLExporter.preprocessors = ["nbconvert.preprocessors.TagRemovePreprocessor"]
