import Foundation

/// The functions of libzmq, which is looked for when a kernel starts: nothing else needs it, so amp is built without.
struct ZeroMQLibrary: Sendable {
    typealias Handle = UnsafeMutableRawPointer

    let newContext: @convention(c) @Sendable () -> Handle?
    let endContext: @convention(c) @Sendable (Handle) -> CInt
    let newSocket: @convention(c) @Sendable (Handle, CInt) -> Handle?
    let close: @convention(c) @Sendable (Handle) -> CInt
    let setOption: @convention(c) @Sendable (Handle, CInt, UnsafeRawPointer, Int) -> CInt
    let bind: @convention(c) @Sendable (Handle, UnsafePointer<CChar>) -> CInt
    let send: @convention(c) @Sendable (Handle, UnsafeRawPointer?, Int, CInt) -> CInt
    let poll: @convention(c) @Sendable (UnsafeMutableRawPointer?, CInt, CLong) -> CInt
    let errorNumber: @convention(c) @Sendable () -> CInt
    let errorText: @convention(c) @Sendable (CInt) -> UnsafePointer<CChar>?

    /// One frame that was received; the pointer is to `frameSize` bytes of the caller's.
    let openFrame: @convention(c) @Sendable (Handle) -> CInt
    let receiveFrame: @convention(c) @Sendable (Handle, Handle, CInt) -> CInt
    let frameData: @convention(c) @Sendable (Handle) -> Handle?
    let frameCount: @convention(c) @Sendable (Handle) -> Int
    let frameIsFollowed: @convention(c) @Sendable (Handle) -> CInt
    let closeFrame: @convention(c) @Sendable (Handle) -> CInt
    /// The size of `zmq_msg_t`, which is part of the library's binary interface.
    static let frameSize = 64

    static let files = ["libzmq.so.5", "libzmq.so"]
    /// What brings it, on Debian and Ubuntu.
    static let package = "libzmq5"

    init() throws(JupyterError) {
        let found = Self.files.lazy.compactMap { file in
            dlopen(file, RTLD_NOW | RTLD_LOCAL).map { (file: file, handle: $0) }
        }.first
        guard let found else { throw .noLibrary(tried: Self.files) }
        func function<Function>(_ name: String) throws(JupyterError) -> Function {
            guard let symbol = dlsym(found.handle, name) else { throw .noFunction(name, library: found.file) }
            return unsafeBitCast(symbol, to: Function.self)
        }
        newContext = try function("zmq_ctx_new")
        endContext = try function("zmq_ctx_term")
        newSocket = try function("zmq_socket")
        close = try function("zmq_close")
        setOption = try function("zmq_setsockopt")
        bind = try function("zmq_bind")
        send = try function("zmq_send")
        poll = try function("zmq_poll")
        errorNumber = try function("zmq_errno")
        errorText = try function("zmq_strerror")
        openFrame = try function("zmq_msg_init")
        receiveFrame = try function("zmq_msg_recv")
        frameData = try function("zmq_msg_data")
        frameCount = try function("zmq_msg_size")
        frameIsFollowed = try function("zmq_msg_more")
        closeFrame = try function("zmq_msg_close")
    }

    /// What the last call that failed on this thread says.
    var failure: String { errorText(errorNumber()).map { String(cString: $0) } ?? "error \(errorNumber())" }
}
