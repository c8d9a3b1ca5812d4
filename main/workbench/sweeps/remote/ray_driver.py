"""Makes the tasks of a file on a Ray cluster: each is one command, begun again where its node or its program is lost.

    ray_driver.py TASKS.json      {"address", "retries", "cpus", "gpus", "tasks": [{"index", "command"}]}

Prints one JSON line for each task that ended: {"index", "code", "error"}.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys


def die_with_parent():
    """The command ends with the worker that started it: a node that is lost leaves nothing at work."""
    ctypes.CDLL("libc.so.6", use_errno=True).prctl(1, signal.SIGKILL)
    # The worker may have gone before this was said.
    if os.getppid() == 1:
        os.kill(os.getpid(), signal.SIGKILL)


def run_command(command):
    """The command's exit code. A command that a signal ended raises, so that Ray begins it again."""
    code = subprocess.Popen(command, preexec_fn=die_with_parent).wait()
    if code < 0:
        raise ChildProcessError(f"signal {-code} ended the program")
    return code


def main():
    with open(sys.argv[1], encoding="utf8") as file:
        plan = json.load(file)
    # Leaving by an exception lets Ray end what is at work.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    import ray

    ray.init(address=plan["address"], log_to_driver=False, logging_level="error")
    remote = ray.remote(run_command).options(
        num_cpus=plan["cpus"],
        num_gpus=plan["gpus"],
        max_retries=plan["retries"],
        retry_exceptions=[ChildProcessError],
    )
    waiting = {remote.remote(task["command"]): task["index"] for task in plan["tasks"]}
    while waiting:
        [ready], _ = ray.wait(list(waiting), num_returns=1)
        end = {"index": waiting.pop(ready), "code": None, "error": None}
        try:
            end["code"] = ray.get(ready)
        except Exception as error:  # the task is lost for good
            end["error"] = str(error)[-2000:]
        print(json.dumps(end), flush=True)


if __name__ == "__main__":
    main()
