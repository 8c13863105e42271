import Glibc

/// A resampling filter of Pillow.
package enum Resampling: Int, Hashable, Codable, Sendable, CaseIterable {
    // Pillow's own numbers, which preprocessing configurations use.
    case nearest = 0
    case lanczos = 1
    case bilinear = 2
    case bicubic = 3
    case box = 4
    case hamming = 5

    /// The name timm and torchvision use, and the word shown to people.
    package var name: String {
        switch self {
        case .nearest: "nearest"
        case .lanczos: "lanczos"
        case .bilinear: "bilinear"
        case .bicubic: "bicubic"
        case .box: "box"
        case .hamming: "hamming"
        }
    }

    package init?(name: String) {
        guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = found
    }

    /// Half the width of the filter, in source pixels at scale 1. Nearest has no filter.
    var support: Double {
        switch self {
        case .nearest: 0
        case .box: 0.5
        case .bilinear, .hamming: 1
        case .bicubic: 2
        case .lanczos: 3
        }
    }

    /// The filter's weight at distance `x`.
    func weight(at x: Double) -> Double {
        switch self {
        case .nearest: 0
        // The half-open interval decides which of two pixels gets an exact tie.
        case .box: x > -0.5 && x <= 0.5 ? 1 : 0
        case .bilinear: max(0, 1 - abs(x))
        case .hamming: hamming(abs(x))
        case .bicubic: cubic(abs(x))
        case .lanczos: x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0
        }
    }

    /// Keys' cubic with a = −1/2. The order of operations is Pillow's: the last bit of a weight decides roundings.
    private func cubic(_ x: Double) -> Double {
        let a = -0.5
        if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
        if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
        return 0
    }

    private func hamming(_ x: Double) -> Double {
        if x == 0 { return 1 }
        if x >= 1 { return 0 }
        let angle = x * Double.pi
        // The window's constants are single precision in Pillow.
        return sin(angle) / angle * (Double(Float(0.54)) + Double(Float(0.46)) * cos(angle))
    }

    private func sinc(_ x: Double) -> Double {
        if x == 0 { return 1 }
        let angle = x * Double.pi
        return sin(angle) / angle
    }
}
