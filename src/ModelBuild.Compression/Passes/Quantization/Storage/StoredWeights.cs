using ModelBuild.Compression.Options;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Quantization.Storage;

/// <summary>
/// The storage-only form: a weight W becomes a narrow initializer followed by nodes that make W again. ONNX Runtime folds those nodes when the
/// session loads, so that inference runs on float32 as before. The value keeps its name; nothing that reads it changes, subgraphs included.
/// </summary>
internal static class StoredWeights
{
    // Names, attributes and headers of a Cast, a Mul and an initializer or two, rounded up.
    private const int BytesPerNode = 96;

    /// <summary>Cast and Mul with numpy broadcasting, and Cast to a type number, exist from this opset on.</summary>
    public const int MinOpset = 7;

    /// <summary>Why the weight should stay float32, or null when storing it in <paramref name="narrowBytes"/> bytes and <paramref name="nodes"/> nodes gains.</summary>
    public static string? WhyNot(WeightSite site, long narrowBytes, int nodes, NamePatterns exclude)
    {
        if (exclude.Match(site.Name) || site.Readers.Any(exclude.Match))
            return "excluded by the recipe";
        if (site.Scope.IsOutputAnywhere(site.Name))
            return "it is an output of the model";
        // Less than a tenth is not worth the nodes.
        return narrowBytes + nodes * BytesPerNode > site.Tensor.RawData.Length * 0.9 ? "too small to gain" : null;
    }

    /// <summary>
    /// Replaces the weight's definition by <c>Cast(narrow)</c>, times <paramref name="scale"/> where there is one.
    /// </summary>
    public static void Replace(WeightSite site, TensorProto narrow, TensorProto? scale)
    {
        var castResult = scale is null ? site.Name : site.Scope.FreshName($"{site.Name}_cast");
        List<NodeProto> nodes = [Cast(narrow.Name, castResult)];
        if (scale is not null)
            nodes.Add(Nodes.Create("Mul", [castResult, scale.Name], [site.Name]));
        Replace(site, nodes, scale is null ? [narrow] : [narrow, scale]);
    }

    /// <summary>Replaces the weight's definition by nodes that make it from initializers.</summary>
    public static void Replace(WeightSite site, IReadOnlyList<NodeProto> nodes, IEnumerable<TensorProto> initializers)
    {
        var scope = site.Scope;
        if (scope.Nodes.FirstOrDefault(node => node.Output.Contains(site.Name)) is { } constant)
        {
            scope.Replace(constant, [.. nodes]);
        }
        else
        {
            scope.RemoveInitializer(site.Name);
            if (scope.Nodes.Count == 0)
                nodes.ToList().ForEach(scope.Append);
            else
                scope.InsertBefore(scope.Nodes[0], [.. nodes]);
        }

        foreach (var initializer in initializers)
            scope.AddInitializer(initializer);
    }

    /// <summary>A node that makes float32 of narrow numbers.</summary>
    public static NodeProto Cast(string narrow, string result) => Nodes.Create("Cast", [narrow], [result], attributes: ("to", (long)DataType.Float));
}
