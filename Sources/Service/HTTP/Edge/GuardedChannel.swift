import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// A connection with a guard before everything else.
struct GuardedChannel<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    let limits: HTTPLimits
    let connections: ConnectionTable
    let isEncrypted: Bool
    let onCut: @Sendable (ConnectionGuard.Cut) -> Void

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        channel.eventLoop.makeCompletedFuture {
            let address = channel.remoteAddress?.ipAddress ?? ""
            let isAdmitted = connections.open(address)
            channel.closeFuture.whenComplete { [connections] _ in connections.close(address) }
            try channel.pipeline.syncOperations.addHandler(
                ConnectionGuard(limits, isAdmitted: isAdmitted, isEncrypted: isEncrypted, onCut: onCut))
        }.flatMap { base.setup(channel: channel, logger: logger) }
    }

    func handle(value: Base.Value, logger: Logger) async {
        await withTaskExecutorPreference(LoopExecutor.of(value.channel.eventLoop)) { await base.handle(value: value, logger: logger) }
    }
}
