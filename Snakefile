# The workflow is workflow/Snakefile, where those look who deploy one. Its targets are those of this file.
workflow.include("workflow/Snakefile", overwrite_default_target=True)
