extension StyledText: ExpressibleByStringInterpolation {
    package init(stringLiteral value: String) { self.init(value) }

    package init(stringInterpolation: Interpolation) { self = stringInterpolation.text }

    /// Collects the runs of an interpolated text: `\(strong: x)`, `\(key: x)`, …, and figures as
    /// `NumberFormat` writes them: `\(count: 1234)`, `\(entropy: h)`, `\(parameters: n)`, ….
    package struct Interpolation: StringInterpolationProtocol {
        var text = StyledText()

        package init(literalCapacity: Int, interpolationCount: Int) {}

        package mutating func appendLiteral(_ literal: String) { text.append(literal) }

        package mutating func appendInterpolation(_ value: StyledText) { text.append(value) }
        package mutating func appendInterpolation(_ value: some CustomStringConvertible) {
            text.append(value.description)
        }
        package mutating func appendInterpolation(_ value: some CustomStringConvertible, style: TextStyle) {
            text.append(value.description, style: style)
        }

        package mutating func appendInterpolation(strong value: some CustomStringConvertible) {
            text.append(value.description, style: .strong)
        }
        package mutating func appendInterpolation(name value: some CustomStringConvertible) {
            text.append(value.description, style: .name)
        }
        package mutating func appendInterpolation(number value: some CustomStringConvertible) {
            text.append(value.description, style: .number)
        }
        package mutating func appendInterpolation(good value: some CustomStringConvertible) {
            text.append(value.description, style: .good)
        }
        package mutating func appendInterpolation(bad value: some CustomStringConvertible) {
            text.append(value.description, style: .bad)
        }
        package mutating func appendInterpolation(faint value: some CustomStringConvertible) {
            text.append(value.description, style: .faint)
        }
        package mutating func appendInterpolation(key value: some CustomStringConvertible) {
            text.append(value.description, style: .key)
        }

        package mutating func appendInterpolation(count value: Int) {
            text.append(NumberFormat.count(value), style: .number)
        }
        package mutating func appendInterpolation(parameters value: Int) {
            text.append(NumberFormat.parameters(value), style: .number)
        }
        package mutating func appendInterpolation(flops value: Double) {
            text.append(NumberFormat.flops(value), style: .number)
        }
        package mutating func appendInterpolation(bytes value: Int) {
            text.append(NumberFormat.bytes(value), style: .number)
        }
        package mutating func appendInterpolation(percent fraction: Double, digits: Int = 1) {
            text.append(NumberFormat.percent(fraction, digits: digits), style: .number)
        }
        package mutating func appendInterpolation(entropy value: Double) {
            text.append(NumberFormat.entropy(value), style: .number)
        }
        package mutating func appendInterpolation(seconds value: Double) {
            text.append(NumberFormat.duration(seconds: value), style: .number)
        }
        package mutating func appendInterpolation(fixed value: Double, digits: Int) {
            text.append(NumberFormat.fixed(value, digits: digits), style: .number)
        }
    }
}
