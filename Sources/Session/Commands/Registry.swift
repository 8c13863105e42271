/// Every command of the language, in the order help lists them. A new one is a file beside this and a line here.
let commands: [any Command.Type] = [
    Load.self, Use.self, ListData.self, Score.self, Search.self, Prune.self, Create.self, Train.self, Distill.self,
    Evaluate.self, Compare.self, Save.self, Show.self, Plot.self, Explain.self, Export.self, Undo.self, Redo.self,
    Forget.self, Run.self, Let.self, Param.self, For.self, Expect.self, Settings.self, Help.self, Quit.self,
]
