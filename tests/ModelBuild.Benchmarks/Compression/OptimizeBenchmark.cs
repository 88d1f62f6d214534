using System.Globalization;
using ModelBuild.Benchmarks.Models;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Reports;
using ModelBuild.Onnx;

namespace ModelBuild.Benchmarks.Compression;

/// <summary>
/// Counts the nodes of all graphs before and after <c>optimize</c>, for every model of the corpus and every generated model. Constant nodes are counted
/// separately, because they need no computation.
/// </summary>
internal static class OptimizeBenchmark
{
    public static void Run(TextWriter output)
    {
        output.WriteLine("| model | nodes | without Constant | after `optimize` | remaining | changes |");
        output.WriteLine("|---|---:|---:|---:|---:|---|");
        foreach (var model in CorpusModel.All)
            Row(output, model.Name, OnnxModel.Load(model.FullPath));
        foreach (var model in GeneratedModel.All)
            Row(output, $"{model.Name} (generated)", model.Build());
    }

    private static void Row(TextWriter output, string name, OnnxModel model)
    {
        var (all, work) = (Count(model, _ => true), Count(model, IsWork));
        var reports = RecipePipeline.Run(model, RecipeParser.Parse("optimize"), CancellationToken.None);
        var left = Count(model, IsWork);
        output.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"| {name} | {all} | {work} | {left} | {(double)left / work:P0} | {Changes(reports[0].Report)} |")
        );
    }

    private static int Count(OnnxModel model, Func<NodeProto, bool> counts) => new Graph(model).SelfAndSubgraphs().Sum(scope => scope.Nodes.Count(counts));

    private static bool IsWork(NodeProto node) => node.OpType != "Constant";

    private static string Changes(PassReport report) =>
        string.Join(", ", report.Changes.OrderByDescending(change => change.Value).Select(change => $"{change.Value} {change.Key}"));
}
