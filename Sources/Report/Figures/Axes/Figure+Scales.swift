/// The two axes of a chart as they are drawn.
struct ChartScales: Sendable, Hashable {
    var x: AxisScale
    var y: AxisScale
}

/// Which axes of a figure's charts are the same, so that they are written once.
struct SharedAxes: Sendable, Hashable {
    var x = false
    var y = false
}

extension Figure {
    private var charts: [Chart] {
        panels.compactMap { panel in
            switch panel {
            case .chart(let chart): chart
            case .matrix: nil
            }
        }
    }

    /// Axes of the same name over several charts are one axis, unless that would flatten a chart.
    var sharedAxes: SharedAxes {
        let charts = charts
        guard let first = charts.first, charts.count > 1, charts.count == panels.count else { return SharedAxes() }
        func isShared(_ axis: KeyPath<Chart, Chart.Axis>, _ values: (Chart) -> [Double]) -> Bool {
            let model = first[keyPath: axis]
            guard charts.allSatisfy({ $0[keyPath: axis] == model }) else { return false }
            guard model.scale == .linear else { return true }
            let all = AxisScale(model, showing: charts.flatMap(values))
            return charts.allSatisfy { chart in
                let values = values(chart).filter(\.isFinite)
                guard let low = values.min(), let high = values.max(), low < high else { return true }
                return (high - low) * 6 > all.upper - all.lower
            }
        }
        return SharedAxes(x: isShared(\.x) { $0.horizontals }, y: isShared(\.y) { $0.verticals })
    }

    /// One a panel; nil for a matrix.
    func scales(shared: SharedAxes) -> [ChartScales?] {
        let charts = charts
        let horizontals = shared.x ? charts.flatMap(\.horizontals) : []
        let verticals = shared.y ? charts.flatMap(\.verticals) : []
        return panels.map { panel in
            guard case .chart(let chart) = panel else { return nil }
            return ChartScales(
                x: AxisScale(
                    chart.x, showing: shared.x ? horizontals : chart.horizontals,
                    isTight: chart.series.allSatisfy { $0.mark == .line }),
                y: AxisScale(
                    chart.y, showing: shared.y ? verticals : chart.verticals,
                    standsOnZero: (shared.y ? charts : [chart]).contains(where: \.hasBars)))
        }
    }
}

extension Chart {
    /// What is to be seen along x.
    fileprivate var horizontals: [Double] {
        series.flatMap { $0.points.map(\.x) } + guides.filter { $0.direction == .vertical }.map(\.value)
    }

    fileprivate var hasBars: Bool { series.contains { $0.mark == .bars && !$0.points.isEmpty } }

    /// What is to be seen along y; bars stand on zero.
    fileprivate var verticals: [Double] {
        let points = series.flatMap(\.points)
        let spreads = points.compactMap(\.spread).flatMap { [$0.lowerBound, $0.upperBound] }
        let floor = hasBars ? [0.0] : []
        return points.map(\.y) + spreads + floor
            + guides.filter { $0.direction == .horizontal }.map(\.value)
    }
}

extension Chart.Axis {
    /// "entropy (nats)".
    var heading: String { (unit ?? "").isEmpty ? title : title.isEmpty ? unit ?? "" : "\(title) (\(unit ?? ""))" }
}
