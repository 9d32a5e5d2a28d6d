"""For `jupyter nbconvert --config`: pages of these notebooks without the code of checks."""

c = get_config()  # noqa: F821
c.TagRemovePreprocessor.enabled = True
c.TagRemovePreprocessor.remove_input_tags = {"checks"}
c.HTMLExporter.preprocessors = ["nbconvert.preprocessors.TagRemovePreprocessor"]
