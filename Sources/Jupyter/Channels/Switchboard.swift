import Foundation
import Synchronization

/// The thread that has the sockets: it hears all channels, also while a sentence runs, and sends what others leave for it.
///
/// The sockets are bound by who makes the switchboard, and are the thread's alone from `start` on.
final class Switchboard: @unchecked Sendable {
    /// How often it looks up without being called.
    private static let pulse = 250
    private static let listening: [Channel] = [.shell, .control, .stdin, .heartbeat]

    private let library: ZeroMQLibrary
    private let context: ZeroMQLibrary.Handle
    private var sockets: [Channel: ZeroMQSocket] = [:]
    private let outbox: Outbox
    private let hear: @Sendable (Channel, Result<[Data], MessageFault>) -> Void
    private let lookUp: @Sendable () -> Void
    private let isLeaving = Atomic(false)
    private let end = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - hear: told every message but heartbeats, on the switchboard's thread.
    ///   - lookUp: called a few times a second, there too.
    init(
        _ connection: ConnectionFile, library: ZeroMQLibrary,
        hear: @escaping @Sendable (Channel, Result<[Data], MessageFault>) -> Void,
        lookUp: @escaping @Sendable () -> Void
    ) throws(JupyterError) {
        guard let outbox = Outbox(), let context = library.newContext() else {
            throw .socketRefused(channel: .shell, endpoint: "any place", reason: String(cString: strerror(errno)))
        }
        self.library = library
        self.context = context
        self.outbox = outbox
        self.hear = hear
        self.lookUp = lookUp
        for channel in Channel.allCases {
            let endpoint = connection.endpoint(of: channel)
            guard let socket = ZeroMQSocket(channel.kind, at: endpoint, in: context, of: library) else {
                throw .socketRefused(channel: channel, endpoint: endpoint, reason: library.failure)
            }
            sockets[channel] = socket
        }
    }

    func start() {
        let thread = Thread { self.run() }
        thread.name = "channels"
        thread.start()
    }

    /// Leaves a message to be sent. Any thread may call it.
    func send(_ channel: Channel, _ frames: [Data]) { outbox.put(channel, frames) }

    /// Sends what is left, and closes the channels.
    func stop() {
        isLeaving.store(true, ordering: .releasing)
        outbox.wake()
        _ = end.wait(timeout: .now() + .seconds(3))
    }

    private func run() {
        let listening = Self.listening.compactMap { channel in sockets[channel].map { (channel, $0) } }
        var poll = ZeroMQPoll(listening.map(\.1), descriptor: outbox.descriptor, of: library)
        while !isLeaving.load(ordering: .acquiring) {
            poll.wait(milliseconds: Self.pulse)
            for (channel, socket) in listening { take(from: channel, socket) }
            sendAll()
            lookUp()
        }
        sendAll()
        // Each lingers until its last message has left, a second at most.
        sockets = [:]
        _ = library.endContext(context)
        end.signal()
    }

    private func take(from channel: Channel, _ socket: ZeroMQSocket) {
        while let message = socket.receive() {
            guard channel == .heartbeat else {
                hear(channel, message)
                continue
            }
            // It must answer before it hears again.
            socket.send((try? message.get()) ?? [Data()])
        }
    }

    private func sendAll() {
        for (channel, frames) in outbox.takeAll() { sockets[channel]?.send(frames) }
    }
}
