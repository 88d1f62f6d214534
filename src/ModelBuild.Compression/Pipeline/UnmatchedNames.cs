using ModelBuild.Compression.Options;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Reports;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Pipeline;

/// <summary>Warns of names in the options <c>exclude</c>, <c>layers</c> and <c>freeze</c> that match nothing in the model.</summary>
internal static class UnmatchedNames
{
    /// <summary>Adds a warning to a report for each pattern in a step's options that matches nothing in the model.</summary>
    /// <param name="step">The step.</param>
    /// <param name="model">The model at the beginning of the step, or the one that the step has put in its place.</param>
    /// <param name="report">Receives the warnings.</param>
    public static void Warn(RecipeStep step, OnnxModel model, PassReport report)
    {
        (string Option, string Entry)[] entries =
        [
            .. new[] { "exclude", "layers", "freeze" }.SelectMany(option => QuotedText.Split(Text(step, option), '|').Select(entry => (option, entry))),
        ];
        if (entries.Length == 0)
            return;
        var names = Names(model);
        foreach (var (option, entry) in entries)
        {
            string[] patterns = [.. Patterns(option, entry)];
            // An entry without a pattern causes no warning about unmatched names, because the step itself reports it as an error.
            if (patterns.Length == 0 || patterns.Any(pattern => names.Any(new NamePatterns(pattern).Match)))
                continue;
            report.Warn(
                Codes.NoEffect,
                $"'{entry}' in the option '{option}' of '{step.Definition.Name}' has no effect: "
                    + $"no node, operator type or weight has that name {(step.Definition.ReplacesModel ? "after" : "before")} the step."
                    + NearestName.Hint(patterns[^1], names)
            );
        }
    }

    private static string Text(RecipeStep step, string name) =>
        step.Definition.Options.FirstOrDefault(option => option.Name == name)?.Get(step.Options) as string ?? "";

    // Returns the texts before each colon of an entry as possible patterns, because layer names and the settings behind them may both contain colons.
    private static IEnumerable<string> Patterns(string option, string entry) =>
        option != "layers"
            ? [entry]
            : entry.Index().Where(letter => letter.Item == ':' && QuotedText.IsClosed(entry[..letter.Index])).Select(letter => entry[..letter.Index]);

    private static HashSet<string> Names(OnnxModel model)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var scope in new Graph(model).SelfAndSubgraphs())
        {
            names.UnionWith(scope.Nodes.SelectMany(node => node.Output.Append(node.Name).Append(node.OpType)));
            names.UnionWith(scope.Proto.Initializer.Select(tensor => tensor.Name));
        }

        names.Remove("");
        return names;
    }
}
