"""The screens of filing, one module per audience."""
