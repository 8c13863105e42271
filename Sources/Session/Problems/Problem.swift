import Checkpoints
import Evaluation
import Foundation
import Images
import Language
import Models
import Pruning
import Tensor
import Text
import Training

/// The sentences for everything that can go wrong below the language: each error value of the engine becomes a
/// diagnostic that says what, where, what was expected, and what to do next.
enum Problem {
    static func diagnostic(_ error: any Error, in state: SessionState) -> Diagnostic {
        switch error {
        case let error as Diagnostic: error
        case let error as SessionError: words(error)
        case let error as CheckpointError: words(error)
        case let error as ModelError: words(error)
        case let error as BFloat16Error: words(error)
        case let error as ConversionError: words(error)
        case let error as CreationError: words(error)
        case let error as AugmentationError: words(error)
        case let error as TrainingError: words(error)
        case let error as ImageError: words(error)
        case let error as PruningError: words(error, in: state)
        case let error as EvaluationError: words(error)
        case let error as TextError: words(error)
        case let error as TextTaskError: words(error)
        case let error as StoreError: words(error)
        default: Diagnostic("something unforeseen happened: \(systemReason(error))")
        }
    }

    static func interrupted(sentence: String, cell: Int, resume: CommandContext.Resume?) -> Diagnostic {
        guard let resume else {
            return Diagnostic(
                "\(sentence) stopped; the session is as it was before [\(cell)]", kind: .interrupted)
        }
        return Diagnostic(
            "\(sentence) stopped at \(resume.reached); the session is as it was before [\(cell)]", kind: .interrupted,
            notes: [resume.note], hints: resume.hint.map { [$0] } ?? [])
    }

    /// The system's own words, without Foundation's frame around them.
    static func systemReason(_ error: any Error) -> String {
        let error = error as NSError
        if let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError, cause.domain == NSPOSIXErrorDomain {
            return String(cString: strerror(Int32(cause.code)))
        }
        if error.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(error.code))) }
        let known: Int32? =
            switch CocoaError.Code(rawValue: error.code) {
            case _ where error.domain != NSCocoaErrorDomain: nil
            case .fileWriteFileExists: ENOTDIR
            case .fileWriteNoPermission, .fileReadNoPermission: EACCES
            case .fileWriteOutOfSpace: ENOSPC
            case .fileWriteVolumeReadOnly: EROFS
            default: nil
            }
        if let known { return String(cString: strerror(known)) }
        return error.localizedDescription
    }

    static func shape(_ sizes: [Int]) -> String {
        sizes.isEmpty ? "a single value" : "(" + sizes.map { $0 < 0 ? "?" : String($0) }.joined(separator: ", ") + ")"
    }

    static func bytes(_ count: Int) -> String {
        count >= 1_000_000_000
            ? "\((Double(count) / 1e8).rounded() / 10) GB" : "\((Double(count) / 1e5).rounded() / 10) MB"
    }
}
