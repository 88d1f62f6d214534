using ModelBuild.Compression.Compilers.Checks;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Compilers;

/// <summary>Declares the types and fixed shapes of all values of a main graph, so that a compiler need not infer them.</summary>
internal static class DeclaredShapes
{
    /// <summary>Writes the types and fixed shapes of all values into the main graph of a model.</summary>
    public static void Write(OnnxModel model)
    {
        var main = new Graph(model);
        var values = new GraphValues(main);
        var outputs = model.Proto.Graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        var declared = new List<ValueInfoProto>();
        foreach (var value in main.Nodes.SelectMany(node => node.Output).Where(value => value.Length > 0 && !main.IsConstant(value)))
            if (!outputs.Contains(value) && values.Of(main, value) is { IsRankKnown: true, Elements: not null } known)
                declared.Add(Declare(known, value));
        foreach (var output in model.Proto.Graph.Output)
            if (values.Of(main, output.Name) is { IsRankKnown: true } known)
                output.Type = Declare(known, output.Name).Type;
        model.Proto.Graph.ValueInfo.Clear();
        model.Proto.Graph.ValueInfo.Add(declared);
    }

    private static ValueInfoProto Declare(InferredTensor tensor, string name)
    {
        var info = tensor.Declare(name);
        info.Type.TensorType.Shape ??= new TensorShapeProto();
        return info;
    }
}
