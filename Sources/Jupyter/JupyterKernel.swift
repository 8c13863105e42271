import Foundation
import Language
import Report
import Session
import Synchronization

/// The process a client starts for a notebook: hears requests on its channels and runs them through the engine.
///
/// The engine stays with the thread that calls `run`; the channels have a thread of their own, so that a client is heard
/// while a sentence runs.
package final class JupyterKernel {
    private let switchboard: Switchboard
    private let shell: Shell
    private let sender: Sender
    private let inbox: Inbox

    /// Finds libzmq and opens the channels.
    ///
    /// - Parameter open: opens the session, when the first cell needs it.
    package init(
        _ connection: ConnectionFile, surroundings: Surroundings, open: @escaping () throws(Diagnostic) -> Engine
    ) throws(JupyterError) {
        let signature = Signature(key: connection.key)
        let inbox = Inbox()
        let stop = StopSign(surroundings)
        // The switchboard hears through the control desk, which answers through the switchboard.
        let exit = Late<Switchboard>()
        let sender = Sender(signature: signature) { channel, frames in exit.value?.send(channel, frames) }
        let control = Control(sender: sender, inbox: inbox, stop: stop)
        let parent = ParentProcess()
        switchboard = try Switchboard(
            connection, library: try ZeroMQLibrary(),
            hear: { channel, message in
                do { control.take(try Request(try message.get(), on: channel, signature: signature)) } catch {
                    surroundings.complain("a message on the \(channel.rawValue) channel was dropped: \(error)")
                }
            },
            lookUp: {
                guard surroundings.isEnding() || parent?.isGone == true else { return }
                stop.leave()
                inbox.close()
            })
        exit.value = switchboard
        shell = Shell(sender: sender, inbox: inbox, stop: stop, surroundings: surroundings, open: open)
        self.sender = sender
        self.inbox = inbox
    }

    /// What `run` would miss; nil where libzmq is installed.
    package static var missingLibrary: Diagnostic? {
        do {
            _ = try ZeroMQLibrary()
            return nil
        } catch {
            return error.diagnostic
        }
    }

    /// Answers requests until a client, a signal or the end of the parent process asks to leave.
    package func run() {
        switchboard.start()
        sender.publish(Status(.starting), because: nil)
        while let request = inbox.next() { shell.answer(request) }
        shell.close()
        switchboard.stop()
    }
}

/// A reference that is set after what uses it was made.
private final class Late<Value: AnyObject & Sendable>: Sendable {
    private let held = Mutex<Value?>(nil)

    weak var value: Value? {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }
}
