def risky(path):
    for line in path:
        try:
            with open(line) as f, lock:
                return f.read()
        except (OSError, ValueError) as e:
            raise RuntimeError from e
        except:
            continue
        else:
            break
        finally:
            print(line)
    assert path, "no path"
    raise
