/// What launchers show: a network's layers, of which every second one was narrowed.
enum Picture {
    static let svg = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64">
          <rect width="64" height="64" rx="12" fill="#1f3a4d"/>
          <g fill="#e8eef2">
            <rect x="12" y="12" width="40" height="7" rx="2"/>
            <rect x="22" y="23" width="20" height="7" rx="2" fill="#f2a93b"/>
            <rect x="12" y="34" width="40" height="7" rx="2"/>
            <rect x="26" y="45" width="12" height="7" rx="2" fill="#f2a93b"/>
          </g>
        </svg>

        """
}
