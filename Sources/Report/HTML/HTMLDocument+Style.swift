extension HTMLDocument {
    /// The look of the page; that of outputs is in the renderer's own style sheet.
    static let styleSheet = """
        :root{color-scheme:light dark;--paper:#fff;--ink:#1c1e21;--faint:#5c636b;--line:#d9dde2;--tint:#f4f6f8;\
        --verb:#8a2c6d;--keyword:#0a6580;--number:#96480a;--string:#22713a;--bad:#c0271d}
        @media screen and (prefers-color-scheme:dark){
        :root{--paper:#14171a;--ink:#e4e6e9;--faint:#9aa3ad;--line:#343a41;--tint:#1d2125;\
        --verb:#f0a0d6;--keyword:#6cc6e0;--number:#f0b27a;--string:#86d69b;--bad:#ff8a80}
        main .amp{--amp-good:#56c17c;--amp-bad:#ff8a80;--amp-name:#6cc6e0;--amp-bar:#6aa9e0}
        }
        html{font:clamp(1rem,.86rem + .34vw,1.4rem)/1.6 system-ui,sans-serif;-webkit-text-size-adjust:100%;\
        background:var(--paper);color:var(--ink)}
        body{margin:0 auto;padding:1.5rem 1rem 4rem;max-width:60rem}
        h1{font-size:2em;line-height:1.2;margin:.5em 0 .2em}
        h2{font-size:1.4em;line-height:1.25;margin:2em 0 .5em}
        h3{font-size:1.15em;margin:1.6em 0 .4em}
        p,ul,dl{margin:.7em 0}
        main>p,main>ul,main>h2,main>h3{max-width:42rem}
        a{color:inherit;text-underline-offset:.15em}
        code,pre{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.9em}
        pre code{font-size:inherit}
        .byline,.day{color:var(--faint);margin-top:0}
        .day{margin:2em 0 .5em}
        nav ul{list-style:none;padding:0;margin:1em 0;columns:18em}
        nav li{break-inside:avoid;margin:.2em 0}
        nav .level-3{padding-left:1.2em}
        .cell{margin:1.1em 0;scroll-margin-top:1em}
        .ask{display:flex;flex-wrap:wrap;gap:.1em .8em;align-items:baseline;background:var(--tint);\
        border-radius:.4em;padding:.45em .8em}
        .ask pre{margin:0;flex:1 1 0;min-width:60%;white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.5}
        .number{color:var(--faint);text-decoration:none;font-size:.85em;font-variant-numeric:tabular-nums}
        .number:hover,nav a:hover{text-decoration:underline}
        .time,.mark{color:var(--faint);font-size:.8em;font-variant-numeric:tabular-nums;white-space:nowrap}
        .mark{color:var(--bad);font-weight:600}
        .undone>.amp,.undone pre{opacity:.6}
        .undone .mark{color:var(--faint)}
        .cell:target .ask{outline:2px solid var(--keyword)}
        .cell>.amp{padding:.3em .8em 0}
        .cell pre.error{color:var(--bad);white-space:pre-wrap}
        main .amp-figure svg{width:100%;max-width:34rem}
        main .amp-figure svg[width="720"]{max-width:54rem}
        .s-verb{color:var(--verb);font-weight:600}
        .s-keyword,.s-variable{color:var(--keyword)}
        .s-number{color:var(--number)}
        .s-string{color:var(--string)}
        .s-comment{color:var(--faint);font-style:italic}
        footer{border-top:1px solid var(--line);margin-top:3em;color:var(--faint);font-size:.85em}
        footer h2{font-size:1.1em;margin:1em 0 .3em}
        footer dl{display:grid;grid-template-columns:max-content 1fr;gap:.15em 1.2em}
        footer dt{font-weight:600}
        footer dd{margin:0;overflow-wrap:anywhere}
        @media(max-width:30rem){
        .cell>.amp{padding:.3em 0 0}
        .ask pre{order:1;flex-basis:100%}
        .number{margin-right:auto}
        footer dl{grid-template-columns:1fr}
        footer dd{margin:0 0 .5em}
        h1{font-size:1.6em}
        }
        @media print{
        @page{margin:17mm}
        :root{color-scheme:light}
        html{font-size:10pt}
        body{max-width:none;padding:0}
        nav{display:none}
        a{text-decoration:none}
        h1,h2,h3,.ask{break-after:avoid}
        p{orphans:3;widows:3}
        tr,figure,.ask,.amp p{break-inside:avoid}
        .ask{background:none;border:1px solid var(--line)}
        .amp .amp-scroll,.amp pre{overflow:visible}
        .amp pre{white-space:pre-wrap}
        .amp table.amp-table{font-size:.88em}
        main .amp table.amp-trace{font-size:.68em}
        main .amp-figure svg{max-width:12cm}
        main .amp-figure svg[width="720"]{max-width:17cm}
        }
        """
}
