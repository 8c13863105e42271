extension HTMLRenderer {
    /// The look of outputs: only of what is inside `.amp`, in the colours of the page around it.
    ///
    /// The selectors are as long as they are to go before those of JupyterLab's own tables.
    static let styleSheet = """
        .amp{--amp-good:#1a7f37;--amp-bad:#c0271d;--amp-name:#0a6580;--amp-bar:#2f6fab;\
        line-height:1.5;font-variant-numeric:tabular-nums;overflow-wrap:break-word}
        [data-jp-theme-light="false"] .amp,.vscode-dark .amp,.vscode-high-contrast .amp{\
        --amp-good:#56c17c;--amp-bad:#ff8a80;--amp-name:#6cc6e0;--amp-bar:#6aa9e0}
        .amp p{margin:.3em 0;white-space:pre-wrap}
        .amp pre{margin:.3em 0;overflow-x:auto;line-height:1.35;background:none;border:0;padding:0;color:inherit}
        .amp.amp.amp code{font-size:.92em;background:none;padding:0;color:inherit;white-space:inherit}
        .amp .amp-name{color:var(--amp-name)}
        .amp .amp-good{color:var(--amp-good)}
        .amp .amp-bad{color:var(--amp-bad)}
        .amp .amp-faint{opacity:.7}
        .amp .amp-status{font-size:.85em;line-height:1.4;margin:.1em 0;opacity:.7}
        .amp .amp-warning{border-left:3px solid var(--amp-bad);padding-left:.7em}
        .amp .amp-warning b:first-child{color:var(--amp-bad)}
        .amp .amp-scroll{overflow-x:auto;margin:.5em 0}
        .amp table.amp-table{border-collapse:collapse;table-layout:auto;width:auto;margin:0;font-size:.95em;\
        font-variant-numeric:tabular-nums;color:inherit;border:0;display:table}
        .amp table.amp-table caption{caption-side:top;text-align:left;padding:0 0 .3em;font-weight:600;color:inherit}
        .amp table.amp-table tr,.amp table.amp-table tbody tr:nth-child(odd){background:none;border:0}
        .amp table.amp-table th,.amp table.amp-table td{padding:.2em 1.1em .2em 0;text-align:left;vertical-align:baseline;\
        border:0;background:none;white-space:nowrap;line-height:1.4;max-width:none}
        .amp table.amp-table th:last-child,.amp table.amp-table td:last-child{padding-right:0}
        .amp table.amp-table th.amp-right,.amp table.amp-table td.amp-right{text-align:right}
        .amp table.amp-table th.amp-long,.amp table.amp-table td.amp-long{white-space:normal;min-width:16em}
        .amp table.amp-table tbody th,.amp table.amp-table tfoot th{font-weight:inherit}
        .amp table.amp-table thead th{font-weight:600;border-bottom:1px solid;border-color:inherit}
        .amp table.amp-table tfoot td,.amp table.amp-table tfoot th{border-top:1px solid}
        .amp table.amp-trace td,.amp table.amp-trace tbody th,.amp table.amp-bars td,.amp table.amp-bars th{\
        vertical-align:middle}
        .amp .amp-drawing svg{display:block;overflow:visible}
        .amp .amp-bars .amp-drawing{width:60%;min-width:5em}
        .amp .amp-bars .amp-drawing svg{width:100%;height:.8em}
        .amp .amp-bar{fill:var(--amp-bar)}
        .amp .amp-before{fill:currentColor;opacity:.15}
        .amp .amp-interval{stroke:currentColor;opacity:.35;stroke-width:1.5;fill:none}
        .amp .amp-accepted{fill:var(--amp-good)}
        .amp .amp-rejected{stroke:var(--amp-bad);stroke-width:1.5;fill:none}
        .amp .amp-try{display:inline-block;min-width:3.4em;margin-right:.5em;text-align:right}
        .amp .amp-figure{margin:.8em 0}
        .amp .amp-figure svg{max-width:100%;height:auto;display:block}
        .amp .amp-figure figcaption{font-size:.9em;margin-top:.4em;max-width:46em}
        """
}
