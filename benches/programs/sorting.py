# Sorting written by hand (quick, heap, merge) against the built-in one: list mutation under comparisons.
#
# expect: (True, True, True, True, 28, 522797)
# expect: (True, True, True, True, 28, 522797)
# small: 800
# expect-small: (True, True, True, True, 294, 495165)
# expect-small: (True, True, True, True, 294, 495165)
# stress: 30
import sys


def shuffled(n):
    state = 99
    out = []
    for _ in range(n):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        out.append(state >> 12)
    return out


def quick(items, low, high):
    while low < high:
        pivot = items[(low + high) // 2]
        i = low
        j = high
        while i <= j:
            while items[i] < pivot:
                i += 1
            while items[j] > pivot:
                j -= 1
            if i <= j:
                items[i], items[j] = items[j], items[i]
                i += 1
                j -= 1
        if j - low < high - i:
            quick(items, low, j)
            low = i
        else:
            quick(items, i, high)
            high = j


def sift(heap, start, end):
    item = heap[start]
    child = 2 * start + 1
    while child < end:
        if child + 1 < end and heap[child] < heap[child + 1]:
            child += 1
        if item >= heap[child]:
            break
        heap[start] = heap[child]
        start = child
        child = 2 * start + 1
    heap[start] = item


def heap_sort(items):
    for start in range(len(items) // 2 - 1, -1, -1):
        sift(items, start, len(items))
    for end in range(len(items) - 1, 0, -1):
        items[0], items[end] = items[end], items[0]
        sift(items, 0, end)


def merge_sort(items):
    if len(items) < 2:
        return items
    half = len(items) // 2
    left = merge_sort(items[:half])
    right = merge_sort(items[half:])
    out = []
    i = 0
    j = 0
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            out.append(left[i])
            i += 1
        else:
            out.append(right[j])
            j += 1
    out.extend(left[i:])
    out.extend(right[j:])
    return out


def run(n):
    source = shuffled(n)
    by_quick = source[:]
    quick(by_quick, 0, n - 1)
    by_heap = source[:]
    heap_sort(by_heap)
    by_merge = merge_sort(source)
    by_key = sorted(source, key=lambda value: -value)
    by_key.reverse()
    expected = sorted(source)
    return by_quick == expected, by_heap == expected, by_merge == expected, by_key == expected, expected[0], expected[n // 2]


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 25000
    for _ in range(2):
        print(run(n))


main()
