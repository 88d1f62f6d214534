using ModelBuild.Benchmarks.Models;
using ModelBuild.Onnx;

namespace ModelBuild.Benchmarks.Compression.Goals;

/// <summary>Recipes that replace one layer of a model by two, at the same rank with and without data, and do not change the other layers.</summary>
internal static class LowRankLayers
{
    private static readonly string[] Forms = ["spatial", "channel"];

    /// <summary>Returns the names of the layers and the recipes that replace them.</summary>
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
