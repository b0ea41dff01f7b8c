"""Prints the titles of all books, as a program that uses the API would."""
import json
import os
from urllib.request import urlopen

URL = os.environ["BOOKS_URL"]
for book in json.load(urlopen(URL + "/books")):
    print(json.load(urlopen(URL + "/books/" + book["id"]))["title"])
