"""The kernel as Jupyter's own clients see it: jupyter_kernel_test's suite, and what that does not ask.

usage: AMP=.build/debug/amp python Tests/Jupyter/test_kernel.py
  Needs jupyter_kernel_test (PyPI) and libzmq. Installs the kernel into a folder of its own.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
AMP = os.environ.get("AMP", str(ROOT / ".build/debug/amp"))
PLACE = tempfile.TemporaryDirectory()
os.environ["JUPYTER_PATH"] = PLACE.name + "/share/jupyter"
os.environ["JUPYTER_RUNTIME_DIR"] = PLACE.name + "/runtime"
os.environ.pop("AMP_SESSION", None)
subprocess.run([AMP, "kernel", "install", "--to", PLACE.name], check=True, stdout=subprocess.DEVNULL)

import jupyter_kernel_test  # noqa: E402
from jupyter_client.manager import start_new_kernel  # noqa: E402

LOAD = f"""load "{ROOT}/examples/models/fashion-vit" as vit
data "{ROOT}/examples/data/fashion" limit 256
score entropy t=5 batch=64"""


class SuiteTests(jupyter_kernel_test.KernelTests):
    kernel_name = "amp"
    language_name = "amp"
    file_extension = ".amp"
    completion_samples = [
        {"text": "sco", "matches": ["score"]},
        {"text": "help\nsear", "matches": ["search"]},
    ]
    complete_code_samples = ["show session", "for e in 1, 2 { let a = $e }", "# a comment"]
    incomplete_code_samples = ["for e in 1, 2 {"]
    invalid_code_samples = ["serach all", 'load "open']
    code_generate_error = "prune"
    code_display_data = [{"code": "help", "mime": mime} for mime in ("text/plain", "text/html")]
    code_inspect_sample = "score"

    def test_history_of_sentences(self):
        codes = ["let a = 1", "let b = 2"]
        for question in ({"hist_access_type": "tail", "n": 2}, {"hist_access_type": "search", "pattern": "let*", "n": 2}):
            reply = self.history_helper(codes, output=False, raw=True, **question)
            self.assertEqual([entry[2] for entry in reply["content"]["history"]], codes)

    def test_cells_after_a_failure_are_aborted(self):
        self.flush_channels()
        ids = [self.kc.execute(code) for code in ("prune", "let a = 1", "let b = 1")]
        replies = [self.get_non_kernel_info_reply(timeout=10) for _ in ids]
        self.assertEqual([reply["content"]["status"] for reply in replies], ["error", "aborted", "aborted"])
        self.assertEqual([reply["parent_header"]["msg_id"] for reply in replies], ids)
        reply, _ = self.execute_after(0.1, "let c = 1")
        self.assertEqual(reply["content"]["status"], "ok")

    def execute_after(self, seconds, code):
        time.sleep(seconds)
        self.flush_channels()
        return self.execute_helper(code)

    def test_unicode_counts_code_points(self):
        code = 'load "🌷e\u0301" as m\nsco'
        self.kc.complete(code, len(code))
        content = self.get_non_kernel_info_reply(timeout=10)["content"]
        self.assertEqual((content["cursor_start"], content["cursor_end"]), (len(code) - 3, len(code)))


class WorkTests(unittest.TestCase):
    """While long work runs."""

    def setUp(self):
        self.manager, self.client = start_new_kernel(kernel_name="amp")

    def tearDown(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel()

    def outputs(self, until):
        """The messages of one request up to its end."""
        messages = []
        while True:
            message = self.client.get_iopub_msg(timeout=60)
            if message["parent_header"].get("msg_id") != until:
                continue
            messages.append(message)
            if message["content"].get("execution_state") == "idle":
                return messages

    def run_cell(self, code):
        identifier = self.client.execute(code)
        return self.client.get_shell_msg(timeout=60)["content"], self.outputs(identifier)

    def interrupt(self, how):
        self.assertEqual(self.run_cell(LOAD)[0]["status"], "ok")
        identifier = self.client.execute("search all within 0.0001 steps=12 batch=8")
        following = self.client.execute("let a = 1")
        # Once progress is shown, the work is under way.
        while self.client.get_iopub_msg(timeout=60)["msg_type"] != "display_data":
            pass
        self.assertTrue(self.client.is_alive())
        how()
        reply = self.client.get_shell_msg(timeout=30)
        self.assertEqual(reply["parent_header"]["msg_id"], identifier)
        self.assertEqual((reply["content"]["status"], reply["content"]["ename"]), ("error", "interrupted"))
        self.assertIn("the session is as it was before", reply["content"]["evalue"])
        self.assertEqual(self.client.get_shell_msg(timeout=30)["content"]["status"], "aborted")
        messages = self.outputs(identifier)
        # The progress is gone.
        updates = [m["content"]["data"] for m in messages if m["msg_type"] == "update_display_data"]
        self.assertEqual(set(updates[-1].values()), {""})
        self.outputs(following)
        content, _ = self.run_cell("expect params == 100%")
        self.assertEqual(content["status"], "ok")

    def test_a_message_interrupts(self):
        self.interrupt(self.manager.interrupt_kernel)

    def test_a_signal_interrupts(self):
        self.interrupt(lambda: self.manager.signal_kernel(2))

    def test_restarting_makes_a_new_session(self):
        self.assertEqual(self.run_cell("let a = 1")[0]["status"], "ok")
        self.manager.restart_kernel()
        self.client.wait_for_ready(timeout=30)
        content, _ = self.run_cell("let b = $a")
        self.assertEqual(content["status"], "error")
        self.assertEqual(content["execution_count"], 1)

    def test_shutting_down_during_work_ends_the_process(self):
        self.assertEqual(self.run_cell(LOAD)[0]["status"], "ok")
        self.client.execute("search all within 0.0001 steps=12 batch=8")
        while self.client.get_iopub_msg(timeout=60)["msg_type"] != "display_data":
            pass
        process = self.manager.provisioner.process
        self.client.shutdown()
        self.assertEqual(process.wait(timeout=20), 0)


class StrangerTests(unittest.TestCase):
    """What is not signed, not whole or not small is dropped, and the kernel goes on."""

    def test_noise_on_every_channel(self):
        import zmq

        manager, client = start_new_kernel(kernel_name="amp")
        try:
            info = manager.get_connection_info()
            context = zmq.Context.instance()
            noise = [
                [b""], [b"<IDS|MSG>"], [b"<IDS|MSG>", b"00", b"{}", b"{}", b"{}", b"{}"],
                [b"<IDS|MSG>", b"", b"{", b"\xff", b"[[[[", b"\x00"], [b"x"] * 1000, [b"y" * (17 << 20)],
                [b"<IDS|MSG>", b"0" * 64, b"[" * 100_000, b"{}", b"{}", b"{}"],
            ]
            for port in ("shell_port", "control_port", "stdin_port"):
                socket = context.socket(zmq.DEALER)
                socket.linger = 2000
                socket.connect(f"tcp://{info['ip']}:{info[port]}")
                for frames in noise:
                    socket.send_multipart(frames)
                socket.close()
            # Signed, but nothing amp knows, or of the wrong form.
            for type, content in (("debug_request", {}), ("execute_request", {"code": 7}), ("history_request", {})):
                client.shell_channel.send(client.session.msg(type, content))
            time.sleep(0.5)
            identifier = client.execute("let a = 1")
            while True:
                reply = client.get_shell_msg(timeout=20)
                if reply["parent_header"]["msg_id"] == identifier:
                    break
            self.assertEqual(reply["content"]["status"], "ok")
            self.assertTrue(client.is_alive())
        finally:
            client.stop_channels()
            manager.shutdown_kernel()


class SessionTests(unittest.TestCase):
    def run_one(self, code, **environment):
        manager, client = start_new_kernel(kernel_name="amp", env=dict(os.environ, **environment))
        try:
            client.execute(code)
            return client.get_shell_msg(timeout=20)["content"]
        finally:
            client.stop_channels()
            manager.shutdown_kernel()

    def test_a_named_session_goes_on(self):
        path = PLACE.name + "/kept.ampdb"
        self.assertEqual(self.run_one("let a = 1", AMP_SESSION=path)["status"], "ok")
        content = self.run_one("let b = $a", AMP_SESSION=path)
        self.assertEqual((content["status"], content["execution_count"]), ("ok", 2))

    def test_a_session_that_is_in_use_says_so_in_the_cell(self):
        path = PLACE.name + "/shared.ampdb"
        manager, client = start_new_kernel(kernel_name="amp", env=dict(os.environ, AMP_SESSION=path))
        try:
            client.execute("let a = 1")
            self.assertEqual(client.get_shell_msg(timeout=20)["content"]["status"], "ok")
            content = self.run_one("let b = 1", AMP_SESSION=path)
            self.assertEqual(content["status"], "error")
            self.assertIn("open in another amp", content["evalue"])
        finally:
            client.stop_channels()
            manager.shutdown_kernel()

    def test_the_kernel_ends_with_who_started_it(self):
        script = (
            "import os, sys; from jupyter_client.manager import start_new_kernel; "
            "manager, client = start_new_kernel(kernel_name='amp'); "
            "print(manager.provisioner.process.pid, flush=True); os._exit(1)")
        python = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
        process = int(python.stdout)
        for _ in range(50):
            if not os.path.exists(f"/proc/{process}") or self.is_zombie(process):
                return
            time.sleep(0.1)
        self.fail("the kernel still runs")

    def is_zombie(self, process):
        return pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"


class LessonTests(unittest.TestCase):
    def test_a_notebook_runs_to_its_end(self):
        try:
            import nbclient
            import nbformat
        except ImportError:
            self.skipTest("needs nbclient")
        notebook = nbformat.read(ROOT / "examples/one-layer.ipynb", as_version=4)
        nbclient.NotebookClient(
            notebook, kernel_name="amp", timeout=300, resources={"metadata": {"path": str(ROOT / "examples")}}).execute()
        nbformat.validate(notebook)
        outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
        for form in ("text/plain", "text/html", "image/svg+xml"):
            self.assertTrue(any(form in output.get("data", {}) for output in outputs), form)


if __name__ == "__main__":
    unittest.main()
