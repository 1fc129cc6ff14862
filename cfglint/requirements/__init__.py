"""What a repository says about the releases of libraries that it is for. All of it is read as data: nothing is run."""

from cfglint.requirements.folder import read_folders
from cfglint.requirements.model import Reader, Requirement

__all__ = ['Reader', 'Requirement', 'read_folders']
