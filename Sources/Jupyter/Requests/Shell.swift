import Language
import Session

/// Answers what the engine is needed for, one request after the other, on the engine's thread.
package final class Shell {
    let sender: Sender
    let inbox: Inbox
    let stop: StopSign
    let surroundings: Surroundings
    private let open: () throws(Diagnostic) -> Engine
    private var opened: Engine?
    /// The journal's cells that clients want no history of.
    var quietCells: Set<Int> = []

    package init(
        sender: Sender, inbox: Inbox, stop: StopSign, surroundings: Surroundings,
        open: @escaping () throws(Diagnostic) -> Engine
    ) {
        self.sender = sender
        self.inbox = inbox
        self.stop = stop
        self.surroundings = surroundings
        self.open = open
    }

    /// The session. One that can't be opened is tried again when the next request needs it.
    var engine: Engine {
        get throws(Diagnostic) {
            if let opened { return opened }
            let engine = try open()
            let stop = stop
            engine.isInterrupted = { stop.isUp }
            opened = engine
            return engine
        }
    }

    package func answer(_ request: Request) {
        var aborted: [Request] = []
        sender.publish(Status(.busy), because: request)
        do throws(MessageFault) {
            switch request.type {
            case .execute: aborted = try execute(request)
            case .complete: sender.reply(complete(try request.content(CursorRequest.self)), to: request)
            case .inspect: sender.reply(inspect(try request.content(CursorRequest.self)), to: request)
            case .isComplete: sender.reply(judge(try request.content(IsCompleteRequest.self)), to: request)
            case .history: sender.reply(history(try request.content(HistoryRequest.self)), to: request)
            case .kernelInfo: sender.reply(KernelInfoReply(), to: request)
            case .commInfo: sender.reply(CommInfoReply(), to: request)
            case .commOpen:
                sender.publish(CommClose(commId: try request.content(CommRequest.self).commId), because: request)
            case .interrupt: sender.reply(InterruptReply(), to: request)
            case .shutdown:
                let content = try request.content(ShutdownRequest.self)
                sender.reply(ShutdownReply(restart: content.restart ?? false), to: request)
                inbox.close()
            }
        } catch {
            surroundings.complain("a message \(request.type.rawValue) was dropped: \(error)")
        }
        sender.publish(Status(.idle), because: request)
        for other in aborted { abort(other) }
    }

    /// Gives the session file back.
    func close() { try? opened?.store.close() }
}
