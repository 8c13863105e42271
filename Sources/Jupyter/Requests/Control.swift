/// Answers on the control channel at once, and puts what is for the engine in line. It runs on the channels' thread.
package struct Control: Sendable {
    private let sender: Sender
    private let inbox: Inbox
    private let stop: StopSign

    package init(sender: Sender, inbox: Inbox, stop: StopSign) {
        self.sender = sender
        self.inbox = inbox
        self.stop = stop
    }

    package func take(_ request: Request) {
        guard request.channel == .control else { return inbox.put(request) }
        switch request.type {
        case .interrupt:
            answer(request) {
                stop.request()
            } with: {
                InterruptReply()
            }
        case .shutdown:
            let content = try? request.content(ShutdownRequest.self)
            answer(request) {
                stop.leave()
                inbox.close()
            } with: {
                ShutdownReply(restart: content?.restart ?? false)
            }
        case .kernelInfo:
            answer(request) {
            } with: {
                KernelInfoReply()
            }
        // Any other needs the engine, whichever way it came.
        default: inbox.put(request)
        }
    }

    private func answer(_ request: Request, _ action: () -> Void, with content: () -> some Content) {
        sender.publish(Status(.busy), because: request)
        sender.reply(content(), to: request)
        sender.publish(Status(.idle), because: request)
        action()
    }
}
