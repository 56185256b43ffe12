"""The floor: a gateway client and aiohttp, which acknowledge and know nothing else."""

import asyncio
import json
import os

import aiohttp

_IDENTIFY, _HELLO = 2, 10


async def main() -> None:
    """Acknowledge until the connection ends."""
    rest, gateway = os.environ["ESTRADO_REST"], os.environ["ESTRADO_GATEWAY"]
    tasks = set()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=300)) as session:

        async def acknowledge(interaction: dict[str, str]) -> None:
            address = f"{rest}/interactions/{interaction['id']}/{interaction['token']}/callback"
            body = {"type": 4, "data": {"content": "ok", "flags": 64}}
            async with session.post(address, json=body) as answer:
                await answer.read()

        async with session.ws_connect(gateway, max_msg_size=0) as socket:
            async for message in socket:
                frame = json.loads(message.data)
                if frame["op"] == _HELLO:
                    login = {"token": os.environ["DISCORD_TOKEN"], "intents": 1, "properties": {}}
                    await socket.send_json({"op": _IDENTIFY, "d": login})
                elif frame["t"] == "INTERACTION_CREATE":
                    task = asyncio.create_task(acknowledge(frame["d"]))
                    tasks.add(task)
                    task.add_done_callback(tasks.discard)


if __name__ == "__main__":
    asyncio.run(main())
