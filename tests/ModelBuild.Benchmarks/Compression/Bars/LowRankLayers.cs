using ModelBuild.Benchmarks.Models;
using ModelBuild.Onnx;

namespace ModelBuild.Benchmarks.Compression.Bars;

/// <summary>Each layer of a model divided alone, at the same rank with and without data: recipes that leave all the others as they are.</summary>
internal static class LowRankLayers
{
    private static readonly string[] Forms = ["spatial", "channel"];

    /// <summary>The layers' names, and the recipes that divide them.</summary>
    public static IEnumerable<(string Layer, string Recipe)> Of(CorpusModel model)
    {
        var nodes = new Graph(OnnxModel.Load(model.FullPath)).Nodes.Where(node => node.OpType is "Conv" or "Gemm" or "MatMul").ToArray();
        foreach (var node in nodes)
        {
            var others = string.Join('|', nodes.Where(other => other != node).Select(other => $"'{other.Name}'"));
            var hasForms = node.GetInts("kernel_shape")?.Any(size => size > 1) == true;
            foreach (var form in hasForms ? Forms : Forms[..1])
                yield return ($"`{node.Name}`{(hasForms ? $", {form}" : "")}", $"low-rank(0.5, method={form}, exclude={others})");
        }
    }
}
