using ModelBuild.Compression.Compilers.Checks;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Compilers;

/// <summary>Declares the types and fixed shapes of all values of a main graph, so that a compiler need not infer them.</summary>
internal static class DeclaredShapes
{
    /// <summary>Writes the declarations.</summary>
    public static void Write(OnnxModel model)
    {
        var main = new Graph(model);
        var values = new GraphValues(main);
        var outputs = model.Proto.Graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        var declared = new List<ValueInfoProto>();
        foreach (var value in main.Nodes.SelectMany(node => node.Output).Where(value => value.Length > 0 && !main.IsConstant(value)))
            if (!outputs.Contains(value) && values.Of(main, value) is { Shape.Length: > 0 } known && known.Shape.All(size => size >= 0))
                declared.Add(known.Declare(value));
        foreach (var output in model.Proto.Graph.Output)
            if (values.Of(main, output.Name) is { Shape.Length: > 0 } known)
                output.Type = known.Declare(output.Name).Type;
        model.Proto.Graph.ValueInfo.Clear();
        model.Proto.Graph.ValueInfo.Add(declared);
    }
}
