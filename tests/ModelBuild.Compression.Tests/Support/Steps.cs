using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Reports;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Support;

/// <summary>Runs steps on a copy of a model.</summary>
internal static class Steps
{
    public static OnnxModel Run(OnnxModel model, string recipe) => Run(model, recipe, out _);

    /// <param name="model">The model; left as it is.</param>
    /// <param name="recipe">The steps.</param>
    /// <param name="last">What the last step reported.</param>
    public static OnnxModel Run(OnnxModel model, string recipe, out PassReport last)
    {
        var copy = model.Clone();
        last = RecipePipeline.Run(copy, RecipeParser.Parse(recipe), CancellationToken.None)[^1].Report;
        return copy;
    }

    /// <param name="model">The model; left as it is.</param>
    /// <param name="recipe">The steps.</param>
    /// <param name="samples">What they are calibrated with.</param>
    /// <param name="last">What the last step reported.</param>
    public static OnnxModel Run(OnnxModel model, string recipe, ISampleSource samples, out PassReport last)
    {
        var copy = model.Clone();
        var context = new PassContext(copy, new PassReport(), CancellationToken.None) { Calibration = new CalibrationContext(samples, threads: 1) };
        last = RecipePipeline.Run(context, RecipeParser.Parse(recipe))[^1].Report;
        return copy;
    }

    /// <summary>Returns the operators of all scopes, in alphabetical order, with their number.</summary>
    public static string Operators(OnnxModel model) => Operators(new Graph(model));

    public static string Operators(Graph graph) =>
        string.Join(
            ' ',
            graph
                .SelfAndSubgraphs()
                .SelectMany(scope => scope.Nodes)
                .GroupBy(node => node.OpType)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => group.Count() == 1 ? group.Key : $"{group.Key}*{group.Count()}")
        );
}
