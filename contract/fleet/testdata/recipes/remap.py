"""Runs the remap transform of vector.yaml on events, one a line on stdin, by VRL's own compiler, and prints what it makes of them."""

import json
import sys

import yaml
from vrl_python import VRLRuntime

with open("vector.yaml", encoding="utf-8") as file:
    program = yaml.safe_load(file)["transforms"]["entries"]["source"]
problem = VRLRuntime.check_syntax(program)
if problem:
    sys.exit(problem.formatted_message)
runtime = VRLRuntime()
for event in sys.stdin:
    print(json.dumps(runtime.execute(program, json.loads(event)).processed_event))
