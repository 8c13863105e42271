import Foundation
import Testing

@Suite("The kernel, as Jupyter starts it")
struct KernelTests {
    private static let isThere = dlopen("libzmq.so.5", RTLD_NOW) != nil

    /// A Python that has Jupyter's test suite: `AMP_JUPYTER_PYTHON`, `AMP_PYTHON`, else `python3`.
    private static let python: String? = {
        let environment = ProcessInfo.processInfo.environment
        let candidates = [
            environment["AMP_JUPYTER_PYTHON"], environment["AMP_PYTHON"],
            Python.find("python3", in: environment["PATH"] ?? ""),
        ]
        return candidates.compactMap { $0 }.first { path in
            (try? Run(path, ["-c", "import jupyter_kernel_test"]))?.exitCode == 0
        }
    }()

    @Test(
        "jupyter_kernel_test passes, work is interrupted, a notebook runs to its end",
        // Jupyter is large and amp does not need it; AMP_JUPYTER_PYTHON names a Python that has it.
        .enabled(
            if: isThere && python != nil, "needs libzmq5 and a Python with jupyter_kernel_test (AMP_JUPYTER_PYTHON)"))
    func suite() throws {
        let python = try #require(Self.python)
        let folder = try Folder()
        let run = try Run(
            python, [Project.path + "/Tests/Jupyter/test_kernel.py"],
            environment: ["AMP": AmpBinary.path, "HOME": folder.path], in: folder.path)
        #expect(run.exitCode == 0, "\(run.errors)")
    }

    @Test("a kernel is installed where Jupyter looks, and removed again")
    func install() throws {
        let folder = try Folder()
        let environment = ["HOME": folder.path]
        let install = try folder.amp("kernel", "install", environment: environment)
        #expect(install.exitCode == 0, "\(install.errors)")
        let place = ".local/share/jupyter/kernels/amp"
        #expect(install.output == "kernel 'amp' installed in \(folder[place])\n")
        #expect(try folder.text(place + "/kernel.json").contains(AmpBinary.path))
        #expect(try folder.amp("kernel", "uninstall", environment: environment).exitCode == 0)
        #expect(!folder.exists(place))
        #expect(try folder.amp("kernel", "uninstall", environment: environment).exitCode == 1)

        #expect(try folder.amp("kernel", "install", "--to", "venv", "--name", "amp-2").exitCode == 0)
        #expect(folder.exists("venv/share/jupyter/kernels/amp-2/kernel.json"))
    }

    static let refusals: [(arguments: [String], code: Int32, words: String)] = [
        (["kernel"], 64, "--connection"), (["kernel", "--connection", "missing.json"], 1, "No such file"),
        (["kernel", "install", "--name", "a/b"], 1, "can't be a kernel's name"),
        (["kernel", "install"], 1, "can't be changed"),
    ]

    @Test("what can't be done is said in a sentence", arguments: refusals)
    func refuses(_ test: (arguments: [String], code: Int32, words: String)) throws {
        let folder = try Folder()
        let run = try withExtendedLifetime(folder) {
            try Run(AmpBinary.path, test.arguments, environment: ["HOME": "/proc/none"], in: folder.path)
        }
        #expect(run.exitCode == test.code)
        #expect(run.errors.contains(test.words), "\(run.errors)")
    }

    @Test("without libzmq the kernel says which package brings it")
    func noLibrary() throws {
        let folder = try Folder()
        // Found before the system's, and no library.
        for name in ["libzmq.so.5", "libzmq.so"] { try folder.write("nothing", to: "lib/" + name) }
        try folder.write(
            """
            {"transport": "tcp", "ip": "127.0.0.1", "shell_port": 1, "iopub_port": 2, "stdin_port": 3, "control_port": 4,
             "hb_port": 5, "key": "", "signature_scheme": "hmac-sha256"}
            """, to: "connection.json")
        let libraries = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"].map { ":" + $0 } ?? ""
        let run = try folder.amp(
            "kernel", "--connection", "connection.json", environment: ["LD_LIBRARY_PATH": folder["lib"] + libraries])
        #expect(run.exitCode == 1)
        #expect(run.errors.contains("libzmq5"), "\(run.errors)")
        // One that is installed where nothing can start it says so at once.
        let install = try folder.amp(
            "kernel", "install", "--to", ".", environment: ["LD_LIBRARY_PATH": folder["lib"] + libraries])
        #expect(install.exitCode == 0)
        #expect(install.errors.contains("libzmq5"))
    }
}
