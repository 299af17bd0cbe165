async def fetch(items):
    async for item in items:
        async with item as opened, other:
            await opened.read(1)
            if opened:
                continue
            return item
    else:
        await other


def relay(source):
    received = yield
    result = yield from source
    print((yield received))
    return result if received else None
