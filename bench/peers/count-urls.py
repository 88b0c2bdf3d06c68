"""Counts the URLs of a log in the combined format: the script that one writes in ten minutes."""
import re
import sys
from collections import Counter

LINE = re.compile(r'(\S+) \S+ (\S+) \[(.+?)\] "(\S+) (\S+) (\S+)" (\d+) (\S+) "(.*?)" "(.*?)"$')

counts = Counter()
with open(sys.argv[1], encoding="latin-1") as log:
    for line in log:
        match = LINE.match(line)
        if match:
            counts[match.group(5)] += 1
for url, count in counts.most_common():
    print(count, url)
