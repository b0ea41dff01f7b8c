// Package deploy has tests only: of what a release consists of, and of the files with which others run the command.
package deploy
